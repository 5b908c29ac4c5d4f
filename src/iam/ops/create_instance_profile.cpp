#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// There are no instances here; a profile is a name that templates and modules expect to find.
aws::Operation create_instance_profile(Identity& identity) {
  return aws::Operation::json(
      "CreateInstanceProfile", aws::ByName{}, new_entity_needs(EntityKind::kInstanceProfile),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"InstanceProfileName", "Path", "Tags"}));
        Entity profile;
        profile.kind = EntityKind::kInstanceProfile;
        STATOR_TRY(profile.name,
                   read_name(input, "InstanceProfileName", facts_of(profile.kind).name_max));
        STATOR_TRY(profile.path, read_path(input, "Path"));
        STATOR_TRY(profile.tags, read_tags(input, tag_case(profile.kind)));
        STATOR_TRY_VOID(add_entity(identity, call, profile));
        return json::Object{
            {"InstanceProfile", profile_answer(call.account, profile, nullptr, Detail::kCreated)}};
      });
}

}  // namespace stator::iam::ops
