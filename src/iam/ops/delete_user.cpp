#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation delete_user(Identity& identity) {
  return aws::Operation::json(
      "DeleteUser", aws::ByName{}, entity_needs(identity, EntityKind::kUser, "iam:DeleteUser"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName"}));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto user, read_entity(identity, call, input, EntityKind::kUser));
        if (!user.groups.empty()) {
          return delete_conflict("Cannot delete entity, must remove users from group first.");
        }
        STATOR_TRY_VOID(check_no_policies(user));
        if (!user.access_key_ids.empty()) {
          return delete_conflict("Cannot delete entity, must delete access keys first.");
        }
        STATOR_TRY_VOID(identity.records().erase(call.account, user));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
