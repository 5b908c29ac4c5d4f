#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation delete_role(Identity& identity) {
  return aws::Operation::json(
      "DeleteRole", aws::ByName{}, entity_needs(identity, EntityKind::kRole, "iam:DeleteRole"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleName"}));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto role, read_entity(identity, call, input, EntityKind::kRole));
        STATOR_TRY(const auto profiles, profiles_with(identity, call.account, role.name));
        if (!profiles.empty()) {
          return delete_conflict(
              "Cannot delete entity, must remove roles from instance profile first.");
        }
        STATOR_TRY_VOID(check_no_policies(role));
        STATOR_TRY_VOID(identity.records().erase(call.account, role));
        identity.last_uses().forget(role.id);
        return json::Object();
      });
}

}  // namespace stator::iam::ops
