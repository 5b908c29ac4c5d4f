#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// ListRoleTags, ListUserTags.
aws::Operation list_entity_tags(Identity& identity, EntityKind kind) {
  const auto words = words_of(kind);
  const std::string name = "List" + std::string(words.title) + "Tags";
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, words](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({words.member, "Marker", "MaxItems"}));
        STATOR_TRY(const auto entity, read_entity(identity, call, input, kind));
        PageItems items;
        for (const auto& tag : entity.tags) {
          items.emplace_back(to_lower(tag.key),
                             json::Object{{"Key", tag.key}, {"Value", tag.value}});
        }
        return page_of(input, "Tags", std::move(items));
      });
}

}  // namespace stator::iam::ops
