#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// Nobody has a password, so no account has a policy for them.
aws::Operation get_account_password_policy() {
  return aws::Operation::json("GetAccountPasswordPolicy", aws::ByName{},
                              account_needs("iam:GetAccountPasswordPolicy"),
                              [](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
                                STATOR_TRY_VOID(input.allow_only({}));
                                return no_such_entity("The Password Policy with domain name " +
                                                      call.account + " cannot be found.");
                              });
}

}  // namespace stator::iam::ops
