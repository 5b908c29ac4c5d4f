#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation put_image_scanning_configuration(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    return needs_of("PutImageScanningConfiguration", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(
        input.allow_only({"registryId", "repositoryName", "imageScanningConfiguration"}));
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY(const bool is_scanned, scanning_of(input));
    STATOR_TRY([[maybe_unused]] const auto changed,
               repositories.update(name, [&](Repository& repository) -> Result<void> {
                 repository.is_scanned_on_push = is_scanned;
                 return {};
               }));
    auto out = name_members(name);
    out["imageScanningConfiguration"] = json::Object{{"scanOnPush", is_scanned}};
    return out;
  };
  return aws::Operation::json("PutImageScanningConfiguration", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
