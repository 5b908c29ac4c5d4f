#include "iam/answers.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation get_inline_policy(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Get" + std::string(facts.title) + "Policy";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "PolicyName"}));
        STATOR_TRY(const auto policy_name, read_name(input, "PolicyName", kPolicyNameMax));
        STATOR_TRY(const auto entity, read_entity(identity, call, input, kind));
        const auto found = entity.inline_policies.find(policy_name);
        if (found == entity.inline_policies.end()) {
          return no_such_entity("The " + std::string(facts.type) + " policy with name " +
                                policy_name + " cannot be found.");
        }
        json::Object answer{{"PolicyName", policy_name},
                            {"PolicyDocument", document_answer(found->second)}};
        answer[facts.member] = entity.name;
        return answer;
      });
}

}  // namespace stator::iam::ops
