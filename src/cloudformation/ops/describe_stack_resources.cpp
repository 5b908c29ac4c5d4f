#include "base/time_format.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

/// AWS's bound of this operation, which has no pages.
constexpr std::size_t kResourcesMax = 100;

Result<StackRecord> wanted_stack(const Stacks& stacks, const aws::Call& call,
                                 const aws::Input& input) {
  STATOR_TRY(const auto physical, input.text("PhysicalResourceId"));
  if (!physical) return load_stack(stacks, call, input);
  if (input.has("StackName")) {
    return validation_error("Specify either StackName or PhysicalResourceId, but not both.");
  }
  STATOR_TRY(const std::vector<StackRecord> records,
             stacks.records().list(call.account, call.region));
  for (const StackRecord& listed : records) {
    if (listed.deleted) continue;
    STATOR_TRY(StackRecord record,
               stacks.records().load(call.account, call.region, listed.identity.id));
    for (const ResourceRecord& resource : record.resources) {
      if (resource.is_made && resource.existing.physical_id == *physical) return record;
    }
  }
  return validation_error("Stack for " + *physical + " does not exist");
}

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "LogicalResourceId", "PhysicalResourceId"}));
  STATOR_TRY(const StackRecord record, wanted_stack(stacks, call, input));
  STATOR_TRY(const auto wanted, input.text("LogicalResourceId"));
  STATOR_TRY(const StackDrift drift, stacks.drifts().load(record.identity, record.uuid));
  json::Array list;
  for (const ResourceRecord& resource : record.resources) {
    if (wanted && *wanted != resource.logical_id) continue;
    if (list.size() == kResourcesMax) break;
    json::Object entry{{"StackName", record.identity.name},
                       {"StackId", record.identity.id},
                       {"LogicalResourceId", resource.logical_id},
                       {"PhysicalResourceId", resource.existing.physical_id},
                       {"ResourceType", resource.type},
                       {"Timestamp", iso8601_ms(resource.changed)},
                       {"ResourceStatus", resource.status}};
    entry["DriftInformation"] = drift.information(resource.logical_id);
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
