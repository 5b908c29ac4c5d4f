#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Operation list_tags_for_resource(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, resource_of(call, input));
    return with_tags(aws::Needs{{"logs:ListTagsForResource", group_arn(name)}}, store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"resourceArn"}));
    STATOR_TRY(const auto name, resource_of(call, input));
    return describe_tags(store, name);
  };
  return aws::Operation::json("ListTagsForResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
