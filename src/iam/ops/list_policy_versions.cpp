#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// Newest first. There are never more than five, so one page holds them.
aws::Operation list_policy_versions(Identity& identity) {
  return aws::Operation::json(
      "ListPolicyVersions", aws::ByName{}, policy_needs("iam:ListPolicyVersions"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "MaxItems"}));
        STATOR_TRY(const auto policy, read_managed_policy(identity, call, input));
        json::Array versions;
        for (auto it = policy.versions.rbegin(); it != policy.versions.rend(); ++it) {
          versions.push_back(version_answer(policy, *it, false));
        }
        return json::Object{{"Versions", std::move(versions)}, {"IsTruncated", false}};
      });
}

}  // namespace stator::iam::ops
