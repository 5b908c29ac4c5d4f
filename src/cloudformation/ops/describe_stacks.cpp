#include "base/time_format.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/paging.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 100;

json::Object describe(const StackRecord& record, const StackDrift& drift) {
  json::Object stack{{"StackId", record.identity.id},
                     {"StackName", record.identity.name},
                     {"CreationTime", iso8601_ms(record.created)},
                     {"StackStatus", record.status},
                     {"DisableRollback", record.is_rollback_disabled},
                     {"Parameters", shown_parameters(record)},
                     {"Capabilities", record.capabilities},
                     {"Outputs", record.outputs},
                     {"Tags", record.tags},
                     {"NotificationARNs", record.notification_arns},
                     {"EnableTerminationProtection", record.is_protected},
                     {"DriftInformation", drift.information()}};
  if (!record.change_set_id.empty()) stack["ChangeSetId"] = record.change_set_id;
  if (!record.reason.empty()) stack["StackStatusReason"] = record.reason;
  if (!record.description.empty()) stack["Description"] = record.description;
  if (record.is_new_never_retained) stack["RetainExceptOnCreate"] = true;
  if (!record.role_arn.empty()) stack["RoleARN"] = record.role_arn;
  if (!record.parent_id.empty()) stack["ParentId"] = record.parent_id;
  if (!record.root_id.empty()) stack["RootId"] = record.root_id;
  if (record.updated) stack["LastUpdatedTime"] = iso8601_ms(*record.updated);
  if (record.deleted) stack["DeletionTime"] = iso8601_ms(*record.deleted);
  return stack;
}

Result<json::Object> handle(const Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "NextToken"}));
  json::Array described;
  if (input.has("StackName")) {
    STATOR_TRY(const std::string name, input.required_text("StackName"));
    STATOR_TRY(const StackRecord record, stacks.load_at_rest(call, name));
    STATOR_TRY(const StackDrift drift, stacks.drifts().load(record.identity, record.uuid));
    described.push_back(describe(record, drift));
  } else {
    STATOR_TRY(std::vector<StackRecord> records, newest_stacks(stacks, call));
    std::erase_if(records, [](const StackRecord& record) { return record.deleted.has_value(); });
    for (const StackRecord& record : records) {
      STATOR_TRY(const StackDrift drift, stacks.drifts().load(record.identity, record.uuid));
      described.push_back(describe(record, drift));
    }
  }
  return one_page(input, "Stacks", std::move(described), kPage);
}

}  // namespace

aws::Operation describe_stacks(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeStacks", aws::ByName{}, needs_stack("DescribeStacks"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
