#include "cloudformation/ops/ops.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackDriftDetectionId"}));
  STATOR_TRY(const std::string id, input.required_text("StackDriftDetectionId"));
  STATOR_TRY(StackDrift drift, stacks.drifts().find(call.account, call.region, id));
  return std::move(drift.detection);
}

}  // namespace

aws::Operation describe_stack_drift_detection_status(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeStackDriftDetectionStatus", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"cloudformation:DescribeStackDriftDetectionStatus", "*"}};
      },
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
