#include "ecr/errors.hpp"
#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

namespace {

Result<void> check_encryption(const aws::Input& input) {
  STATOR_TRY(const json::Object* object, input.object("encryptionConfiguration"));
  if (object == nullptr) return {};
  const auto configuration = input.nested(*object);
  STATOR_TRY_VOID(configuration.allow_only({"encryptionType"}));
  STATOR_TRY(const auto type, configuration.required_text("encryptionType"));
  if (type != "AES256") return not_supported("the encryption " + type);
  return {};
}

}  // namespace

aws::Operation create_repository(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, name_of(call, input));
    STATOR_TRY(auto wanted, needs_of("CreateRepository", repositories, name, input));
    if (input.has("tags")) {
      STATOR_TRY(auto tagging, needs_of("TagResource", repositories, name, input));
      wanted.push_back(std::move(tagging.front()));
    }
    return wanted;
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryName", "tags", "imageTagMutability",
                                      "imageScanningConfiguration", "encryptionConfiguration"}));
    STATOR_TRY(const auto name, name_of(call, input));
    Repository repository{name.name, epoch_ms(call.now)};
    STATOR_TRY(repository.tag_mutability, mutability_of(input));
    STATOR_TRY(repository.is_scanned_on_push, scanning_of(input));
    STATOR_TRY(repository.tags, tags_of(input));
    STATOR_TRY_VOID(check_encryption(input));
    STATOR_TRY_VOID(repositories.create(name, repository));
    return json::Object{{"repository", describe(name, repository)}};
  };
  return aws::Operation::json("CreateRepository", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
