#include "iam/answers.hpp"
#include "iam/managed_policies.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

struct Filter {
  std::string scope = "All";
  std::string path_prefix;
  std::string usage;  ///< "" for both
  bool only_attached = false;
};

Result<Filter> read_filter(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"Scope", "OnlyAttached", "PathPrefix", "PolicyUsageFilter", "Marker", "MaxItems"}));
  Filter filter;
  STATOR_TRY(const auto prefix, input.text("PathPrefix"));
  STATOR_TRY(const auto only_attached, input.boolean("OnlyAttached"));
  STATOR_TRY(filter.scope, read_choice(input, "Scope", {"All", "AWS", "Local"}));
  STATOR_TRY(filter.usage, read_choice(input, "PolicyUsageFilter",
                                       {"", "PermissionsPolicy", "PermissionsBoundary"}));
  filter.path_prefix = prefix.value_or("");
  filter.only_attached = only_attached.value_or(false);
  return filter;
}

/// With a usage, only policies that are used that way are listed.
bool fits(const ManagedPolicy& policy, const PolicyUse& use, const Filter& filter) {
  if (!policy.path.starts_with(filter.path_prefix)) return false;
  if (filter.usage == "PermissionsPolicy" && use.attachments == 0) return false;
  if (filter.usage == "PermissionsBoundary" && use.boundaries == 0) return false;
  return !filter.only_attached || use.attachments > 0;
}

void add(PageItems& items, const std::vector<ManagedPolicy>& policies, std::string_view account,
         const Filter& filter, const PolicyUses& uses) {
  for (const auto& policy : policies) {
    const auto arn = policy_arn(account, policy);
    const auto use = use_of(uses, arn);
    if (!fits(policy, use, filter)) continue;
    items.emplace_back(arn, policy_answer(account, policy, use, Detail::kListed));
  }
}

}  // namespace

aws::Operation list_policies(Identity& identity) {
  return aws::Operation::json(
      "ListPolicies", aws::ByName{},
      // Not an ARN, and so AWS's denials print it: only a policy for "*" allows it.
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"iam:ListPolicies", "policy path /"}};
      },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto filter, read_filter(input));
        STATOR_TRY(const auto uses, policy_uses(identity, call.account));
        PageItems items;
        if (filter.scope != "Local") {
          add(items, aws_managed_policies(), kAwsAccount, filter, uses);
        }
        if (filter.scope != "AWS") {
          STATOR_TRY(const auto own, identity.records().list_policies(call.account));
          add(items, own, call.account, filter, uses);
        }
        return page_of(input, "Policies", std::move(items));
      });
}

}  // namespace stator::iam::ops
