#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation create_user(Identity& identity) {
  return aws::Operation::json(
      "CreateUser", aws::ByName{}, new_entity_needs(EntityKind::kUser, "iam:CreateUser"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "Path", "Tags"}));
        Entity user;
        user.kind = EntityKind::kUser;
        STATOR_TRY(user.name, read_name(input, "UserName", kUserNameMax));
        STATOR_TRY(user.path, read_path(input, "Path"));
        STATOR_TRY(user.tags, read_tags(input));
        auto& records = identity.records();
        const auto lock = records.lock();
        STATOR_TRY(const bool is_taken, records.is_taken(call.account, user.kind, user.name));
        if (is_taken) {
          return entity_already_exists("User with name " + user.name + " already exists.");
        }
        STATOR_TRY(const auto count, records.count_entities(call.account, user.kind));
        if (count >= kUsersMax) {
          return limit_exceeded("Cannot exceed quota for UsersPerAccount: 5000");
        }
        user.id = make_unique_id(identity, "AIDA");
        user.created = call.now;
        STATOR_TRY_VOID(records.put(call.account, user));
        return json::Object{{"User", user_answer(call.account, user, Detail::kCreated)}};
      });
}

}  // namespace stator::iam::ops
