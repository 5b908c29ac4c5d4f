#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Operation delete_retention_policy(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, group_of(call, input));
    return with_tags(needs_group("logs:DeleteRetentionPolicy", name), store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"logGroupName"}));
    STATOR_TRY(const auto name, group_of(call, input));
    STATOR_TRY_VOID(store.update_group(name, [](Group& group) -> Result<void> {
      group.retention_days = std::nullopt;
      return {};
    }));
    return json::Object();
  };
  return aws::Operation::json("DeleteRetentionPolicy", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
