#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/stack_options.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"StackName", "TemplateBody", "TemplateURL", "Parameters", "Capabilities", "Tags",
       "UsePreviousTemplate", "DisableRollback", "RoleARN", "ClientRequestToken",
       "RetainExceptOnCreate", "NotificationARNs", "StackPolicyBody", "StackPolicyURL",
       "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL", "DeploymentConfig"}));
  STATOR_TRY(StackRequest request, read_stack_request(input));
  STATOR_TRY(request.name, input.required_text("StackName"));
  STATOR_TRY_VOID(read_stack_options(input, request));
  STATOR_TRY(const auto disable, input.boolean("DisableRollback"));
  request.is_rollback_disabled = disable.value_or(false);
  STATOR_TRY(auto policy, policy_text(stacks, call, input, "StackPolicy"));
  STATOR_TRY(auto during, policy_text(stacks, call, input, "StackPolicyDuringUpdate"));
  request.policy = std::move(policy).value_or("");
  request.policy_during_update = std::move(during).value_or("");
  STATOR_TRY_VOID(read_template_choice(stacks, call, input, request));
  STATOR_TRY(const std::string id, stacks.update(call, std::move(request)));
  return json::Object{{"StackId", id}};
}

}  // namespace

aws::Operation update_stack(Stacks& stacks) {
  return aws::Operation::json(
      "UpdateStack", aws::ByName{}, needs_stack("UpdateStack"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
