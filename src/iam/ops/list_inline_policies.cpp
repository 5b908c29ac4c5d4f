#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation list_inline_policies(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "List" + std::string(facts.title) + "Policies";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "Marker", "MaxItems"}));
        STATOR_TRY(const auto entity, read_entity(identity, call, input, kind));
        PageItems items;
        for (const auto& [policy_name, document] : entity.inline_policies) {
          items.emplace_back(policy_name, json::Value(policy_name));
        }
        return page_of(input, "PolicyNames", std::move(items));
      });
}

}  // namespace stator::iam::ops
