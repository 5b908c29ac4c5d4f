#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation get_policy_version(Identity& identity) {
  return aws::Operation::json(
      "GetPolicyVersion", aws::ByName{}, policy_needs("iam:GetPolicyVersion"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "VersionId"}));
        STATOR_TRY(const auto id, read_name(input, "VersionId", 32));
        STATOR_TRY(const auto policy, read_managed_policy(identity, call, input));
        const auto* version = policy.version(id);
        if (version == nullptr) {
          STATOR_TRY(const auto arn, read_policy_arn(input));
          return no_such_entity("Policy " + arn + " version " + id +
                                " does not exist or is not attachable.");
        }
        return json::Object{{"PolicyVersion", version_answer(policy, *version, true)}};
      });
}

}  // namespace stator::iam::ops
