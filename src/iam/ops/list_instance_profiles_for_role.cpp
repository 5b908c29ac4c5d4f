#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_instance_profiles_for_role(Identity& identity) {
  return aws::Operation::json(
      "ListInstanceProfilesForRole", aws::ByName{},
      entity_needs(identity, EntityKind::kRole, "iam:ListInstanceProfilesForRole"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleName", "Marker", "MaxItems"}));
        STATOR_TRY(const auto role, read_entity(identity, call, input, EntityKind::kRole));
        STATOR_TRY(const auto profiles, profiles_with(identity, call.account, role.name));
        PageItems items;
        for (const auto& profile : profiles) {
          items.emplace_back(to_lower(profile.name),
                             profile_answer(call.account, profile, &role, Detail::kListed));
        }
        return page_of(input, "InstanceProfiles", std::move(items));
      });
}

}  // namespace stator::iam::ops
