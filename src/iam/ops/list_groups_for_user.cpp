#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_groups_for_user(Identity& identity) {
  return aws::Operation::json(
      "ListGroupsForUser", aws::ByName{},
      entity_needs(identity, EntityKind::kUser, "iam:ListGroupsForUser"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "Marker", "MaxItems"}));
        STATOR_TRY(const auto user, read_entity(identity, call, input, EntityKind::kUser));
        PageItems items;
        for (const auto& name : user.groups) {
          STATOR_TRY(const auto group,
                     identity.records().find_entity(call.account, EntityKind::kGroup, name));
          if (group) items.emplace_back(to_lower(name), group_answer(call.account, *group));
        }
        return page_of(input, "Groups", std::move(items));
      });
}

}  // namespace stator::iam::ops
