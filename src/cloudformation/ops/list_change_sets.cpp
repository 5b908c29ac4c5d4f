#include "cloudformation/errors.hpp"
#include "cloudformation/ops/change_set_input.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/paging.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kPage = 50;

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"StackName", "NextToken"}));
  STATOR_TRY(const std::string name, input.required_text("StackName"));
  const auto stack = stacks.records().load(call.account, call.region, name);
  if (!stack) return validation_error("Stack [" + name + "] does not exist");
  STATOR_TRY(const std::vector<ChangeSet> sets, stacks.change_sets().list(*stack));
  json::Array summaries;
  for (const ChangeSet& set : sets) {
    // One that was executed is part of the stack's past.
    if (set.id != stack->change_set_id) summaries.push_back(summary_of(set, *stack));
  }
  return one_page(input, "Summaries", std::move(summaries), kPage);
}

}  // namespace

aws::Operation list_change_sets(Stacks& stacks) {
  return aws::Operation::json(
      "ListChangeSets", aws::ByName{}, needs_stack("ListChangeSets"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
