#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation delete_inline_policy(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Delete" + std::string(facts.title) + "Policy";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name, BoundaryKey::kPresent),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "PolicyName"}));
        STATOR_TRY(const auto policy_name, read_name(input, "PolicyName", kPolicyNameMax));
        const auto change = [&](Entity& entity) -> Result<void> {
          if (entity.inline_policies.erase(policy_name) == 1) return {};
          return no_such_entity("The " + std::string(facts.type) + " policy with name " +
                                policy_name + " cannot be found.");
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
