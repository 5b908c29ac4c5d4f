#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation delete_repository(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("DeleteRepository", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryName", "force"}));
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY([[maybe_unused]] const auto is_forced, input.boolean("force"));
    STATOR_TRY(const auto repository, repositories.remove(name));
    return json::Object{{"repository", describe(name, repository)}};
  };
  return aws::Operation::json("DeleteRepository", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
