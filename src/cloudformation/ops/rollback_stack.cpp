#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/stack_options.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"StackName", "RoleARN", "ClientRequestToken", "RetainExceptOnCreate"}));
  STATOR_TRY(ReturnRequest request, read_return_request(input));
  STATOR_TRY(const auto never_retained, input.boolean("RetainExceptOnCreate"));
  request.is_new_never_retained = never_retained.value_or(false);
  STATOR_TRY(const std::string id, stacks.roll_back(call, request));
  return json::Object{{"StackId", id}};
}

}  // namespace

aws::Operation rollback_stack(Stacks& stacks) {
  return aws::Operation::json(
      "RollbackStack", aws::ByName{}, needs_stack("RollbackStack"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
