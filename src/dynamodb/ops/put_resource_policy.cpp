#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/policy_request.hpp"
#include "dynamodb/table_operation.hpp"
#include "iam/lockout.hpp"

namespace stator::dynamodb {

namespace {

Result<PolicyTarget> read_target(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto arn, input.required_text("ResourceArn"));
  return PolicyTarget::parse(call, arn);
}

/// The service model puts it into a header, and some clients put it into the body.
Result<bool> confirms_lockout(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto member, input.boolean("ConfirmRemoveSelfResourceAccess"));
  if (member) return *member;
  return call.http != nullptr &&
         call.http->headers.get("x-amz-confirm-remove-self-resource-access") == "true";
}

/// Nobody shuts out themselves by mistake.
Result<void> check_lockout(const aws::Call& call, const PolicyTarget& target,
                           const AttachedPolicy& policy) {
  for (const std::string_view action : {"PutResourcePolicy", "DeleteResourcePolicy"}) {
    const aws::Permission need{"dynamodb:" + std::string(action), target.arn()};
    if (!iam::denies(*policy.compiled, call, need)) continue;
    return validation("The policy would deny " + need.action +
                      " to its author. Set ConfirmRemoveSelfResourceAccess to confirm that.");
  }
  return {};
}

Result<json::Object> handle(Tables& tables, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto target, read_target(call, input));
  STATOR_TRY(const auto expected, input.text("ExpectedRevisionId"));
  STATOR_TRY(auto document, input.required_text("Policy"));
  STATOR_TRY(const auto policy, read_policy(std::move(document), call.now));
  STATOR_TRY(const bool is_confirmed, confirms_lockout(call, input));
  if (!is_confirmed) STATOR_TRY_VOID(check_lockout(call, target, policy));
  std::string revision_id;
  const auto put = [&](std::optional<AttachedPolicy>& current) -> Result<void> {
    STATOR_TRY_VOID(check_revision(expected, current));
    // The same document keeps its revision.
    if (!current || current->document != policy.document) {
      const std::string before = current ? current->revision_id : "";
      current = policy;
      // Two puts of one millisecond have revisions of their own.
      if (current->revision_id == before) current->revision_id += "1";
    }
    revision_id = current->revision_id;
    return {};
  };
  STATOR_TRY_VOID(change_policy(tables, target, put));
  return json::Object{{"RevisionId", revision_id}};
}

}  // namespace

aws::Operation put_resource_policy(Tables& tables) {
  return modelled_operation(
      "PutResourcePolicy",
      [&tables](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto target, read_target(call, input));
        return policy_needs(tables, "PutResourcePolicy", target);
      },
      [&tables](aws::Call& call, const aws::Input& input) { return handle(tables, call, input); });
}

}  // namespace stator::dynamodb
