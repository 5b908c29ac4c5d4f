#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// A member that is not given keeps its value.
aws::Operation update_role(Identity& identity) {
  return aws::Operation::json(
      "UpdateRole", aws::ByName{}, entity_needs(identity, EntityKind::kRole, "iam:UpdateRole"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleName", "Description", "MaxSessionDuration"}));
        const auto change = [&](Entity& role) -> Result<void> {
          if (input.has("Description")) {
            STATOR_TRY(role.description, read_description(input));
          }
          STATOR_TRY(role.max_session_seconds, read_max_session(input, role.max_session_seconds));
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, EntityKind::kRole, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
