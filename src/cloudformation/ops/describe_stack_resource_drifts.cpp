#include <algorithm>

#include "cloudformation/drift.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/paging.hpp"
#include "cloudformation/ops/shared.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::int64_t kPageMax = 100;

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"StackName", "StackResourceDriftStatusFilters", "NextToken", "MaxResults"}));
  STATOR_TRY(const StackRecord record, load_stack(stacks, call, input));
  STATOR_TRY(const auto wanted, input.text_list("StackResourceDriftStatusFilters"));
  STATOR_TRY(const auto most, input.integer("MaxResults"));
  if (most && (*most < 1 || *most > kPageMax)) {
    return validation_error("MaxResults must be between 1 and " + std::to_string(kPageMax));
  }
  STATOR_TRY(StackDrift drift, stacks.drifts().load(record.identity, record.uuid));
  json::Array list;
  for (auto& member : drift.resources) {
    if (!member.value().is_object()) continue;
    const std::string status = text_of(member.value().get_object(), "StackResourceDriftStatus");
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), status) != wanted.end()) {
      list.push_back(std::move(member.value()));
    }
  }
  return one_page(input, "StackResourceDrifts", std::move(list),
                  std::size_t(most.value_or(kPageMax)));
}

}  // namespace

aws::Operation describe_stack_resource_drifts(Stacks& stacks) {
  return aws::Operation::json(
      "DescribeStackResourceDrifts", aws::ByName{}, needs_stack("DescribeStackResourceDrifts"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
