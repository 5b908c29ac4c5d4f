#include "ssm/errors.hpp"
#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation list_tags_for_resource(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, tagged_of(call, input));
    return aws::Needs{need_of("ListTagsForResource", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"ResourceType", "ResourceId"}));
    STATOR_TRY(const auto reference, tagged_of(call, input));
    STATOR_TRY(const auto found, parameters.find_parameter(place_of(call), reference.name));
    if (!found) {
      return ssm_error(ErrorCode::kNotFound, "InvalidResourceId",
                       "The resource ID " + reference.name + " is not valid.");
    }
    json::Array list;
    for (const auto& [key, value] : found->tags) {
      list.push_back(json::Object{{"Key", key}, {"Value", value}});
    }
    return json::Object{{"TagList", std::move(list)}};
  };
  return aws::Operation::json("ListTagsForResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
