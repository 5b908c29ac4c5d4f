#include "dynamodb/ops/operations.hpp"
#include "dynamodb/policy_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

Result<PolicyTarget> read_target(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto arn, input.required_text("ResourceArn"));
  return PolicyTarget::parse(call, arn);
}

}  // namespace

aws::Operation get_resource_policy(Tables& tables) {
  return modelled_operation(
      "GetResourcePolicy",
      [&tables](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto target, read_target(call, input));
        return policy_needs(tables, "GetResourcePolicy", target);
      },
      [&tables](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto target, read_target(call, input));
        STATOR_TRY(const auto policy, find_policy(tables, target));
        if (!policy) return policy_not_found(target.arn());
        return json::Object{{"Policy", policy->document}, {"RevisionId", policy->revision_id}};
      });
}

}  // namespace stator::dynamodb
