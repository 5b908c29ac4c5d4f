#include "iam/answers.hpp"
#include "iam/managed_policies.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation get_policy_version(Identity& identity) {
  return aws::Operation::json(
      "GetPolicyVersion", aws::ByName{}, policy_needs(identity, "iam:GetPolicyVersion"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "VersionId"}));
        STATOR_TRY(const auto id, read_version_id(input));
        STATOR_TRY(const auto arn, read_policy_arn(input));
        STATOR_TRY(const auto policy, find_managed_policy(identity.records(), call.account, arn));
        const auto* version = policy ? policy->version(id) : nullptr;
        if (version == nullptr) return no_such_version(arn, id);
        return json::Object{{"PolicyVersion", version_answer(*policy, *version, true)}};
      });
}

}  // namespace stator::iam::ops
