#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// ListRoleTags, ListUserTags, ListInstanceProfileTags.
aws::Operation list_entity_tags(Identity& identity, EntityKind kind) {
  const auto& facts = facts_of(kind);
  const std::string name = "List" + std::string(facts.title) + "Tags";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, facts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({facts.member, "Marker", "MaxItems"}));
        STATOR_TRY(const auto entity, read_entity(identity, call, input, kind));
        PageItems items;
        for (const auto& tag : entity.tags) {
          items.emplace_back(tag_case(kind) == TagCase::kIgnored ? to_lower(tag.key) : tag.key,
                             json::Object{{"Key", tag.key}, {"Value", tag.value}});
        }
        return page_of(input, "Tags", std::move(items));
      });
}

}  // namespace stator::iam::ops
