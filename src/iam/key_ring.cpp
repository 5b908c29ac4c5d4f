#include "iam/key_ring.hpp"

#include "aws/arn.hpp"
#include "base/bytes.hpp"
#include "iam/managed_policies.hpp"

namespace stator::iam {
namespace {

Error unrecognized(std::string message) {
  return {ErrorCode::kUnauthenticated, std::move(message), "UnrecognizedClientException"};
}
/// AWS ends the sentence with a full stop for an unknown key, and without for a bad token.
Error unknown_key() {
  return unrecognized("The security token included in the request is invalid.");
}
Error bad_token() {
  return unrecognized("The security token included in the request is invalid");
}

EntityKind owner_kind(const Session& session) {
  return session.kind == Session::Kind::kRole ? EntityKind::kRole : EntityKind::kUser;
}

}  // namespace

aws::Principal session_principal(const Session& session, std::string_view owner_arn) {
  aws::Principal principal;
  principal.account = session.account;
  principal.access_key_id = session.access_key_id;
  switch (session.kind) {
    case Session::Kind::kRole:
      principal.kind = aws::Principal::Kind::kAssumedRole;
      principal.arn = aws::make_arn("sts", "", session.account,
                                    "assumed-role/" + session.name + "/" + session.session_name);
      principal.user_id = session.id + ":" + session.session_name;
      principal.role_name = session.name;
      break;
    case Session::Kind::kFederatedUser:
      principal.kind = aws::Principal::Kind::kFederatedUser;
      principal.arn =
          aws::make_arn("sts", "", session.account, "federated-user/" + session.session_name);
      principal.user_id = session.account + ":" + session.session_name;
      break;
    case Session::Kind::kUser:
      principal.kind = aws::Principal::Kind::kUser;
      principal.arn = owner_arn;
      principal.user_id = session.id;
      break;
    case Session::Kind::kRoot:
      principal.kind = aws::Principal::Kind::kRoot;
      principal.arn = aws::make_arn("iam", "", session.account, "root");
      principal.user_id = session.account;
      break;
  }
  return principal;
}

KeyRing::KeyRing(aws::Principal root, aws::sigv4::SecretKey root_secret, const Records& records,
                 Principals& principals, const Sessions& sessions)
    : records_(records), principals_(principals), sessions_(sessions) {
  auto key = std::make_shared<KnownKey>();
  key->principal = std::move(root);
  key->secret = std::move(root_secret);
  root_ = std::move(key);
}

Result<KeyRing::Key> KeyRing::resolve(std::string_view access_key_id,
                                      std::string_view session_token, WallTime now) {
  if (access_key_id.starts_with("ASIA")) return resolve_session(access_key_id, session_token, now);
  if (!session_token.empty()) return bad_token();
  if (access_key_id == root_->principal.access_key_id) return root_;
  return resolve_user(access_key_id);
}

Result<KeyRing::Key> KeyRing::resolve_session(std::string_view access_key_id,
                                              std::string_view session_token, WallTime now) {
  if (session_token.empty()) return bad_token();
  Key key = cache_.find(access_key_id);
  if (!key || key->generation != records_.generation() ||
      !equal_constant_time(key->session_token, session_token)) {
    STATOR_TRY(key, open_session(access_key_id, session_token));
    cache_.put(access_key_id, key);
  }
  if (now >= *key->expires) {
    return Error{ErrorCode::kUnauthenticated,
                 "The security token included in the request is expired", "ExpiredTokenException"};
  }
  return key;
}

Result<void> KeyRing::check_service(const KnownKey& key, std::string_view service) {
  if (key.is_barred_from_iam && service == "iam") return bad_token();
  return {};
}

Result<KeyRing::Key> KeyRing::open_session(std::string_view access_key_id,
                                           std::string_view session_token) {
  auto key = std::make_shared<KnownKey>();
  // Read before the records are: a change in between makes this entry outdated, never wrong.
  key->generation = records_.generation();
  auto opened = sessions_.open(session_token);
  if (!opened || opened->session.access_key_id != access_key_id) return bad_token();
  const Session& session = opened->session;
  // The token outlives its role or user; what it speaks for must still be there.
  STATOR_TRY(const auto owner_arn, arn_of_owner(session));
  key->principal = session_principal(session, owner_arn);
  STATOR_TRY(key->principal.session, compile(session));
  key->secret = std::move(opened->secret);
  key->session_token = session_token;
  key->expires = session.expires;
  key->is_barred_from_iam = session.kind != Session::Kind::kRole;
  return Key(std::move(key));
}

Result<std::string> KeyRing::arn_of_owner(const Session& session) {
  if (session.name.empty()) return std::string();
  STATOR_TRY(const auto owner,
             principals_.find(session.account, owner_kind(session), session.name));
  if (!owner || owner->id != session.id) return bad_token();
  return owner->arn;
}

Result<std::shared_ptr<const CompiledSession>> KeyRing::compile(const Session& session) {
  auto compiled = std::make_shared<CompiledSession>();
  const SessionExtras& extras = session.extras;
  compiled->issued = session.issued;
  for (const auto& tag : extras.tags) compiled->tags.emplace_back(tag.key, tag.value);
  compiled->transitive_tag_keys = extras.transitive_tag_keys;
  compiled->source_identity = extras.source_identity;
  compiled->federated_provider = extras.federated_provider;
  const bool is_federated = session.kind == Session::Kind::kFederatedUser;
  if (is_federated) {
    compiled->owner_name = session.name;
    compiled->owner_id = session.id;
  }
  // A federated user without policies may do nothing but what resources grant by their own.
  if (!is_federated && !extras.policy && extras.policy_arns.empty()) return compiled;
  auto& policies = compiled->policies.emplace();
  if (extras.policy) {
    auto policy = Policy::parse(*extras.policy, PolicyKind::kInline);
    if (!policy) return internal("a session's policy is damaged: " + policy.error().message);
    policies.push_back({"the session's policy", *std::move(policy)});
  }
  for (const auto& arn : extras.policy_arns) {
    STATOR_TRY(const auto managed, find_managed_policy(records_, session.account, arn));
    // A policy that was deleted since allows nothing any more.
    if (!managed) continue;
    auto policy =
        Policy::parse(managed->version(managed->default_version)->document, PolicyKind::kManaged);
    if (!policy) return internal("the stored policy " + arn + " is damaged");
    policies.push_back({arn, *std::move(policy)});
  }
  return compiled;
}

Result<KeyRing::Key> KeyRing::resolve_user(std::string_view access_key_id) {
  const auto cached = cache_.find(access_key_id);
  if (cached && cached->generation == records_.generation()) return cached;

  auto key = std::make_shared<KnownKey>();
  key->generation = records_.generation();
  constexpr std::size_t kIdBytesMax = 128;
  if (access_key_id.size() > kIdBytesMax) return unknown_key();
  STATOR_TRY(const auto record, records_.find_access_key(access_key_id));
  if (!record || !record->is_active) return unknown_key();
  STATOR_TRY(const auto user, principals_.find(record->account, EntityKind::kUser, record->user));
  if (!user) return unknown_key();
  auto secret = sessions_.open_secret(record->id, record->sealed_secret);
  if (!secret) return unknown_key();
  key->principal = {.kind = aws::Principal::Kind::kUser,
                    .account = record->account,
                    .arn = user->arn,
                    .user_id = user->id,
                    .access_key_id = record->id,
                    .role_name = {}};
  key->secret = {*std::move(secret)};
  cache_.put(access_key_id, key);
  return Key(std::move(key));
}

}  // namespace stator::iam
