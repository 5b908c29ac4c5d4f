#include "iam/ops/ops.hpp"

namespace stator::iam::ops {

/// Needs no permission, and even an explicit Deny does not forbid it.
aws::Operation get_caller_identity() {
  return aws::Operation::json(
      "GetCallerIdentity", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> { return aws::Needs{}; },
      [](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({}));
        return json::Object{{"UserId", call.principal.user_id},
                            {"Account", call.principal.account},
                            {"Arn", call.principal.arn}};
      });
}

}  // namespace stator::iam::ops
