#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Operation delete_log_stream(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, stream_of(call, input));
    return with_tags(needs_stream("logs:DeleteLogStream", name), store, name.group_name(), input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"logGroupName", "logStreamName"}));
    STATOR_TRY(const auto name, stream_of(call, input));
    STATOR_TRY_VOID(store.delete_stream(name));
    return json::Object();
  };
  return aws::Operation::json("DeleteLogStream", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
