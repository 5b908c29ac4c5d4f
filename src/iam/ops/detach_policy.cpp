#include <algorithm>

#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation detach_policy(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Detach" + std::string(facts.title) + "Policy";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name, BoundaryKey::kPresent),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "PolicyArn"}));
        STATOR_TRY(const auto arn, read_policy_arn(input));
        const auto change = [&](Entity& entity) -> Result<void> {
          auto& attached = entity.attached;
          const auto at = std::find(attached.begin(), attached.end(), arn);
          if (at == attached.end()) return no_such_entity("Policy " + arn + " was not found.");
          attached.erase(at);
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
