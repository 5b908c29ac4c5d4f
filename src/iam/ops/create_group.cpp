#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation create_group(Identity& identity) {
  return aws::Operation::json(
      "CreateGroup", aws::ByName{}, new_entity_needs(EntityKind::kGroup),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"GroupName", "Path"}));
        Entity group;
        group.kind = EntityKind::kGroup;
        STATOR_TRY(group.name, read_name(input, "GroupName", facts_of(group.kind).name_max));
        STATOR_TRY(group.path, read_path(input, "Path"));
        STATOR_TRY_VOID(add_entity(identity, call, group));
        return json::Object{{"Group", group_answer(call.account, group)}};
      });
}

}  // namespace stator::iam::ops
