#include "iam/key_ring.hpp"

#include "aws/arn.hpp"
#include "base/bytes.hpp"

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

}  // namespace

aws::Principal session_principal(const Session& session) {
  return {.kind = aws::Principal::Kind::kAssumedRole,
          .account = session.account,
          .arn = aws::make_arn("sts", "", session.account,
                               "assumed-role/" + session.role_name + "/" + session.session_name),
          .user_id = session.role_id + ":" + session.session_name,
          .access_key_id = session.access_key_id,
          .role_name = session.role_name};
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
  if (!key || !equal_constant_time(key->session_token, session_token)) {
    STATOR_TRY(key, open_session(access_key_id, session_token));
    cache_.put(access_key_id, key);
  }
  if (now >= *key->expires) {
    return Error{ErrorCode::kUnauthenticated,
                 "The security token included in the request is expired", "ExpiredTokenException"};
  }
  // The token outlives its role; what it speaks for must still be there.
  const auto& principal = key->principal;
  STATOR_TRY(const auto role,
             principals_.find(principal.account, EntityKind::kRole, principal.role_name));
  if (!role || !principal.user_id.starts_with(role->id + ":")) return bad_token();
  return key;
}

Result<KeyRing::Key> KeyRing::open_session(std::string_view access_key_id,
                                           std::string_view session_token) {
  const auto session = sessions_.open(session_token);
  if (!session || session->access_key_id != access_key_id) return bad_token();
  auto key = std::make_shared<KnownKey>();
  key->principal = session_principal(*session);
  key->secret = sessions_.secret_of(access_key_id);
  key->session_token = session_token;
  key->expires = session->expires;
  return Key(std::move(key));
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
