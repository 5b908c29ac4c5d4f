#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName"}));
  STATOR_TRY(const std::string name, input.required_text("StackName"));
  STATOR_TRY_VOID(stacks.remove(call, {.name = name}));
  return json::Object();
}

}  // namespace

aws::Operation delete_stack(Stacks& stacks) {
  return aws::Operation::json(
      "DeleteStack", aws::ByName{}, needs_stack("DeleteStack"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
