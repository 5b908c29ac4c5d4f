#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// TagRole, TagUser, TagInstanceProfile.
aws::Operation tag_entity(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "Tag" + std::string(facts.title);
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "Tags"}));
        STATOR_TRY(const auto tags, read_tags(input, tag_case(kind)));
        const auto change = [&](Entity& entity) {
          return merge_tags(entity.tags, tags, tag_case(kind));
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
