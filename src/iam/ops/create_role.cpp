#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

Result<Entity> read_role(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"RoleName", "Path", "AssumeRolePolicyDocument", "Description",
                                    "MaxSessionDuration", "Tags"}));
  Entity role;
  role.kind = EntityKind::kRole;
  STATOR_TRY(role.name, read_name(input, "RoleName", kRoleNameMax));
  STATOR_TRY(role.path, read_path(input, "Path"));
  STATOR_TRY(role.description, read_description(input));
  STATOR_TRY(role.max_session_seconds, read_max_session(input, role.max_session_seconds));
  STATOR_TRY(role.tags, read_tags(input));
  STATOR_TRY(role.trust, read_document(input, "AssumeRolePolicyDocument", PolicyKind::kTrust));
  if (policy_size(role.trust) > kTrustBytesMax) {
    return limit_exceeded("Cannot exceed quota for ACLSizePerRole: 2048");
  }
  return role;
}

}  // namespace

aws::Operation create_role(Identity& identity) {
  return aws::Operation::json(
      "CreateRole", aws::ByName{}, new_entity_needs(EntityKind::kRole, "iam:CreateRole"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(auto role, read_role(input));
        auto& records = identity.records();
        const auto lock = records.lock();
        STATOR_TRY(const bool is_taken, records.is_taken(call.account, role.kind, role.name));
        if (is_taken) {
          return entity_already_exists("Role with name " + role.name + " already exists.");
        }
        STATOR_TRY(const auto count, records.count_entities(call.account, role.kind));
        if (count >= kRolesMax) {
          return limit_exceeded("Cannot exceed quota for RolesPerAccount: 1000");
        }
        role.id = make_unique_id(identity, "AROA");
        role.created = call.now;
        STATOR_TRY_VOID(records.put(call.account, role));
        return json::Object{{"Role", role_answer(call.account, role, Detail::kCreated)}};
      });
}

}  // namespace stator::iam::ops
