#include <utility>

#include "ecr/errors.hpp"
#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation delete_repository_policy(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("DeleteRepositoryPolicy", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryName"}));
    STATOR_TRY(const auto name, name_of(call, input));
    std::string text;
    STATOR_TRY([[maybe_unused]] const auto changed,
               repositories.update(name, [&](Repository& repository) -> Result<void> {
                 text = std::exchange(repository.policy, "");
                 return {};
               }));
    if (text.empty()) {
      return ecr_error(ErrorCode::kNotFound, "RepositoryPolicyNotFoundException",
                       "Repository policy does not exist for the repository with name '" +
                           name.name + "' in the registry with id '" + name.account + "'");
    }
    auto out = name_members(name);
    out["policyText"] = text;
    return out;
  };
  return aws::Operation::json("DeleteRepositoryPolicy", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
