#include "cloudformation/ops/change_set_input.hpp"

#include "base/time_format.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation::ops {

Result<ChangeSetAndStack> load_change_set(Stacks& stacks, const aws::Call& call,
                                          const aws::Input& input) {
  STATOR_TRY(const std::string name, input.required_text("ChangeSetName"));
  STATOR_TRY(const auto stack_name, input.text("StackName"));
  if (!stack_name) {
    if (!name.starts_with("arn:")) {
      return validation_error(
          "StackName must be specified if ChangeSetName is not specified as an ARN.");
    }
    STATOR_TRY(ChangeSet set, stacks.change_sets().find(call.account, call.region, name));
    STATOR_TRY(StackRecord stack, stacks.records().load(call.account, call.region, set.stack.id));
    return ChangeSetAndStack{std::move(set), std::move(stack)};
  }
  auto stack = stacks.records().load(call.account, call.region, *stack_name);
  if (!stack) return validation_error("Stack [" + *stack_name + "] does not exist");
  STATOR_TRY(ChangeSet set, stacks.change_sets().load(*stack, name));
  return ChangeSetAndStack{std::move(set), std::move(*stack)};
}

aws::Operation::JsonNeeds needs_change_set(Stacks& stacks, std::string action) {
  return [&stacks, action = "cloudformation:" + std::move(action)](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(auto stack, input.text("StackName"));
    STATOR_TRY(const auto name, input.text("ChangeSetName"));
    if (!stack && name && name->starts_with("arn:")) {
      auto set = stacks.change_sets().find(call.account, call.region, *name);
      if (set) stack = set->stack.id;
    }
    return aws::Needs{{action, stack_arn(call, stack.value_or("")), [name] {
                         aws::ConditionKeys keys;
                         if (name) keys.push_back({"cloudformation:ChangeSetName", {*name}});
                         return keys;
                       }}};
  };
}

json::Object summary_of(const ChangeSet& set, const StackRecord& stack) {
  json::Object summary{{"ChangeSetName", set.name},
                       {"ChangeSetId", set.id},
                       {"StackId", set.stack.id},
                       {"StackName", set.stack.name},
                       {"CreationTime", iso8601_ms(set.created)},
                       {"Status", set.status()},
                       {"ExecutionStatus", set.execution_status(stack)},
                       {"IncludeNestedStacks", false},
                       {"ImportExistingResources", false}};
  if (!set.description.empty()) summary["Description"] = set.description;
  if (!set.reason.empty()) summary["StatusReason"] = set.reason;
  return summary;
}

}  // namespace stator::cloudformation::ops
