#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation untag_resource(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, resource_of(call, input));
    return needs_of("UntagResource", repositories, name, input);
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"resourceArn", "tagKeys"}));
    STATOR_TRY(const auto name, resource_of(call, input));
    STATOR_TRY(const auto keys, input.text_list("tagKeys"));
    STATOR_TRY([[maybe_unused]] const auto changed,
               repositories.update(name, [&](Repository& repository) -> Result<void> {
                 for (const auto& key : keys) repository.tags.erase(key);
                 return {};
               }));
    return json::Object();
  };
  return aws::Operation::json("UntagResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
