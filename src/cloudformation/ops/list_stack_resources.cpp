#include "base/time_format.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/paging.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 100;

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "NextToken"}));
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  STATOR_TRY(const StackDrift drift, stacks.drifts().load(record.identity, record.uuid));
  json::Array list;
  for (const ResourceRecord& resource : record.resources) {
    json::Object entry{{"LogicalResourceId", resource.logical_id},
                       {"PhysicalResourceId", resource.existing.physical_id},
                       {"ResourceType", resource.type},
                       {"LastUpdatedTimestamp", iso8601_ms(resource.changed)},
                       {"ResourceStatus", resource.status}};
    entry["DriftInformation"] = drift.information(resource.logical_id);
    if (!resource.reason.empty()) entry["ResourceStatusReason"] = resource.reason;
    list.push_back(std::move(entry));
  }
  return one_page(input, "StackResourceSummaries", std::move(list), kPage);
}

}  // namespace

aws::Operation list_stack_resources(Stacks& stacks) {
  return aws::Operation::json(
      "ListStackResources", aws::ByName{}, needs_stack("ListStackResources"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
