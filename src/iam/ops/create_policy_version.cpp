#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation create_policy_version(Identity& identity) {
  return aws::Operation::json(
      "CreatePolicyVersion", aws::ByName{}, policy_needs(identity, "iam:CreatePolicyVersion"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PolicyArn", "PolicyDocument", "SetAsDefault"}));
        STATOR_TRY(auto document, read_document(input, "PolicyDocument", PolicyKind::kManaged));
        STATOR_TRY(const auto set_as_default, input.boolean("SetAsDefault"));
        if (policy_size(document) > kManagedBytesMax) {
          return limit_exceeded("Cannot exceed quota for PolicySize: 6144");
        }
        const auto lock = identity.records().lock();
        STATOR_TRY(auto policy, read_own_policy(identity, call, input));
        if (policy.versions.size() >= kPolicyVersionsMax) {
          return limit_exceeded(
              "A managed policy can have up to 5 versions. Before you create a new version, you "
              "must delete an existing version.");
        }
        // A number is never used twice, even when its version is gone.
        const std::string id = "v" + std::to_string(policy.next_version++);
        policy.versions.push_back({id, std::move(document), call.now});
        policy.updated = call.now;
        if (set_as_default.value_or(false)) policy.default_version = id;
        STATOR_TRY_VOID(identity.records().put(call.account, policy));
        return json::Object{
            {"PolicyVersion", version_answer(policy, policy.versions.back(), false)}};
      });
}

}  // namespace stator::iam::ops
