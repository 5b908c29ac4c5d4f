#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// Newest first.
aws::Operation list_policy_versions(Identity& identity) {
  return aws::Operation::json(
      "ListPolicyVersions", aws::ByName{}, policy_needs(identity, "iam:ListPolicyVersions"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "Marker", "MaxItems"}));
        STATOR_TRY(const auto policy, read_managed_policy(identity, call, input));
        PageItems items;
        char place = 'a';
        for (auto it = policy.versions.rbegin(); it != policy.versions.rend(); ++it) {
          items.emplace_back(std::string(1, place++), version_answer(policy, *it, false));
        }
        return page_of(input, "Versions", std::move(items));
      });
}

}  // namespace stator::iam::ops
