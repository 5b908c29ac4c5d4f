#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation remove_tags_from_resource(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, tagged_of(call, input));
    return aws::Needs{need_of("RemoveTagsFromResource", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"ResourceType", "ResourceId", "TagKeys"}));
    STATOR_TRY(const auto reference, tagged_of(call, input));
    STATOR_TRY(const auto keys, input.text_list("TagKeys"));
    STATOR_TRY_VOID(
        parameters.update_tags(place_of(call), reference.name, [&keys](Tags& kept) -> Result<void> {
          for (const auto& key : keys) kept.erase(key);
          return {};
        }));
    return json::Object();
  };
  return aws::Operation::json("RemoveTagsFromResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
