#include <algorithm>

#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// The group and a page of its members.
aws::Operation get_group(Identity& identity) {
  return aws::Operation::json(
      "GetGroup", aws::ByName{}, entity_needs(identity, EntityKind::kGroup, "iam:GetGroup"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"GroupName", "Marker", "MaxItems"}));
        STATOR_TRY(const auto group, read_entity(identity, call, input, EntityKind::kGroup));
        STATOR_TRY(const auto users,
                   identity.records().list_entities(call.account, EntityKind::kUser));
        PageItems items;
        for (const auto& user : users) {
          const auto& groups = user.groups;
          if (std::find(groups.begin(), groups.end(), group.name) == groups.end()) continue;
          items.emplace_back(to_lower(user.name), user_answer(call.account, user, Detail::kListed));
        }
        STATOR_TRY(auto answer, page_of(input, "Users", std::move(items)));
        answer["Group"] = group_answer(call.account, group);
        return answer;
      });
}

}  // namespace stator::iam::ops
