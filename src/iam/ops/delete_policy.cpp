#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation delete_policy(Identity& identity) {
  return aws::Operation::json(
      "DeletePolicy", aws::ByName{}, policy_needs(identity, "iam:DeletePolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn"}));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto policy, read_own_policy(identity, call, input));
        STATOR_TRY(const auto uses, policy_uses(identity, call.account));
        if (uses.contains(policy_arn(call.account, policy))) {
          return delete_conflict("Cannot delete a policy attached to entities.");
        }
        if (policy.versions.size() > 1) {
          return delete_conflict(
              "This policy has more than one version. Before you delete a policy, you must delete "
              "the policy's versions. The default version is deleted with the policy.");
        }
        STATOR_TRY_VOID(identity.records().erase(call.account, policy));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
