#include <algorithm>
#include <iterator>

#include "logs/errors.hpp"
#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {
namespace {

constexpr std::int64_t kDays[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                                  365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

Result<std::int64_t> days_of(const aws::Input& input) {
  STATOR_TRY(const auto days, input.integer("retentionInDays"));
  if (days && std::find(std::begin(kDays), std::end(kDays), *days) != std::end(kDays)) return *days;
  return invalid_parameter("1 validation error detected: Value '" +
                           (days ? std::to_string(*days) : "null") +
                           "' at 'retentionInDays' failed to satisfy constraint: Member must be "
                           "one of the numbers of days that CloudWatch Logs knows (1, 3, 5, 7, 14, "
                           "30, 60, 90, ...)");
}

}  // namespace

aws::Operation put_retention_policy(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, group_of(call, input));
    return with_tags(needs_group("logs:PutRetentionPolicy", name), store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"logGroupName", "retentionInDays"}));
    STATOR_TRY(const auto name, group_of(call, input));
    STATOR_TRY(const auto days, days_of(input));
    STATOR_TRY_VOID(store.update_group(name, [days](Group& group) -> Result<void> {
      group.retention_days = days;
      return {};
    }));
    return json::Object();
  };
  return aws::Operation::json("PutRetentionPolicy", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
