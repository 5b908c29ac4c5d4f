#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation list_images(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("ListImages", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(
        input.allow_only({"registryId", "repositoryName", "nextToken", "maxResults", "filter"}));
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY([[maybe_unused]] const auto repository, repositories.find(name));
    return json::Object{{"imageIds", json::Array()}};
  };
  return aws::Operation::json("ListImages", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
