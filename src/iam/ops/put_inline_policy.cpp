#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

/// All inline policies of an entity count together.
Result<void> check_size(const Entity& entity) {
  const auto& facts = facts_of(entity.kind);
  const std::size_t size_max = facts.inline_bytes_max;
  std::size_t size = 0;
  for (const auto& [name, document] : entity.inline_policies) size += policy_size(document);
  if (size <= size_max) return {};
  return limit_exceeded("Maximum policy size of " + std::to_string(size_max) +
                        " bytes exceeded for " + std::string(facts.type) + " " + entity.name);
}

}  // namespace

aws::Operation put_inline_policy(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Put" + std::string(facts.title) + "Policy";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name, BoundaryKey::kPresent),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "PolicyName", "PolicyDocument"}));
        STATOR_TRY(const auto policy_name, read_name(input, "PolicyName", kPolicyNameMax));
        STATOR_TRY(const auto document,
                   read_document(input, "PolicyDocument", PolicyKind::kInline));
        const auto change = [&](Entity& entity) -> Result<void> {
          entity.inline_policies[policy_name] = document;
          return check_size(entity);
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
