#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/stack_options.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"StackName", "RoleARN", "ResourcesToSkip", "ClientRequestToken"}));
  STATOR_TRY(ReturnRequest request, read_return_request(input));
  STATOR_TRY(const std::vector<std::string> skipped, input.text_list("ResourcesToSkip"));
  for (const std::string& id : skipped) {
    if (id.find('.') != std::string::npos) {
      return unsupported("stator does not support ResourcesToSkip of nested stacks: " + id);
    }
    request.resources.insert(id);
  }
  STATOR_TRY_VOID(stacks.continue_rollback(call, request));
  return json::Object();
}

}  // namespace

aws::Operation continue_update_rollback(Stacks& stacks) {
  return aws::Operation::json(
      "ContinueUpdateRollback", aws::ByName{}, needs_stack("ContinueUpdateRollback"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
