#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/stack_options.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "ClientRequestToken"}));
  STATOR_TRY(const ReturnRequest request, read_return_request(input));
  STATOR_TRY_VOID(stacks.cancel_update(call, request));
  return json::Object();
}

}  // namespace

aws::Operation cancel_update_stack(Stacks& stacks) {
  return aws::Operation::json(
      "CancelUpdateStack", aws::ByName{}, needs_stack("CancelUpdateStack"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
