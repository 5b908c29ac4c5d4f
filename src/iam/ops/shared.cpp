#include "iam/ops/shared.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "iam/managed_policies.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::size_t name_max(EntityKind kind) {
  return kind == EntityKind::kRole ? kRoleNameMax : kUserNameMax;
}

}  // namespace

KindWords words_of(EntityKind kind) {
  return kind == EntityKind::kRole ? KindWords{"Role", "role", "RoleName"}
                                   : KindWords{"User", "user", "UserName"};
}

aws::Operation::JsonNeeds entity_needs(Identity& identity, EntityKind kind, std::string action) {
  return [&identity, kind, action = std::move(action)](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, input.text(words_of(kind).member));
    Entity entity;
    entity.kind = kind;
    entity.name = name.value_or("");
    STATOR_TRY(auto found, identity.records().find_entity(call.account, kind, entity.name));
    if (found) entity = *std::move(found);
    return aws::Needs{{action, entity_arn(call.account, entity)}};
  };
}

aws::Operation::JsonNeeds new_entity_needs(EntityKind kind, std::string action) {
  return [kind, action = std::move(action)](const aws::Call& call,
                                            const aws::Input& input) -> Result<aws::Needs> {
    Entity entity;
    entity.kind = kind;
    STATOR_TRY(const auto name, input.text(words_of(kind).member));
    STATOR_TRY(const auto path, input.text("Path"));
    entity.name = name.value_or("");
    entity.path = path.value_or("/");
    return aws::Needs{{action, entity_arn(call.account, entity)}};
  };
}

aws::Operation::JsonNeeds policy_needs(std::string action) {
  return [action = std::move(action)](const aws::Call&,
                                      const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto arn, input.text("PolicyArn"));
    return aws::Needs{{action, arn.value_or("")}};
  };
}

aws::Operation::JsonNeeds list_needs(std::string action, std::string resource) {
  return [action = std::move(action), resource = std::move(resource)](
             const aws::Call& call, const aws::Input&) -> Result<aws::Needs> {
    return aws::Needs{{action, aws::make_arn("iam", "", call.account, resource)}};
  };
}

Result<Entity> read_entity(Identity& identity, const aws::Call& call, const aws::Input& input,
                           EntityKind kind) {
  STATOR_TRY(const auto name, read_name(input, words_of(kind).member, name_max(kind)));
  return identity.records().get_entity(call.account, kind, name);
}

Result<void> change_entity(Identity& identity, const aws::Call& call, const aws::Input& input,
                           EntityKind kind, const EntityChange& change) {
  const auto lock = identity.records().lock();
  STATOR_TRY(auto entity, read_entity(identity, call, input, kind));
  STATOR_TRY_VOID(change(entity));
  return identity.records().put(call.account, entity);
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

Result<std::int64_t> count_attachments(Identity& identity, std::string_view account,
                                       std::string_view arn) {
  std::int64_t count = 0;
  for (const auto kind : {EntityKind::kRole, EntityKind::kUser}) {
    STATOR_TRY(const auto entities, identity.records().list_entities(account, kind));
    for (const auto& entity : entities) {
      count += std::count(entity.attached.begin(), entity.attached.end(), arn);
    }
  }
  return count;
}

std::string make_unique_id(Identity& identity, std::string_view prefix) {
  constexpr std::size_t kRandomLength = 17;
  return std::string(prefix) + random_text(identity.random(), kBase32, kRandomLength);
}

std::string_view owner_of(std::string_view policy_arn, std::string_view account) {
  return policy_arn.starts_with("arn:aws:iam::aws:") ? kAwsAccount : account;
}

}  // namespace stator::iam::ops
