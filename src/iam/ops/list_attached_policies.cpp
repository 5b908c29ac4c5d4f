#include "iam/managed_policies.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_attached_policies(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "ListAttached" + std::string(facts.title) + "Policies";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "PathPrefix", "Marker", "MaxItems"}));
        STATOR_TRY(const auto prefix, input.text("PathPrefix"));
        STATOR_TRY(const auto entity, read_entity(identity, call, input, kind));
        PageItems items;
        for (const auto& arn : entity.attached) {
          STATOR_TRY(const auto policy, find_managed_policy(identity.records(), call.account, arn));
          if (!policy || (prefix && !policy->path.starts_with(*prefix))) continue;
          items.emplace_back(arn, json::Object{{"PolicyName", policy->name}, {"PolicyArn", arn}});
        }
        return page_of(input, "AttachedPolicies", std::move(items));
      });
}

}  // namespace stator::iam::ops
