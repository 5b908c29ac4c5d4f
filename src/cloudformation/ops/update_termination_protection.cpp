#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "EnableTerminationProtection"}));
  STATOR_TRY(const std::string name, input.required_text("StackName"));
  STATOR_TRY(const auto enable, input.boolean("EnableTerminationProtection"));
  if (!enable) {
    return validation_error(
        "1 validation error detected: Value null at 'enableTerminationProtection' failed to "
        "satisfy constraint: Member must not be null");
  }
  STATOR_TRY(const std::string id, stacks.protect(call, name, *enable));
  return json::Object{{"StackId", id}};
}

}  // namespace

aws::Operation update_termination_protection(Stacks& stacks) {
  return aws::Operation::json(
      "UpdateTerminationProtection", aws::ByName{}, needs_stack("UpdateTerminationProtection"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
