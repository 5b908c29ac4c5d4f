#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation delete_policy_version(Identity& identity) {
  return aws::Operation::json(
      "DeletePolicyVersion", aws::ByName{}, policy_needs(identity, "iam:DeletePolicyVersion"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "VersionId"}));
        STATOR_TRY(const auto id, read_version_id(input));
        const auto lock = identity.records().lock();
        STATOR_TRY(auto policy, read_own_policy(identity, call, input));
        if (policy.version(id) == nullptr) {
          return no_such_version(policy_arn(call.account, policy), id);
        }
        if (policy.default_version == id) {
          return delete_conflict("Cannot delete the default version of a policy.");
        }
        std::erase_if(policy.versions, [&](const PolicyVersion& v) { return v.id == id; });
        policy.updated = call.now;
        STATOR_TRY_VOID(identity.records().put(call.account, policy));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
