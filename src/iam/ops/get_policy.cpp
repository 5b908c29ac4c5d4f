#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation get_policy(Identity& identity) {
  return aws::Operation::json(
      "GetPolicy", aws::ByName{}, policy_needs(identity, "iam:GetPolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn"}));
        STATOR_TRY(const auto policy, read_managed_policy(identity, call, input));
        STATOR_TRY(const auto arn, read_policy_arn(input));
        STATOR_TRY(const auto uses, policy_uses(identity, call.account));
        return json::Object{{"Policy", policy_answer(owner_of(arn, call.account), policy,
                                                     use_of(uses, arn), Detail::kFull)}};
      });
}

}  // namespace stator::iam::ops
