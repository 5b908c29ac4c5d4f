#include "cloudformation/errors.hpp"
#include "cloudformation/ops/change_set_input.hpp"
#include "cloudformation/ops/ops.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<void> read_execution(const aws::Input& input, StackRequest& request) {
  STATOR_TRY(const auto never_retained, input.boolean("RetainExceptOnCreate"));
  request.is_new_never_retained = never_retained.value_or(false);
  STATOR_TRY(const auto token, input.text("ClientRequestToken"));
  request.client_token = token.value_or("");
  return {};
}

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"ChangeSetName", "StackName", "ClientRequestToken",
                                    "DisableRollback", "RetainExceptOnCreate"}));
  STATOR_TRY(const ChangeSetAndStack found, load_change_set(stacks, call, input));
  const ChangeSet& set = found.set;
  const std::string execution = set.execution_status(found.stack);
  if (set.is_failed()) {
    return invalid_change_set_status("ChangeSet [" + set.id +
                                     "] cannot be executed in its current status of [FAILED]");
  }
  // A client that repeats itself with the same token finds its change under way.
  if (execution == "EXECUTE_IN_PROGRESS" && input.has("ClientRequestToken")) {
    return json::Object();
  }
  if (execution != "AVAILABLE") {
    return invalid_change_set_status("ChangeSet [" + set.id +
                                     "] cannot be executed in its current execution status of [" +
                                     execution + "]");
  }
  StackRequest request = set.request();
  STATOR_TRY(const auto disable, input.boolean("DisableRollback"));
  if (disable && !set.on_stack_failure.empty()) {
    return validation_error(
        "DisableRollback cannot be specified for a change set that has OnStackFailure.");
  }
  if (disable) request.is_rollback_disabled = *disable;
  STATOR_TRY_VOID(read_execution(input, request));
  STATOR_TRY_VOID(set.makes_stack ? stacks.create(call, std::move(request))
                                  : stacks.update(call, std::move(request)));
  // The stack is no longer what the others were made for.
  STATOR_TRY_VOID(stacks.change_sets().erase_others(set));
  return json::Object();
}

}  // namespace

aws::Operation execute_change_set(Stacks& stacks) {
  return aws::Operation::json(
      "ExecuteChangeSet", aws::ByName{}, needs_change_set(stacks, "ExecuteChangeSet"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
