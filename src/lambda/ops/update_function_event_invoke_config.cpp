#include "lambda/ops/event_invoke_support.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

/// Keeps what the request does not say.
Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto target, read_event_invoke_target(call, input));
  EventInvokeConfig config;
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    const auto found = settings.event_invoke.find(target.qualifier);
    if (found == settings.event_invoke.end()) return event_invoke_missing(target);
    STATOR_TRY_VOID(read_event_invoke(functions, call, input, found->second));
    config = found->second;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(target.reference.key.view(), apply));
  return render_event_invoke(target.reference.key, target.qualifier, config);
}

}  // namespace

aws::Operation update_function_event_invoke_config(Functions& functions) {
  return aws::Operation::json(
      "UpdateFunctionEventInvokeConfig",
      aws::ByPath{.method = "POST",
                  .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:UpdateFunctionEventInvokeConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
