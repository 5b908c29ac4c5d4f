#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// Always an empty list: there is no operation that makes an instance profile. Clients ask before
/// they delete a role.
aws::Operation list_instance_profiles_for_role(Identity& identity) {
  return aws::Operation::json(
      "ListInstanceProfilesForRole", aws::ByName{},
      entity_needs(identity, EntityKind::kRole, "iam:ListInstanceProfilesForRole"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleName", "Marker", "MaxItems"}));
        STATOR_TRY([[maybe_unused]] const auto role,
                   read_entity(identity, call, input, EntityKind::kRole));
        return json::Object{{"InstanceProfiles", json::Array()}, {"IsTruncated", false}};
      });
}

}  // namespace stator::iam::ops
