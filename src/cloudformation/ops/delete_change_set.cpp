#include "cloudformation/errors.hpp"
#include "cloudformation/ops/change_set_input.hpp"
#include "cloudformation/ops/ops.hpp"

namespace stator::cloudformation::ops {
namespace {

/// A stack in review stays when its last change set goes: DeleteStack removes it.
Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"ChangeSetName", "StackName"}));
  const auto found = load_change_set(stacks, call, input);
  if (!found) {
    // Clients clear the way for a name that they are about to use, whether it is taken or not.
    if (found.error().aws_type == "ChangeSetNotFound") return json::Object();
    return found.error();
  }
  const std::string execution = found->set.execution_status(found->stack);
  if (execution == "EXECUTE_IN_PROGRESS") {
    return invalid_change_set_status("ChangeSet [" + found->set.id +
                                     "] cannot be deleted in its current execution status of [" +
                                     execution + "]");
  }
  STATOR_TRY_VOID(stacks.change_sets().erase(found->set));
  return json::Object();
}

}  // namespace

aws::Operation delete_change_set(Stacks& stacks) {
  return aws::Operation::json(
      "DeleteChangeSet", aws::ByName{}, needs_change_set(stacks, "DeleteChangeSet"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
