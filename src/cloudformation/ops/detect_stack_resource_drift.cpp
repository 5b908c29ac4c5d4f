#include "cloudformation/ops/drift_detection.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "LogicalResourceId"}));
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  STATOR_TRY(const std::string id, input.required_text("LogicalResourceId"));
  STATOR_TRY_VOID(check_may_detect(record));
  STATOR_TRY(StackDrift drift, stacks.drifts().load(record.identity, record.uuid));
  STATOR_TRY_VOID(detect(stacks, call, record, {id}, drift));
  STATOR_TRY_VOID(stacks.drifts().save(record.identity, record.uuid, drift));
  const json::Value* found = json::find(drift.resources, id);
  return json::Object{{"StackResourceDrift", found == nullptr ? json::Value() : *found}};
}

}  // namespace

aws::Operation detect_stack_resource_drift(Stacks& stacks) {
  return aws::Operation::json(
      "DetectStackResourceDrift", aws::ByName{}, needs_stack("DetectStackResourceDrift"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
