#include "base/time_format.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "LogicalResourceId"}));
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  STATOR_TRY(const auto wanted, input.text("LogicalResourceId"));
  json::Array list;
  for (const ResourceRecord& resource : record.resources) {
    if (wanted && *wanted != resource.logical_id) continue;
    json::Object entry{{"StackName", record.identity.name},
                       {"StackId", record.identity.id},
                       {"LogicalResourceId", resource.logical_id},
                       {"PhysicalResourceId", resource.existing.physical_id},
                       {"ResourceType", resource.type},
                       {"Timestamp", iso8601_ms(resource.changed)},
                       {"ResourceStatus", resource.status}};
    if (!resource.reason.empty()) entry["ResourceStatusReason"] = resource.reason;
    list.push_back(std::move(entry));
  }
  if (wanted && list.empty()) {
    return validation_error("Resource " + *wanted + " does not exist for stack " +
                            record.identity.name);
  }
  return json::Object{{"StackResources", std::move(list)}};
}

}  // namespace

aws::Operation describe_stack_resources(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeStackResources", aws::ByName{}, needs_stack("DescribeStackResources"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
