#include "base/strings.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {

/// UntagRole, UntagUser. A key that is not there is no error.
aws::Operation untag_entity(Identity& identity, EntityKind kind) {
  const auto words = words_of(kind);
  const std::string name = "Untag" + std::string(words.title);
  return aws::Operation::json(
      name, aws::ByName{}, entity_needs(identity, kind, "iam:" + name),
      [&identity, kind, words](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({words.member, "TagKeys"}));
        STATOR_TRY(const auto keys, input.text_list("TagKeys"));
        const auto change = [&](Entity& entity) -> Result<void> {
          for (const auto& key : keys) {
            std::erase_if(entity.tags,
                          [&](const Tag& tag) { return equals_ignore_case(tag.key, key); });
          }
          return {};
        };
        STATOR_TRY_VOID(change_entity(identity, call, input, kind, change));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
