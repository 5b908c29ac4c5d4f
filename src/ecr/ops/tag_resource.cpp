#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation tag_resource(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, resource_of(call, input));
    return needs_of("TagResource", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"resourceArn", "tags"}));
    STATOR_TRY(const auto name, resource_of(call, input));
    STATOR_TRY(const auto tags, tags_of(input));
    STATOR_TRY([[maybe_unused]] const auto changed,
               repositories.update(name, [&](Repository& repository) -> Result<void> {
                 for (const auto& [key, value] : tags) repository.tags[key] = value;
                 if (repository.tags.size() > Repositories::kTagsMax) return too_many_tags();
                 return {};
               }));
    return json::Object();
  };
  return aws::Operation::json("TagResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
