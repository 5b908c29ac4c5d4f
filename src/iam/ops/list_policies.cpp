#include <map>

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
  bool only_attached = false;
};

Result<Filter> read_filter(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"Scope", "OnlyAttached", "PathPrefix", "PolicyUsageFilter", "Marker", "MaxItems"}));
  Filter filter;
  STATOR_TRY(const auto scope, input.text("Scope"));
  STATOR_TRY(const auto prefix, input.text("PathPrefix"));
  STATOR_TRY(const auto only_attached, input.boolean("OnlyAttached"));
  STATOR_TRY(const auto usage, input.text("PolicyUsageFilter"));
  if (usage && *usage != "PermissionsPolicy") {
    return unsupported("PolicyUsageFilter " + *usage + " is not supported");
  }
  filter.scope = scope.value_or("All");
  if (filter.scope != "All" && filter.scope != "AWS" && filter.scope != "Local") {
    return constraint_error(filter.scope, "Scope",
                            "Member must satisfy enum value set: [All, AWS, Local]");
  }
  filter.path_prefix = prefix.value_or("");
  filter.only_attached = only_attached.value_or(false);
  return filter;
}

using Attachments = std::map<std::string, std::int64_t, std::less<>>;

Result<Attachments> all_attachments(Identity& identity, std::string_view account) {
  Attachments counts;
  for (const auto kind : {EntityKind::kRole, EntityKind::kUser}) {
    STATOR_TRY(const auto entities, identity.records().list_entities(account, kind));
    for (const auto& entity : entities) {
      for (const auto& arn : entity.attached) ++counts[arn];
    }
  }
  return counts;
}

void add(PageItems& items, const std::vector<ManagedPolicy>& policies, std::string_view account,
         const Filter& filter, const Attachments& counts) {
  for (const auto& policy : policies) {
    const auto arn = policy_arn(account, policy);
    const auto count = counts.find(arn);
    const std::int64_t attachments = count == counts.end() ? 0 : count->second;
    if (!policy.path.starts_with(filter.path_prefix)) continue;
    if (filter.only_attached && attachments == 0) continue;
    items.emplace_back(arn, policy_answer(account, policy, attachments, Detail::kListed));
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
        STATOR_TRY(const auto counts, all_attachments(identity, call.account));
        PageItems items;
        if (filter.scope != "Local") {
          add(items, aws_managed_policies(), kAwsAccount, filter, counts);
        }
        if (filter.scope != "AWS") {
          STATOR_TRY(const auto own, identity.records().list_policies(call.account));
          add(items, own, call.account, filter, counts);
        }
        return page_of(input, "Policies", std::move(items));
      });
}

}  // namespace stator::iam::ops
