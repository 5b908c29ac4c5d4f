#include <algorithm>

#include "base/time_format.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

json::Array parameters_of(const StackRecord& record) {
  json::Array list;
  for (const auto& member : record.parameters) {
    const json::Value key(member.key());
    const bool is_hidden =
        std::find(record.hidden_parameters.begin(), record.hidden_parameters.end(), key) !=
        record.hidden_parameters.end();
    list.push_back(
        json::Object{{"ParameterKey", key},
                     {"ParameterValue", is_hidden ? json::Value("****") : member.value()}});
  }
  return list;
}

json::Object describe(const StackRecord& record) {
  json::Object stack{{"StackId", record.identity.id},
                     {"StackName", record.identity.name},
                     {"CreationTime", iso8601_ms(record.created)},
                     {"StackStatus", record.status},
                     {"DisableRollback", record.is_rollback_disabled},
                     {"Parameters", parameters_of(record)},
                     {"Capabilities", record.capabilities},
                     {"Outputs", record.outputs},
                     {"Tags", record.tags},
                     {"NotificationARNs", json::Array()},
                     {"EnableTerminationProtection", false}};
  if (!record.reason.empty()) stack["StackStatusReason"] = record.reason;
  if (!record.description.empty()) stack["Description"] = record.description;
  if (record.updated) stack["LastUpdatedTime"] = iso8601_ms(*record.updated);
  if (record.deleted) stack["DeletionTime"] = iso8601_ms(*record.deleted);
  return stack;
}

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName"}));
  json::Array described;
  if (input.has("StackName")) {
    STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
    described.push_back(describe(record));
  } else {
    STATOR_TRY(std::vector<StackRecord> records, stacks.records().list(call.account, call.region));
    std::erase_if(records, [](const StackRecord& record) { return record.deleted.has_value(); });
    std::sort(records.begin(), records.end(),
              [](const auto& a, const auto& b) { return a.created > b.created; });
    for (const StackRecord& record : records) described.push_back(describe(record));
  }
  return json::Object{{"Stacks", std::move(described)}};
}

}  // namespace

aws::Operation describe_stacks(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeStacks", aws::ByName{}, needs_stack("DescribeStacks"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
