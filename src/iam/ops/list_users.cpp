#include "base/strings.hpp"
#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_users(Identity& identity) {
  return aws::Operation::json(
      "ListUsers", aws::ByName{}, list_needs("iam:ListUsers", "user/"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PathPrefix", "Marker", "MaxItems"}));
        STATOR_TRY(const auto prefix, input.text("PathPrefix"));
        STATOR_TRY(const auto users,
                   identity.records().list_entities(call.account, EntityKind::kUser));
        PageItems items;
        for (const auto& user : users) {
          if (prefix && !user.path.starts_with(*prefix)) continue;
          items.emplace_back(to_lower(user.name), user_answer(call.account, user, Detail::kListed));
        }
        return page_of(input, "Users", std::move(items));
      });
}

}  // namespace stator::iam::ops
