#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation list_tags_for_resource(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, resource_of(call, input));
    return needs_of("ListTagsForResource", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"resourceArn"}));
    STATOR_TRY(const auto name, resource_of(call, input));
    STATOR_TRY(const auto repository, repositories.find(name));
    json::Array tags;
    for (const auto& [key, value] : repository.tags) {
      tags.push_back(json::Object{{"Key", key}, {"Value", value}});
    }
    return json::Object{{"tags", std::move(tags)}};
  };
  return aws::Operation::json("ListTagsForResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
