#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation add_tags_to_resource(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, tagged_of(call, input));
    return aws::Needs{need_of("AddTagsToResource", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"ResourceType", "ResourceId", "Tags"}));
    STATOR_TRY(const auto reference, tagged_of(call, input));
    STATOR_TRY(const auto tags, tags_of(input));
    STATOR_TRY_VOID(
        parameters.update_tags(place_of(call), reference.name, [&tags](Tags& kept) -> Result<void> {
          for (const auto& [key, value] : tags) kept[key] = value;
          if (kept.size() > Parameters::kTagsMax) return too_many_tags();
          return {};
        }));
    return json::Object();
  };
  return aws::Operation::json("AddTagsToResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
