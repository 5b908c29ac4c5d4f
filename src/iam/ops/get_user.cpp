#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {
namespace {

using Kind = aws::Principal::Kind;

/// Without a name the caller asks about itself.
Result<aws::Input> with_own_name(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.text("UserName"));
  if (name || call.principal.kind != Kind::kUser) return input;
  json::Object members = input.members();
  members["UserName"] = call.principal.arn.substr(call.principal.arn.rfind('/') + 1);
  return input.nested(members);
}

}  // namespace

aws::Operation get_user(Identity& identity) {
  const auto needs = entity_needs(identity, EntityKind::kUser, "iam:GetUser");
  return aws::Operation::json(
      "GetUser", aws::ByName{},
      [needs](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto named, with_own_name(call, input));
        return needs(call, named);
      },
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName"}));
        if (!input.has("UserName") && call.principal.kind == Kind::kRoot) {
          return json::Object{
              {"User",
               json::Object{{"Path", "/"}, {"UserId", call.account}, {"Arn", call.principal.arn}}}};
        }
        if (!input.has("UserName") && call.principal.kind != Kind::kUser) {
          return validation_error("Must specify userName when calling with non-User credentials");
        }
        STATOR_TRY(const auto named, with_own_name(call, input));
        STATOR_TRY(const auto user, read_entity(identity, call, named, EntityKind::kUser));
        return json::Object{{"User", user_answer(call.account, user, Detail::kFull)}};
      });
}

}  // namespace stator::iam::ops
