#include "base/ids.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/drift_detection.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

/// What DescribeStackDriftDetectionStatus says of what was found.
json::Object sum_up(const StackRecord& record, const json::Object& resources) {
  std::int64_t drifted = 0;
  bool was_any_checked = false;
  std::vector<std::string> failed;
  for (const auto& member : resources) {
    const std::string status = text_of(member.value().get_object(), "StackResourceDriftStatus");
    if (status == "MODIFIED" || status == "DELETED") ++drifted;
    if (status == "UNKNOWN") failed.emplace_back(member.key());
    was_any_checked = was_any_checked || status != "NOT_CHECKED";
  }
  json::Object detection{
      {"StackId", record.identity.id},
      {"StackDriftStatus", drifted > 0       ? "DRIFTED"
                           : !failed.empty() ? "UNKNOWN"
                           : was_any_checked ? "IN_SYNC"
                                             : "NOT_CHECKED"},
      {"DetectionStatus", failed.empty() ? "DETECTION_COMPLETE" : "DETECTION_FAILED"},
      {"DriftedStackResourceCount", drifted}};
  if (!failed.empty()) {
    detection["DetectionStatusReason"] =
        "Failed to detect drift on resource(s) [" + join(failed, ", ") + "]";
  }
  return detection;
}

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "LogicalResourceIds"}));
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  STATOR_TRY(const std::vector<std::string> ids, input.text_list("LogicalResourceIds"));
  STATOR_TRY_VOID(check_may_detect(record));
  StackDrift drift;
  STATOR_TRY_VOID(detect(stacks, call, record, ids, drift));
  const std::string id = uuid4(stacks.random());
  drift.detection = sum_up(record, drift.resources);
  drift.detection["StackDriftDetectionId"] = id;
  drift.detection["Timestamp"] = iso8601_ms(call.now);
  STATOR_TRY_VOID(stacks.drifts().save(record.identity, record.uuid, drift));
  return json::Object{{"StackDriftDetectionId", id}};
}

}  // namespace

aws::Operation detect_stack_drift(Stacks& stacks) {
  return aws::Operation::json(
      "DetectStackDrift", aws::ByName{}, needs_stack("DetectStackDrift"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
