#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "TemplateBody", "TemplateURL", "Parameters",
                                    "Capabilities", "Tags", "DisableRollback", "OnFailure"}));
  STATOR_TRY(StackRequest request, read_stack_request(input));
  STATOR_TRY(request.name, stack_name(input));
  STATOR_TRY(request.template_body, template_body(input));
  STATOR_TRY(const auto disable, input.boolean("DisableRollback"));
  STATOR_TRY(const auto on_failure, input.text("OnFailure"));
  if (disable && on_failure) {
    return validation_error("Either DisableRollback or OnFailure can be specified, not both.");
  }
  if (on_failure && *on_failure != "ROLLBACK" && *on_failure != "DO_NOTHING") {
    return unsupported("stator does not support OnFailure " + *on_failure);
  }
  request.is_rollback_disabled = disable.value_or(false) || on_failure.value_or("") == "DO_NOTHING";
  STATOR_TRY(const std::string id, stacks.create(call, std::move(request)));
  return json::Object{{"StackId", id}};
}

}  // namespace

aws::Operation create_stack(Stacks& stacks) {
  return aws::Operation::json(
      "CreateStack", aws::ByName{}, needs_stack("CreateStack"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
