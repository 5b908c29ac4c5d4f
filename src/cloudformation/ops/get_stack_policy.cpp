#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName"}));
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  json::Object answer;
  if (!record.policy.empty()) answer["StackPolicyBody"] = record.policy;
  return answer;
}

}  // namespace

aws::Operation get_stack_policy(Stacks& stacks) {
  return aws::Operation::json(
      "GetStackPolicy", aws::ByName{}, needs_stack("GetStackPolicy"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
