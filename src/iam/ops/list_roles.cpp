#include "base/strings.hpp"
#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_roles(Identity& identity) {
  return aws::Operation::json(
      "ListRoles", aws::ByName{}, list_needs("iam:ListRoles", "role/"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PathPrefix", "Marker", "MaxItems"}));
        STATOR_TRY(const auto prefix, input.text("PathPrefix"));
        STATOR_TRY(const auto roles,
                   identity.records().list_entities(call.account, EntityKind::kRole));
        PageItems items;
        for (const auto& role : roles) {
          if (prefix && !role.path.starts_with(*prefix)) continue;
          items.emplace_back(to_lower(role.name), role_answer(call.account, role, Detail::kListed));
        }
        return page_of(input, "Roles", std::move(items));
      });
}

}  // namespace stator::iam::ops
