#include <algorithm>

#include "base/time_format.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/paging.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 100;

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"NextToken", "StackStatusFilter"}));
  STATOR_TRY(const std::vector<std::string> wanted, input.text_list("StackStatusFilter"));
  STATOR_TRY(const std::vector<StackRecord> records, newest_stacks(stacks, call));
  json::Array list;
  for (const StackRecord& record : records) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), record.status) == wanted.end()) {
      continue;
    }
    json::Object entry{{"StackId", record.identity.id},
                       {"StackName", record.identity.name},
                       {"CreationTime", iso8601_ms(record.created)},
                       {"StackStatus", record.status}};
    if (!record.reason.empty()) entry["StackStatusReason"] = record.reason;
    if (!record.description.empty()) entry["TemplateDescription"] = record.description;
    if (!record.parent_id.empty()) entry["ParentId"] = record.parent_id;
    if (!record.root_id.empty()) entry["RootId"] = record.root_id;
    if (record.updated) entry["LastUpdatedTime"] = iso8601_ms(*record.updated);
    if (record.deleted) entry["DeletionTime"] = iso8601_ms(*record.deleted);
    STATOR_TRY(const StackDrift drift, stacks.drifts().load(record.identity, record.uuid));
    entry["DriftInformation"] = drift.information();
    list.push_back(std::move(entry));
  }
  return one_page(input, "StackSummaries", std::move(list), kPage);
}

}  // namespace

aws::Operation list_stacks(Stacks& stacks) {
  return aws::Operation::json(
      "ListStacks", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"cloudformation:ListStacks", "*"}};
      },
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
