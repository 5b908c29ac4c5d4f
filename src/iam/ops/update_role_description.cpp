#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation update_role_description(Identity& identity) {
  return aws::Operation::json(
      "UpdateRoleDescription", aws::ByName{},
      entity_needs(identity, EntityKind::kRole, "iam:UpdateRoleDescription"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleName", "Description"}));
        json::Object answer;
        const auto change = [&](Entity& role) -> Result<void> {
          STATOR_TRY(role.description, read_description(input));
          auto shown = role_answer(call.account, role, Detail::kCreated);
          if (!role.description.empty()) shown["Description"] = role.description;
          answer["Role"] = std::move(shown);
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, EntityKind::kRole, change));
        return answer;
      });
}

}  // namespace stator::iam::ops
