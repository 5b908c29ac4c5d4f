#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::string_view kServiceRolePath = "/aws-service-role/";
constexpr std::string_view kServiceRoleName = "AWSServiceRoleFor";

Result<Entity> read_role(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"RoleName", "Path", "AssumeRolePolicyDocument", "Description",
                                    "MaxSessionDuration", "PermissionsBoundary", "Tags"}));
  Entity role;
  role.kind = EntityKind::kRole;
  STATOR_TRY(role.name, read_name(input, "RoleName", facts_of(role.kind).name_max));
  if (role.name.starts_with(kServiceRoleName)) {
    return invalid_input("Role names that begin with '" + std::string(kServiceRoleName) +
                         "' can only be used for AWS Service linked Roles");
  }
  STATOR_TRY(role.path, read_path(input, "Path"));
  if (role.path.starts_with(kServiceRolePath)) {
    return invalid_input("Path prefix '" + std::string(kServiceRolePath) +
                         "' can only be used for AWS Service linked Roles");
  }
  STATOR_TRY(role.description, read_description(input));
  STATOR_TRY(role.max_session_seconds, read_max_session(input, role.max_session_seconds));
  STATOR_TRY(role.boundary, read_boundary(input));
  STATOR_TRY(role.tags, read_tags(input, tag_case(role.kind)));
  STATOR_TRY(role.trust, read_document(input, "AssumeRolePolicyDocument", PolicyKind::kTrust));
  if (policy_size(role.trust) > kTrustBytesMax) {
    return limit_exceeded("Cannot exceed quota for ACLSizePerRole: 2048");
  }
  return role;
}

}  // namespace

aws::Operation create_role(Identity& identity) {
  return aws::Operation::json(
      "CreateRole", aws::ByName{}, new_entity_needs(EntityKind::kRole),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(auto role, read_role(input));
        STATOR_TRY_VOID(add_entity(identity, call, role));
        return json::Object{{"Role", role_answer(call.account, role, Detail::kCreated)}};
      });
}

}  // namespace stator::iam::ops
