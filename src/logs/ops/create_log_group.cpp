#include "logs/errors.hpp"
#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Operation create_log_group(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, group_of(call, input));
    auto wanted = needs_group("logs:CreateLogGroup", name);
    if (input.has("tags")) wanted.push_back({"logs:TagResource", group_arn(name)});
    return with_tags(std::move(wanted), store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(
        input.allow_only({"logGroupName", "tags", "logGroupClass", "deletionProtectionEnabled"}));
    STATOR_TRY(const auto name, group_of(call, input));
    STATOR_TRY(const auto log_class, input.text("logGroupClass"));
    if (log_class.value_or("STANDARD") != "STANDARD") {
      return not_supported("the log group class " + *log_class);
    }
    STATOR_TRY(const auto is_protected, input.boolean("deletionProtectionEnabled"));
    if (is_protected.value_or(false)) return not_supported("deletion protection");
    Group group{name.group, epoch_ms(call.now)};
    STATOR_TRY(group.tags, tags_of(input, "tags"));
    STATOR_TRY_VOID(store.create_group(name, group));
    return json::Object();
  };
  return aws::Operation::json("CreateLogGroup", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
