#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {
aws::Operation get_user(Identity& identity) {
  return aws::Operation::json(
      "GetUser", aws::ByName{}, own_user_needs(identity, "iam:GetUser"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName"}));
        if (!input.has("UserName") && call.principal.kind == aws::Principal::Kind::kRoot) {
          return json::Object{
              {"User",
               json::Object{{"Path", "/"}, {"UserId", call.account}, {"Arn", call.principal.arn}}}};
        }
        STATOR_TRY(const auto user, read_own_user(identity, call, input));
        return json::Object{{"User", user_answer(call.account, user, Detail::kFull)}};
      });
}

}  // namespace stator::iam::ops
