#include "dynamodb/ops/operations.hpp"
#include "dynamodb/policy_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

Result<PolicyTarget> read_target(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto arn, input.required_text("ResourceArn"));
  return PolicyTarget::parse(call, arn);
}

/// Idempotent: where there is no policy, the answer has an empty revision.
Result<json::Object> handle(Tables& tables, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto target, read_target(call, input));
  STATOR_TRY(const auto expected, input.text("ExpectedRevisionId"));
  std::string revision_id;
  const auto erase = [&](std::optional<AttachedPolicy>& current) -> Result<void> {
    STATOR_TRY_VOID(check_revision(expected, current));
    if (current) revision_id = current->revision_id;
    current.reset();
    return {};
  };
  STATOR_TRY_VOID(change_policy(tables, target, erase));
  return json::Object{{"RevisionId", revision_id}};
}

}  // namespace

aws::Operation delete_resource_policy(Tables& tables) {
  return modelled_operation(
      "DeleteResourcePolicy",
      [&tables](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto target, read_target(call, input));
        return policy_needs(tables, "DeleteResourcePolicy", target);
      },
      [&tables](aws::Call& call, const aws::Input& input) { return handle(tables, call, input); });
}

}  // namespace stator::dynamodb
