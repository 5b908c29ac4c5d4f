#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation delete_instance_profile(Identity& identity) {
  constexpr auto kKind = EntityKind::kInstanceProfile;
  return aws::Operation::json(
      "DeleteInstanceProfile", aws::ByName{},
      entity_needs(identity, kKind, "iam:DeleteInstanceProfile"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"InstanceProfileName"}));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto profile, read_entity(identity, call, input, kKind));
        if (!profile.role.empty()) {
          return delete_conflict(
              "Cannot delete entity, must remove roles from instance profile first.");
        }
        STATOR_TRY_VOID(identity.records().erase(call.account, profile));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
