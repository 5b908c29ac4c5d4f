#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// UntagRole, UntagUser, UntagInstanceProfile. A key that is not there is no error.
aws::Operation untag_entity(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Untag" + std::string(facts.title);
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "TagKeys"}));
        STATOR_TRY(const auto keys, read_tag_keys(input));
        const auto change = [&](Entity& entity) -> Result<void> {
          remove_tags(entity.tags, keys, tag_case(kind));
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
