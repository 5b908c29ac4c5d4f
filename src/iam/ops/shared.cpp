#include "iam/ops/shared.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "iam/managed_policies.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

Result<Entity> read_entity(Identity& identity, const aws::Call& call, const aws::Input& input,
                           EntityKind kind) {
  const auto& facts = facts_of(kind);
  STATOR_TRY(const auto name, read_name(input, facts.member, facts.name_max));
  return identity.records().get_entity(call.account, kind, name);
}

Result<void> change_entity(Identity& identity, const aws::Call& call, const aws::Input& input,
                           EntityKind kind, const EntityChange& change) {
  const auto lock = identity.records().lock();
  STATOR_TRY(auto entity, read_entity(identity, call, input, kind));
  STATOR_TRY_VOID(change(entity));
  return identity.records().put(call.account, entity);
}

Result<void> add_entity(Identity& identity, const aws::Call& call, Entity& entity) {
  const auto& facts = facts_of(entity.kind);
  auto& records = identity.records();
  const auto lock = records.lock();
  STATOR_TRY(const bool is_taken, records.is_taken(call.account, entity.kind, entity.name));
  if (is_taken) return name_is_taken(entity.kind, entity.name);
  STATOR_TRY(const auto count, records.count_entities(call.account, entity.kind));
  if (count >= facts.count_max) {
    return limit_exceeded("Cannot exceed quota for " + std::string(facts.quota) + ": " +
                          std::to_string(facts.count_max));
  }
  if (!entity.boundary.empty()) {
    STATOR_TRY_VOID(check_boundary(identity, call, entity.boundary));
  }
  entity.id = make_unique_id(identity, facts.id_prefix);
  entity.created = call.now;
  return records.put(call.account, entity);
}

Result<void> check_no_policies(const Entity& entity) {
  if (!entity.attached.empty()) {
    return delete_conflict("Cannot delete entity, must detach all policies first.");
  }
  if (!entity.inline_policies.empty()) {
    return delete_conflict("Cannot delete entity, must delete policies first.");
  }
  return {};
}

Result<aws::Input> with_own_name(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.text("UserName"));
  if (name || call.principal.kind != aws::Principal::Kind::kUser) return input;
  json::Object members = input.members();
  members["UserName"] = call.principal.arn.substr(call.principal.arn.rfind('/') + 1);
  return input.nested(members);
}

Result<Entity> read_own_user(Identity& identity, const aws::Call& call, const aws::Input& input) {
  if (!input.has("UserName") && call.principal.kind == aws::Principal::Kind::kRoot) {
    return unsupported("stator keeps root's access key in its data directory; name a user");
  }
  if (!input.has("UserName") && call.principal.kind != aws::Principal::Kind::kUser) {
    return validation_error("Must specify userName when calling with non-User credentials");
  }
  STATOR_TRY(const auto named, with_own_name(call, input));
  return read_entity(identity, call, named, EntityKind::kUser);
}

Result<void> check_boundary(Identity& identity, const aws::Call& call, const std::string& arn) {
  STATOR_TRY(const auto policy, find_managed_policy(identity.records(), call.account, arn));
  if (policy) return {};
  return no_such_entity("Scope ARN: " + arn + " does not exist or is not attachable.");
}

Result<ManagedPolicy> read_managed_policy(Identity& identity, const aws::Call& call,
                                          const aws::Input& input) {
  STATOR_TRY(const auto arn, read_policy_arn(input));
  STATOR_TRY(auto policy, find_managed_policy(identity.records(), call.account, arn));
  if (policy) return *std::move(policy);
  return no_such_entity("Policy " + arn + " was not found.");
}

Result<ManagedPolicy> read_own_policy(Identity& identity, const aws::Call& call,
                                      const aws::Input& input) {
  STATOR_TRY(auto policy, read_managed_policy(identity, call, input));
  STATOR_TRY(const auto arn, read_policy_arn(input));
  if (owner_of(arn, call.account) != kAwsAccount) return policy;
  return access_denied("Policy " + arn + " belongs to AWS and cannot be changed.");
}

Error no_such_version(std::string_view policy_arn, std::string_view version_id) {
  return no_such_entity("Policy " + std::string(policy_arn) + " version " +
                        std::string(version_id) + " does not exist or is not attachable.");
}

Result<PolicyUses> policy_uses(Identity& identity, std::string_view account) {
  PolicyUses uses;
  for (const auto kind : {EntityKind::kRole, EntityKind::kUser, EntityKind::kGroup}) {
    STATOR_TRY(const auto entities, identity.records().list_entities(account, kind));
    for (const auto& entity : entities) {
      for (const auto& arn : entity.attached) ++uses[arn].attachments;
      if (!entity.boundary.empty()) ++uses[entity.boundary].boundaries;
    }
  }
  return uses;
}

PolicyUse use_of(const PolicyUses& uses, std::string_view arn) {
  const auto found = uses.find(arn);
  return found == uses.end() ? PolicyUse() : found->second;
}

Result<std::optional<Entity>> role_in(Identity& identity, std::string_view account,
                                      const Entity& profile) {
  if (profile.role.empty()) return std::optional<Entity>();
  return identity.records().find_entity(account, EntityKind::kRole, profile.role);
}

Result<std::vector<Entity>> profiles_with(Identity& identity, std::string_view account,
                                          std::string_view role_name) {
  STATOR_TRY(auto profiles,
             identity.records().list_entities(account, EntityKind::kInstanceProfile));
  std::erase_if(profiles, [&](const Entity& profile) { return profile.role != role_name; });
  return profiles;
}

std::string make_unique_id(Identity& identity, std::string_view prefix) {
  constexpr std::size_t kRandomLength = 17;
  return std::string(prefix) + random_text(identity.random(), kBase32, kRandomLength);
}

std::string_view owner_of(std::string_view policy_arn, std::string_view account) {
  return policy_arn.starts_with("arn:aws:iam::aws:") ? kAwsAccount : account;
}

}  // namespace stator::iam::ops
