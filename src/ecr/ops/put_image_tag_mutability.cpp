#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation put_image_tag_mutability(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("PutImageTagMutability", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryName", "imageTagMutability"}));
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY(const auto mutability, mutability_of(input));
    STATOR_TRY([[maybe_unused]] const auto changed,
               repositories.update(name, [&](Repository& repository) -> Result<void> {
                 repository.tag_mutability = mutability;
                 return {};
               }));
    auto out = name_members(name);
    out["imageTagMutability"] = mutability;
    return out;
  };
  return aws::Operation::json("PutImageTagMutability", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
