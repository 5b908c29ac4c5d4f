#include "cloudformation/change_set_changes.hpp"
#include "cloudformation/ops/change_set_input.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/paging.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 100;

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"ChangeSetName", "StackName", "NextToken", "IncludePropertyValues"}));
  STATOR_TRY(ChangeSetAndStack found, load_change_set(stacks, call, input));
  const ChangeSet& set = found.set;
  STATOR_TRY(const auto wants_values, input.boolean("IncludePropertyValues"));
  json::Array changes = wants_values.value_or(false) ? set.changes : without_values(set.changes);
  STATOR_TRY(json::Object answer, one_page(input, "Changes", std::move(changes), kPage));
  for (auto& member : summary_of(set, found.stack)) {
    answer[member.key()] = std::move(member.value());
  }
  answer["Parameters"] = shown_parameters(set);
  answer["Capabilities"] = set.capabilities;
  answer["Tags"] = set.tags;
  answer["NotificationARNs"] = set.notification_arns;
  answer["RollbackConfiguration"] = json::Object();
  if (!set.on_stack_failure.empty()) answer["OnStackFailure"] = set.on_stack_failure;
  return answer;
}

}  // namespace

aws::Operation describe_change_set(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeChangeSet", aws::ByName{}, needs_change_set(stacks, "DescribeChangeSet"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
