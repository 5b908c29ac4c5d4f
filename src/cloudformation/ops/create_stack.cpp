#include <algorithm>

#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/stack_options.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"StackName", "TemplateBody", "TemplateURL", "Parameters", "Capabilities", "Tags",
       "DisableRollback", "OnFailure", "RoleARN", "ClientRequestToken", "RetainExceptOnCreate",
       "NotificationARNs", "TimeoutInMinutes", "EnableTerminationProtection", "StackPolicyBody",
       "StackPolicyURL", "DeploymentConfig"}));
  STATOR_TRY(StackRequest request, read_stack_request(input));
  STATOR_TRY(request.name, stack_name(input));
  STATOR_TRY(request.template_body, template_body(stacks, call, input));
  STATOR_TRY(auto policy, policy_text(stacks, call, input, "StackPolicy"));
  request.policy = std::move(policy).value_or("");
  STATOR_TRY(const auto disable, input.boolean("DisableRollback"));
  STATOR_TRY(const auto on_failure, input.text("OnFailure"));
  if (disable && on_failure) {
    return validation_error("Either DisableRollback or OnFailure can be specified, not both.");
  }
  if (on_failure && *on_failure != "ROLLBACK" && *on_failure != "DO_NOTHING" &&
      *on_failure != "DELETE") {
    return validation_error("1 validation error detected: Value '" + *on_failure +
                            "' at 'onFailure' failed to satisfy constraint: Member must satisfy "
                            "enum value set: [ROLLBACK, DELETE, DO_NOTHING]");
  }
  request.is_deleted_on_failure = on_failure.value_or("") == "DELETE";
  STATOR_TRY_VOID(read_stack_options(input, request));
  STATOR_TRY(request.is_protected, input.boolean("EnableTerminationProtection"));
  STATOR_TRY(const auto minutes, input.integer("TimeoutInMinutes"));
  if (minutes && *minutes < 1) {
    return validation_error("1 validation error detected: Value '" + std::to_string(*minutes) +
                            "' at 'timeoutInMinutes' failed to satisfy constraint: Member must "
                            "have value greater than or equal to 1");
  }
  constexpr std::int64_t kMinutesMax = 43'200, kMinuteMs = 60'000;
  request.timeout_ms = std::min(minutes.value_or(0), kMinutesMax) * kMinuteMs;
  request.is_rollback_disabled = disable.value_or(false) || on_failure.value_or("") == "DO_NOTHING";
  STATOR_TRY(const std::string id, stacks.create(call, std::move(request)));
  return json::Object{{"StackId", id}};
}

}  // namespace

aws::Operation create_stack(Stacks& stacks) {
  return aws::Operation::json(
      "CreateStack", aws::ByName{}, needs_stack("CreateStack"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
