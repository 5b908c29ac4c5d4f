#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation update_assume_role_policy(Identity& identity) {
  return aws::Operation::json(
      "UpdateAssumeRolePolicy", aws::ByName{},
      entity_needs(identity, EntityKind::kRole, "iam:UpdateAssumeRolePolicy"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"RoleName", "PolicyDocument"}));
        STATOR_TRY(const auto document, read_document(input, "PolicyDocument", PolicyKind::kTrust));
        if (policy_size(document) > kTrustBytesMax) {
          return limit_exceeded("Cannot exceed quota for ACLSizePerRole: 2048");
        }
        const auto change = [&](Entity& role) -> Result<void> {
          role.trust = document;
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, EntityKind::kRole, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
