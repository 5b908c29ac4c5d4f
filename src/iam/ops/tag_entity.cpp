#include <algorithm>

#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// TagRole, TagUser. A key that differs only by case from an old one replaces it.
aws::Operation tag_entity(Identity& identity, EntityKind kind) {
  const auto words = words_of(kind);
  const std::string name = "Tag" + std::string(words.title);
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, words](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({words.member, "Tags"}));
        STATOR_TRY(const auto tags, read_tags(input));
        const auto change = [&](Entity& entity) -> Result<void> {
          for (const auto& tag : tags) {
            const auto same =
                std::find_if(entity.tags.begin(), entity.tags.end(),
                             [&](const Tag& old) { return equals_ignore_case(old.key, tag.key); });
            if (same != entity.tags.end()) {
              *same = tag;
            } else {
              entity.tags.push_back(tag);
            }
          }
          if (entity.tags.size() <= kTagsMax) return {};
          return limit_exceeded("The number of tags has reached the maximum limit.");
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
