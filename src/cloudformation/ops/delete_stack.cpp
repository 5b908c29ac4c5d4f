#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/stack_options.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"StackName", "RoleARN", "RetainResources", "ClientRequestToken", "DeploymentConfig"}));
  STATOR_TRY(ReturnRequest request, read_return_request(input));
  STATOR_TRY(const std::vector<std::string> retained, input.text_list("RetainResources"));
  request.resources.insert(retained.begin(), retained.end());
  STATOR_TRY_VOID(stacks.remove(call, request));
  return json::Object();
}

}  // namespace

aws::Operation delete_stack(Stacks& stacks) {
  return aws::Operation::json(
      "DeleteStack", aws::ByName{}, needs_stack("DeleteStack"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
