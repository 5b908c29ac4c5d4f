#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Operation untag_resource(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, resource_of(call, input));
    return with_tags(aws::Needs{{"logs:UntagResource", group_arn(name)}}, store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"resourceArn", "tagKeys"}));
    STATOR_TRY(const auto name, resource_of(call, input));
    STATOR_TRY(const auto keys, input.text_list("tagKeys"));
    STATOR_TRY_VOID(remove_tags(store, name, keys));
    return json::Object();
  };
  return aws::Operation::json("UntagResource", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
