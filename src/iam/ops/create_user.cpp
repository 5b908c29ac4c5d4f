#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation create_user(Identity& identity) {
  return aws::Operation::json(
      "CreateUser", aws::ByName{}, new_entity_needs(EntityKind::kUser),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "Path", "PermissionsBoundary", "Tags"}));
        Entity user;
        user.kind = EntityKind::kUser;
        STATOR_TRY(user.name, read_name(input, "UserName", facts_of(user.kind).name_max));
        STATOR_TRY(user.path, read_path(input, "Path"));
        STATOR_TRY(user.boundary, read_boundary(input));
        STATOR_TRY(user.tags, read_tags(input, tag_case(user.kind)));
        STATOR_TRY_VOID(add_entity(identity, call, user));
        return json::Object{{"User", user_answer(call.account, user, Detail::kCreated)}};
      });
}

}  // namespace stator::iam::ops
