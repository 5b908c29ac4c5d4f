#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation get_role(Identity& identity) {
  return aws::Operation::json(
      "GetRole", aws::ByName{}, entity_needs(identity, EntityKind::kRole, "iam:GetRole"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleName"}));
        STATOR_TRY(const auto role, read_entity(identity, call, input, EntityKind::kRole));
        STATOR_TRY(const auto use, identity.last_uses().find(role.id));
        return json::Object{{"Role", role_answer(call.account, role, Detail::kFull, use)}};
      });
}

}  // namespace stator::iam::ops
