#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

constexpr auto kProfile = EntityKind::kInstanceProfile;

/// The profile and the role that the input names; both are looked up before either is changed.
struct Pair {
  Entity profile;
  Entity role;
};
Result<Pair> read_pair(Identity& identity, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"InstanceProfileName", "RoleName"}));
  Pair pair;
  STATOR_TRY(pair.profile, read_entity(identity, call, input, kProfile));
  STATOR_TRY(pair.role, read_entity(identity, call, input, EntityKind::kRole));
  return pair;
}

}  // namespace

/// Needs iam:PassRole on the role as well: an instance with the profile has what the role has.
aws::Operation add_role_to_instance_profile(Identity& identity) {
  const auto own = entity_needs(identity, kProfile, "iam:AddRoleToInstanceProfile");
  const auto pass = entity_needs(identity, EntityKind::kRole, "iam:PassRole");
  return aws::Operation::json(
      "AddRoleToInstanceProfile", aws::ByName{},
      [own, pass](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(auto needs, own(call, input));
        STATOR_TRY(const auto passed, pass(call, input));
        needs.insert(needs.end(), passed.begin(), passed.end());
        return needs;
      },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        const auto lock = identity.records().lock();
        STATOR_TRY(auto pair, read_pair(identity, call, input));
        if (!pair.profile.role.empty()) {
          return limit_exceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
        }
        pair.profile.role = pair.role.name;
        STATOR_TRY_VOID(identity.records().put(call.account, pair.profile));
        return json::Object();
      });
}

aws::Operation remove_role_from_instance_profile(Identity& identity) {
  return aws::Operation::json(
      "RemoveRoleFromInstanceProfile", aws::ByName{},
      entity_needs(identity, kProfile, "iam:RemoveRoleFromInstanceProfile"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        const auto lock = identity.records().lock();
        STATOR_TRY(auto pair, read_pair(identity, call, input));
        if (pair.profile.role != pair.role.name) {
          return no_such_entity("Role " + pair.role.name + " in Instance Profile " +
                                pair.profile.name + " cannot be found.");
        }
        pair.profile.role.clear();
        STATOR_TRY_VOID(identity.records().put(call.account, pair.profile));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
