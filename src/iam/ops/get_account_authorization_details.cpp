#include <algorithm>

#include "base/strings.hpp"
#include "iam/managed_policies.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

json::Array inline_answers(const Entity& entity) {
  json::Array array;
  for (const auto& [name, document] : entity.inline_policies) {
    array.push_back(
        json::Object{{"PolicyName", name}, {"PolicyDocument", document_answer(document)}});
  }
  return array;
}

/// A managed policy's name is the end of its ARN.
json::Array attached_answers(const Entity& entity) {
  json::Array array;
  for (const auto& arn : entity.attached) {
    array.push_back(
        json::Object{{"PolicyName", arn.substr(arn.rfind('/') + 1)}, {"PolicyArn", arn}});
  }
  return array;
}

json::Object entity_detail(std::string_view account, const Entity& entity) {
  json::Object detail = entity.kind == EntityKind::kUser
                            ? user_answer(account, entity, Detail::kFull)
                            : group_answer(account, entity);
  detail[std::string(facts_of(entity.kind).title) + "PolicyList"] = inline_answers(entity);
  detail["AttachedManagedPolicies"] = attached_answers(entity);
  if (entity.kind == EntityKind::kUser) {
    json::Array groups;
    for (const auto& name : entity.groups) groups.emplace_back(name);
    detail["GroupList"] = std::move(groups);
    detail["Tags"] = tags_answer(entity.tags);
  }
  return detail;
}

Result<json::Object> role_detail(Identity& identity, std::string_view account, const Entity& role) {
  STATOR_TRY(const auto use, identity.last_uses().find(role.id));
  auto detail = role_answer(account, role, Detail::kFull, use);
  detail.erase("MaxSessionDuration");
  detail.erase("Description");
  detail["RolePolicyList"] = inline_answers(role);
  detail["AttachedManagedPolicies"] = attached_answers(role);
  detail["Tags"] = tags_answer(role.tags);
  STATOR_TRY(const auto profiles, profiles_with(identity, account, role.name));
  json::Array list;
  for (const auto& profile : profiles) {
    list.push_back(profile_answer(account, profile, &role, Detail::kListed));
  }
  detail["InstanceProfileList"] = std::move(list);
  return detail;
}

json::Object policy_detail(std::string_view account, const ManagedPolicy& policy,
                           const PolicyUse& use) {
  auto detail = policy_answer(account, policy, use, Detail::kListed);
  json::Array versions;
  for (auto it = policy.versions.rbegin(); it != policy.versions.rend(); ++it) {
    versions.push_back(version_answer(policy, *it, true));
  }
  detail["PolicyVersionList"] = std::move(versions);
  return detail;
}

constexpr std::string_view kLists[] = {"UserDetailList", "GroupDetailList", "RoleDetailList",
                                       "Policies"};

/// What the input's Filter wants; everything without one.
class Wanted {
 public:
  explicit Wanted(std::vector<std::string> filter) : filter_(std::move(filter)) {}
  [[nodiscard]] bool has(std::string_view kind) const {
    return filter_.empty() || std::find(filter_.begin(), filter_.end(), kind) != filter_.end();
  }

 private:
  std::vector<std::string> filter_;
};

Result<Wanted> read_filter(const aws::Input& input) {
  STATOR_TRY(auto filter, input.text_list("Filter"));
  for (const auto& kind : filter) {
    if (kind == "User" || kind == "Role" || kind == "Group" || kind == "LocalManagedPolicy" ||
        kind == "AWSManagedPolicy") {
      continue;
    }
    return constraint_error("Filter",
                            "Member must satisfy constraint: [Member must satisfy enum value set: "
                            "[User, Role, Group, LocalManagedPolicy, AWSManagedPolicy]]");
  }
  return Wanted(std::move(filter));
}

/// Each item is a pair of the list that it belongs to and the detail; the sort key keeps the lists
/// apart, so that a page ends anywhere.
Result<PageItems> collect(Identity& identity, std::string_view account, const Wanted& wanted) {
  PageItems items;
  const auto add = [&](std::size_t list, std::string_view name, json::Object detail) {
    items.emplace_back(std::to_string(list) + to_lower(name),
                       json::Array{kLists[list], std::move(detail)});
  };
  const auto& records = identity.records();
  for (const auto kind : {EntityKind::kUser, EntityKind::kGroup, EntityKind::kRole}) {
    if (!wanted.has(facts_of(kind).title)) continue;
    STATOR_TRY(const auto entities, records.list_entities(account, kind));
    for (const auto& entity : entities) {
      if (kind == EntityKind::kRole) {
        STATOR_TRY(auto detail, role_detail(identity, account, entity));
        add(2, entity.name, std::move(detail));
      } else {
        add(kind == EntityKind::kUser ? 0 : 1, entity.name, entity_detail(account, entity));
      }
    }
  }
  STATOR_TRY(const auto uses, policy_uses(identity, account));
  const auto add_policy = [&](std::string_view owner, const ManagedPolicy& policy) {
    const auto arn = policy_arn(owner, policy);
    add(3, arn, policy_detail(owner, policy, use_of(uses, arn)));
  };
  if (wanted.has("LocalManagedPolicy")) {
    STATOR_TRY(const auto own, records.list_policies(account));
    for (const auto& policy : own) add_policy(account, policy);
  }
  if (wanted.has("AWSManagedPolicy")) {
    for (const auto& policy : aws_managed_policies()) {
      if (uses.contains(policy_arn(kAwsAccount, policy))) add_policy(kAwsAccount, policy);
    }
  }
  return items;
}

}  // namespace

/// Of AWS's policies those that the account uses, as on AWS.
aws::Operation get_account_authorization_details(Identity& identity) {
  return aws::Operation::json(
      "GetAccountAuthorizationDetails", aws::ByName{},
      account_needs("iam:GetAccountAuthorizationDetails"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"Filter", "Marker", "MaxItems"}));
        STATOR_TRY(const auto wanted, read_filter(input));
        STATOR_TRY(auto items, collect(identity, call.account, wanted));
        STATOR_TRY(auto page, page_of(input, "All", std::move(items)));
        const json::Value all = page["All"];
        page.erase("All");
        for (const auto list : kLists) page[list] = json::Array();
        for (const auto& item : all.as_array()) {
          const auto& pair = item.as_array();
          page[json::view(pair[0].as_string())].as_array().push_back(pair[1]);
        }
        return page;
      });
}

}  // namespace stator::iam::ops
