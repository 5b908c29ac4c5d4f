#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/stack_policy.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "StackPolicyBody", "StackPolicyURL"}));
  STATOR_TRY(const std::string name, input.required_text("StackName"));
  STATOR_TRY(const auto policy, policy_text(stacks, call, input, "StackPolicy"));
  if (!policy) return validation_error("Either StackPolicyBody or StackPolicyURL must be given.");
  STATOR_TRY_VOID(stacks.set_policy(call, name, *policy));
  return json::Object();
}

}  // namespace

aws::Operation set_stack_policy(Stacks& stacks) {
  return aws::Operation::json(
      "SetStackPolicy", aws::ByName{}, needs_stack("SetStackPolicy"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
