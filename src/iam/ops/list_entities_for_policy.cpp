#include <algorithm>

#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

struct Filter {
  std::string kind;    ///< "" for every kind, else User, Role, Group or one kind of policy
  std::string usage;   ///< "" for both
  std::string prefix;  ///< of the entities' path
};

Result<Filter> read_filter(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"PolicyArn", "EntityFilter", "PathPrefix", "PolicyUsageFilter", "Marker", "MaxItems"}));
  Filter filter;
  if (input.has("EntityFilter")) {
    STATOR_TRY(filter.kind,
               read_choice(input, "EntityFilter",
                           {"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"}));
  }
  if (input.has("PolicyUsageFilter")) {
    STATOR_TRY(filter.usage, read_choice(input, "PolicyUsageFilter",
                                         {"PermissionsPolicy", "PermissionsBoundary"}));
  }
  STATOR_TRY(const auto prefix, input.text("PathPrefix"));
  filter.prefix = prefix.value_or("");
  return filter;
}

bool is_used_by(const Entity& entity, std::string_view arn, const Filter& filter) {
  const bool is_attached =
      std::find(entity.attached.begin(), entity.attached.end(), arn) != entity.attached.end();
  if (filter.usage != "PermissionsBoundary" && is_attached) return true;
  return filter.usage != "PermissionsPolicy" && entity.boundary == arn;
}

}  // namespace

/// One page goes over groups, users and roles together, as AWS's does.
aws::Operation list_entities_for_policy(Identity& identity) {
  return aws::Operation::json(
      "ListEntitiesForPolicy", aws::ByName{}, policy_needs(identity, "iam:ListEntitiesForPolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto filter, read_filter(input));
        STATOR_TRY([[maybe_unused]] const auto policy, read_managed_policy(identity, call, input));
        STATOR_TRY(const auto arn, read_policy_arn(input));
        PageItems items;
        for (const auto kind : {EntityKind::kGroup, EntityKind::kUser, EntityKind::kRole}) {
          const auto& facts = facts_of(kind);
          if (!filter.kind.empty() && filter.kind != facts.title) continue;
          STATOR_TRY(const auto entities, identity.records().list_entities(call.account, kind));
          for (const auto& entity : entities) {
            if (!entity.path.starts_with(filter.prefix)) continue;
            if (!is_used_by(entity, arn, filter)) continue;
            json::Object item;
            item[facts.member] = entity.name;
            item[std::string(facts.title) + "Id"] = entity.id;
            items.emplace_back(std::string(facts.type) + "/" + to_lower(entity.name),
                               json::Array{facts.title, std::move(item)});
          }
        }
        STATOR_TRY(auto page, page_of(input, "Found", std::move(items)));
        json::Array groups, users, roles;
        for (auto& found : page["Found"].as_array()) {
          auto& pair = found.as_array();
          const auto& title = pair[0].as_string();
          (title == "Group" ? groups : title == "User" ? users : roles).push_back(pair[1]);
        }
        page.erase("Found");
        page["PolicyGroups"] = std::move(groups);
        page["PolicyUsers"] = std::move(users);
        page["PolicyRoles"] = std::move(roles);
        return page;
      });
}

}  // namespace stator::iam::ops
