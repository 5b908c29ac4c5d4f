#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Operation untag_log_group(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, group_of(call, input));
    return with_tags(needs_group("logs:UntagLogGroup", name), store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"logGroupName", "tags"}));
    STATOR_TRY(const auto name, group_of(call, input));
    STATOR_TRY(const auto keys, input.text_list("tags"));
    STATOR_TRY_VOID(remove_tags(store, name, keys));
    return json::Object();
  };
  return aws::Operation::json("UntagLogGroup", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
