#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// PutRolePermissionsBoundary, PutUserPermissionsBoundary.
aws::Operation put_permissions_boundary(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Put" + std::string(facts.title) + "PermissionsBoundary";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name, BoundaryKey::kPresent),
      [&identity, kind](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts_of(kind).member, "PermissionsBoundary"}));
        STATOR_TRY(const auto arn, read_boundary(input));
        if (arn.empty()) return constraint_error("PermissionsBoundary", "Member must not be null");
        const auto change = [&](Entity& entity) -> Result<void> {
          STATOR_TRY_VOID(check_boundary(identity, call, arn));
          entity.boundary = arn;
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

/// Taking away what is not there is no error.
aws::Operation delete_permissions_boundary(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Delete" + std::string(facts.title) + "PermissionsBoundary";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name, BoundaryKey::kPresent),
      [&identity, kind](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts_of(kind).member}));
        const auto change = [&](Entity& entity) -> Result<void> {
          entity.boundary.clear();
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
