#include <algorithm>

#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

/// Under the records' lock, so that the group stays while a user joins it.
Result<json::Object> change(Identity& identity, const aws::Call& call, const aws::Input& input,
                            bool joins) {
  STATOR_TRY_VOID(input.allow_only({"GroupName", "UserName"}));
  const auto lock = identity.records().lock();
  STATOR_TRY(auto user, read_entity(identity, call, input, EntityKind::kUser));
  STATOR_TRY(const auto group, read_entity(identity, call, input, EntityKind::kGroup));
  auto& groups = user.groups;
  const auto at = std::find(groups.begin(), groups.end(), group.name);
  if ((at != groups.end()) == joins) return json::Object();
  if (!joins) {
    groups.erase(at);
  } else if (groups.size() < kGroupsPerUserMax) {
    groups.push_back(group.name);
  } else {
    return limit_exceeded("Cannot exceed quota for GroupsPerUser: 10");
  }
  STATOR_TRY_VOID(identity.records().put(call.account, user));
  return json::Object();
}

}  // namespace

/// Joining twice changes nothing and is no error.
aws::Operation add_user_to_group(Identity& identity) {
  return aws::Operation::json("AddUserToGroup", aws::ByName{},
                              entity_needs(identity, EntityKind::kGroup, "iam:AddUserToGroup"),
                              [&identity](aws::Call& call, const aws::Input& input) {
                                return change(identity, call, input, true);
                              });
}

/// Nor is leaving what one is not in.
aws::Operation remove_user_from_group(Identity& identity) {
  return aws::Operation::json("RemoveUserFromGroup", aws::ByName{},
                              entity_needs(identity, EntityKind::kGroup, "iam:RemoveUserFromGroup"),
                              [&identity](aws::Call& call, const aws::Input& input) {
                                return change(identity, call, input, false);
                              });
}

}  // namespace stator::iam::ops
