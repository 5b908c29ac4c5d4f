#include "base/time_format.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "LogicalResourceId"}));
  STATOR_TRY(const std::string logical_id, input.required_text("LogicalResourceId"));
  STATOR_TRY(const std::string name, input.required_text("StackName"));
  const auto record = stacks.records().load(call.account, call.region, name);
  if (!record) return validation_error("Stack '" + name + "' does not exist");
  const ResourceRecord* resource = record->find(logical_id);
  if (resource == nullptr) {
    return validation_error("Resource " + logical_id + " does not exist for stack " +
                            record->identity.name);
  }
  STATOR_TRY(const StackDrift drift, stacks.drifts().load(record->identity, record->uuid));
  json::Object detail{{"StackName", record->identity.name},
                      {"StackId", record->identity.id},
                      {"LogicalResourceId", resource->logical_id},
                      {"PhysicalResourceId", resource->existing.physical_id},
                      {"ResourceType", resource->type},
                      {"LastUpdatedTimestamp", iso8601_ms(resource->changed)},
                      {"ResourceStatus", resource->status},
                      {"DriftInformation", drift.information(logical_id)}};
  if (!resource->reason.empty()) detail["ResourceStatusReason"] = resource->reason;
  return json::Object{{"StackResourceDetail", std::move(detail)}};
}

}  // namespace

aws::Operation describe_stack_resource(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeStackResource", aws::ByName{}, needs_stack("DescribeStackResource"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
