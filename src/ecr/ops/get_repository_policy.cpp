#include "ecr/errors.hpp"
#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation get_repository_policy(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("GetRepositoryPolicy", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryName"}));
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY(const auto repository, repositories.find(name));
    const auto& text = repository.policy;
    if (text.empty()) {
      return ecr_error(ErrorCode::kNotFound, "RepositoryPolicyNotFoundException",
                       "Repository policy does not exist for the repository with name '" +
                           name.name + "' in the registry with id '" + name.account + "'");
    }
    auto out = name_members(name);
    out["policyText"] = text;
    return out;
  };
  return aws::Operation::json("GetRepositoryPolicy", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
