#include <algorithm>

#include "base/time_format.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackStatusFilter"}));
  STATOR_TRY(const std::vector<std::string> wanted, input.text_list("StackStatusFilter"));
  STATOR_TRY(std::vector<StackRecord> records, stacks.records().list(call.account, call.region));
  std::sort(records.begin(), records.end(),
            [](const auto& a, const auto& b) { return a.created > b.created; });
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
    if (record.updated) entry["LastUpdatedTime"] = iso8601_ms(*record.updated);
    if (record.deleted) entry["DeletionTime"] = iso8601_ms(*record.deleted);
    list.push_back(std::move(entry));
  }
  return json::Object{{"StackSummaries", std::move(list)}};
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
