#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Operation tag_resource(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, resource_of(call, input));
    return with_tags(aws::Needs{{"logs:TagResource", group_arn(name)}}, store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"resourceArn", "tags"}));
    STATOR_TRY(const auto name, resource_of(call, input));
    STATOR_TRY(const auto tags, tags_of(input, "tags"));
    STATOR_TRY_VOID(add_tags(store, name, tags));
    return json::Object();
  };
  return aws::Operation::json("TagResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
