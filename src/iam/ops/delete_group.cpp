#include <algorithm>

#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation delete_group(Identity& identity) {
  return aws::Operation::json(
      "DeleteGroup", aws::ByName{}, entity_needs(identity, EntityKind::kGroup, "iam:DeleteGroup"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"GroupName"}));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto group, read_entity(identity, call, input, EntityKind::kGroup));
        STATOR_TRY(const auto users,
                   identity.records().list_entities(call.account, EntityKind::kUser));
        for (const auto& user : users) {
          const auto& groups = user.groups;
          if (std::find(groups.begin(), groups.end(), group.name) == groups.end()) continue;
          return delete_conflict("Cannot delete entity, must remove users from group first.");
        }
        STATOR_TRY_VOID(check_no_policies(group));
        STATOR_TRY_VOID(identity.records().erase(call.account, group));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
