#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_instance_profiles(Identity& identity) {
  return aws::Operation::json(
      "ListInstanceProfiles", aws::ByName{},
      list_needs("iam:ListInstanceProfiles", "instance-profile/"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"PathPrefix", "Marker", "MaxItems"}));
        STATOR_TRY(const auto prefix, input.text("PathPrefix"));
        STATOR_TRY(const auto profiles,
                   identity.records().list_entities(call.account, EntityKind::kInstanceProfile));
        PageItems items;
        for (const auto& profile : profiles) {
          if (prefix && !profile.path.starts_with(*prefix)) continue;
          STATOR_TRY(const auto role, role_in(identity, call.account, profile));
          items.emplace_back(
              to_lower(profile.name),
              profile_answer(call.account, profile, role ? &*role : nullptr, Detail::kListed));
        }
        return page_of(input, "InstanceProfiles", std::move(items));
      });
}

}  // namespace stator::iam::ops
