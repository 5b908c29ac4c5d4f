#include <algorithm>

#include "iam/managed_policies.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// Attaching what is attached already changes nothing and is no error.
aws::Operation attach_policy(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Attach" + std::string(facts.title) + "Policy";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name, BoundaryKey::kPresent),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "PolicyArn"}));
        STATOR_TRY(const auto arn, read_policy_arn(input));
        const auto change = [&](Entity& entity) -> Result<void> {
          STATOR_TRY(const auto policy, find_managed_policy(identity.records(), call.account, arn));
          if (!policy) {
            return no_such_entity("Policy " + arn + " does not exist or is not attachable.");
          }
          auto& attached = entity.attached;
          if (std::find(attached.begin(), attached.end(), arn) != attached.end()) return {};
          if (attached.size() >= kAttachedMax) {
            return limit_exceeded("Cannot exceed quota for PoliciesPer" + std::string(facts.title) +
                                  ": 10");
          }
          attached.push_back(arn);
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
