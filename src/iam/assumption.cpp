#include "iam/assumption.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "base/strings.hpp"
#include "iam/compiled.hpp"
#include "iam/errors.hpp"
#include "iam/session_policies.hpp"

namespace stator::iam {
namespace {

constexpr std::string_view kAssumeRole = "sts:AssumeRole";
constexpr std::string_view kWithWebIdentity = "sts:AssumeRoleWithWebIdentity";
constexpr std::string_view kTagSession = "sts:TagSession";
constexpr std::string_view kSetSourceIdentity = "sts:SetSourceIdentity";

/// The actions that a wish needs; each must be granted by itself.
std::vector<std::string_view> actions_of(std::string_view assume, const AssumeRole& wanted,
                                         bool has_new_tags) {
  std::vector<std::string_view> actions{assume};
  if (has_new_tags) actions.push_back(kTagSession);
  if (!wanted.extras.source_identity.empty()) actions.push_back(kSetSourceIdentity);
  return actions;
}

/// What conditions can ask about the wish and about the role. `new_tags` are those of the request,
/// without what a chained session brings along.
aws::ConditionKeys condition_keys(const Entity& role, const AssumeRole& wanted,
                                  const std::vector<Tag>& new_tags) {
  aws::ConditionKeys keys;
  const auto add = [&](std::string name, std::string_view value) {
    keys.push_back({std::move(name), {std::string(value)}});
  };
  add("sts:RoleSessionName", wanted.session_name);
  if (!wanted.external_id.empty()) add("sts:ExternalId", wanted.external_id);
  const SessionExtras& extras = wanted.extras;
  if (!extras.source_identity.empty()) add("sts:SourceIdentity", extras.source_identity);
  if (!extras.transitive_tag_keys.empty()) {
    keys.push_back({"sts:TransitiveTagKeys", extras.transitive_tag_keys});
  }
  aws::ConditionKey tag_keys{"aws:TagKeys", {}};
  for (const auto& tag : new_tags) {
    add("aws:RequestTag/" + tag.key, tag.value);
    tag_keys.values.push_back(tag.key);
  }
  if (!new_tags.empty()) keys.push_back(std::move(tag_keys));
  for (const auto& tag : role.tags) {
    add("aws:ResourceTag/" + tag.key, tag.value);
    add("iam:ResourceTag/" + tag.key, tag.value);
  }
  return keys;
}

GivenContext given_context(aws::ConditionKeys keys) {
  GivenContext context;
  for (auto& key : keys) context.set(key.name, std::move(key.values));
  return context;
}

bool has_key(const std::vector<Tag>& tags, std::string_view key) {
  return std::any_of(tags.begin(), tags.end(),
                     [&](const Tag& tag) { return equals_ignore_case(tag.key, key); });
}

/// What a session hands on to the next one in a chain: its transitive tags and its source identity.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
Result<void> inherit(const aws::SessionFacts& from, SessionExtras& extras) {
  for (const auto& key : from.transitive_tag_keys) {
    const auto tag = std::find_if(from.tags.begin(), from.tags.end(), [&](const auto& held) {
      return equals_ignore_case(held.first, key);
    });
    if (tag == from.tags.end()) continue;
    if (has_key(extras.tags, key)) {
      return validation_error("The session tag " + key +
                              " is transitive and cannot be given another value in a role chain.");
    }
    extras.tags.push_back({tag->first, tag->second});
    extras.transitive_tag_keys.push_back(tag->first);
  }
  if (from.source_identity.empty()) return {};
  if (!extras.source_identity.empty() && extras.source_identity != from.source_identity) {
    return access_denied("The source identity of a session cannot be changed in a role chain.");
  }
  extras.source_identity = from.source_identity;
  return {};
}

Result<Policy> trust_of(const Entity& role) {
  auto trust = Policy::parse(role.trust, PolicyKind::kTrust);
  if (!trust) return internal("the stored trust policy of " + role.name + " is damaged");
  return trust;
}

/// Whether caller and trust policy together grant one action. Within an account it is enough that
/// the trust policy names the caller; where it trusts the account, or the caller is of another one,
/// the caller's own policies must allow it too. A silent trust policy grants nobody.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
Result<bool> is_granted(PolicyAuthorizer& authorizer, const aws::Call& call,
                        const aws::Permission& need) {
  STATOR_TRY(const auto own, authorizer.judge(call, need));
  if (own.outcome.decision != Decision::kAllow) return false;
  const Caller caller = caller_of(call.principal, own.entity.get());
  const auto& trust = static_cast<const CompiledResourcePolicy&>(*need.resource_policy).policy;
  const CallContext context(call, need, own.entity.get());
  const Access access(need.action, need.resource);
  const Grant grant = evaluate_resource_policy(trust, caller, access, context).grant;
  return grant != Grant::kNone && grant != Grant::kDenied;
}

/// Services are not limited by it.
Result<void> check_duration(const AssumeRole& wanted, const Entity& role) {
  if (wanted.duration.count() <= role.max_session_seconds) return {};
  return validation_error(
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}

}  // namespace

Result<std::optional<RoleAssumption::Found>> RoleAssumption::find(std::string_view role_arn) const {
  Access::Segments arn;
  if (!split_arn(role_arn, arn) || arn[1] != "iam" || !arn[4].starts_with("role/")) {
    return std::optional<Found>();
  }
  const auto name = arn[4].substr(arn[4].rfind('/') + 1);
  STATOR_TRY(auto role, parts_.records.find_entity(arn[3], EntityKind::kRole, name));
  if (!role || entity_arn(arn[3], *role) != role_arn) return std::optional<Found>();
  return std::optional(Found{std::string(arn[3]), *std::move(role)});
}

Result<RoleAssumption::Found> RoleAssumption::find_for_service(const AssumeRole& wanted,
                                                               std::string_view service) const {
  STATOR_TRY(auto found, find(wanted.role_arn));
  if (found) {
    STATOR_TRY(const auto trust, trust_of(found->role));
    auto keys = condition_keys(found->role, wanted, {});
    keys.push_back({"aws:SourceAccount", {found->account}});
    if (!wanted.source_arn.empty()) {
      keys.push_back({"aws:SourceArn", {std::string(wanted.source_arn)}});
    }
    keys.push_back({"aws:PrincipalIsAWSService", {"true"}});
    keys.push_back({"aws:PrincipalServiceName", {std::string(service)}});
    const Caller caller{.account = {}, .arn = {}, .role_arn = {}, .service = service};
    const Access access(kAssumeRole, wanted.role_arn);
    const auto verdict =
        evaluate_resource_policy(trust, caller, access, given_context(std::move(keys)));
    if (verdict.grant == Grant::kToCaller) {
      return *std::move(found);
    }
  }
  return access_denied(std::string(service) + " is not authorized to perform: sts:AssumeRole" +
                       " on resource: " + std::string(wanted.role_arn));
}

Result<void> RoleAssumption::check_service(const AssumeRole& wanted,
                                           std::string_view service) const {
  const auto found = find_for_service(wanted, service);
  if (!found) return found.error();
  return {};
}

Result<SessionCredentials> RoleAssumption::for_service(const AssumeRole& wanted,
                                                       std::string_view service) {
  STATOR_TRY(const auto found, find_for_service(wanted, service));
  STATOR_TRY(auto assumed, issue(found, wanted));
  return std::move(assumed.session);
}

Result<AssumedRole> RoleAssumption::for_caller(const aws::Call& call, AssumeRole wanted) {
  using Kind = aws::Principal::Kind;
  const aws::Principal& caller = call.principal;
  // With --auth off everyone is root, and no key says so.
  const bool is_open = caller.kind == Kind::kRoot && caller.access_key_id.empty();
  if (caller.kind == Kind::kRoot && !is_open) {
    return access_denied("Roles may not be assumed by root accounts.");
  }
  const auto new_tags = wanted.extras.tags;
  if (caller.session && caller.kind == Kind::kAssumedRole) {
    STATOR_TRY_VOID(inherit(*caller.session, wanted.extras));
  }
  STATOR_TRY(const auto found, find(wanted.role_arn));
  const Access access(kAssumeRole, wanted.role_arn);
  if (!found) return access_denied(denial_subject(caller, access));
  if (!is_open) {
    // A federated user may call nothing of STS but GetCallerIdentity.
    if (caller.kind == Kind::kFederatedUser) return access_denied(denial_subject(caller, access));
    STATOR_TRY(auto trust, trust_of(found->role));
    const auto compiled = std::make_shared<CompiledResourcePolicy>(std::move(trust));
    const auto keys = condition_keys(found->role, wanted, new_tags);
    for (const auto action : actions_of(kAssumeRole, wanted, !new_tags.empty())) {
      const aws::Permission need{.action = std::string(action),
                                 .resource = std::string(wanted.role_arn),
                                 .keys = [&keys] { return keys; },
                                 .resource_policy = compiled};
      STATOR_TRY(const bool granted, is_granted(parts_.authorizer, call, need));
      if (!granted) return access_denied(denial_subject(caller, Access(action, need.resource)));
    }
  }
  STATOR_TRY_VOID(check_duration(wanted, found->role));
  return issue(*found, wanted);
}

Result<AssumedRole> RoleAssumption::for_web_identity(const WebIdentity& identity,
                                                     const AssumeRole& wanted) {
  STATOR_TRY(const auto found, find(wanted.role_arn));
  bool is_trusted = found.has_value();
  if (found) {
    STATOR_TRY(const auto trust, trust_of(found->role));
    auto keys = condition_keys(found->role, wanted, wanted.extras.tags);
    keys.insert(keys.end(), identity.keys.begin(), identity.keys.end());
    const GivenContext context = given_context(std::move(keys));
    const Caller caller{.account = {},
                        .arn = {},
                        .role_arn = {},
                        .service = {},
                        .federated = identity.provider_arn};
    for (const auto action : actions_of(kWithWebIdentity, wanted, !wanted.extras.tags.empty())) {
      const Access access(action, wanted.role_arn);
      const Grant grant = evaluate_resource_policy(trust, caller, access, context).grant;
      is_trusted = is_trusted && grant == Grant::kToCaller;
    }
  }
  if (!is_trusted)
    return access_denied("Not authorized to perform " + std::string(kWithWebIdentity));
  STATOR_TRY_VOID(check_duration(wanted, found->role));
  return issue(*found, wanted);
}

Result<AssumedRole> RoleAssumption::issue(const Found& found, const AssumeRole& wanted) {
  const Entity& role = found.role;
  STATOR_TRY_VOID(check_session_policies(parts_.records, found.account, wanted.extras));
  const WallTime now = parts_.clock.wall();
  const std::string name(wanted.session_name);
  STATOR_TRY(auto session, parts_.sessions.issue({.kind = Session::Kind::kRole,
                                                  .account = found.account,
                                                  .name = role.name,
                                                  .id = role.id,
                                                  .session_name = name,
                                                  .access_key_id = {},
                                                  .issued = now,
                                                  .expires = now + wanted.duration,
                                                  .extras = wanted.extras}));
  return AssumedRole{
      .session = std::move(session),
      .assumed_role_id = role.id + ":" + name,
      .arn = aws::make_arn("sts", "", found.account, "assumed-role/" + role.name + "/" + name),
      .source_identity = wanted.extras.source_identity};
}

}  // namespace stator::iam
