#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

aws::Operation get_instance_profile(Identity& identity) {
  constexpr auto kKind = EntityKind::kInstanceProfile;
  return aws::Operation::json(
      "GetInstanceProfile", aws::ByName{}, entity_needs(identity, kKind, "iam:GetInstanceProfile"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"InstanceProfileName"}));
        STATOR_TRY(const auto profile, read_entity(identity, call, input, kKind));
        STATOR_TRY(const auto role, role_in(identity, call.account, profile));
        return json::Object{
            {"InstanceProfile",
             profile_answer(call.account, profile, role ? &*role : nullptr, Detail::kFull)}};
      });
}

}  // namespace stator::iam::ops
