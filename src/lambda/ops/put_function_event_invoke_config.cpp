#include "lambda/ops/event_invoke_support.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

/// Replaces what there was.
Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto target, read_event_invoke_target(call, input));
  STATOR_TRY_VOID(find_function(functions, target.reference));
  EventInvokeConfig config;
  STATOR_TRY_VOID(read_event_invoke(functions, call, input, config));
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    settings.event_invoke[target.qualifier] = config;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(target.reference.key.view(), apply));
  return render_event_invoke(target.reference.key, target.qualifier, config);
}

}  // namespace

aws::Operation put_function_event_invoke_config(Functions& functions) {
  return aws::Operation::json(
      "PutFunctionEventInvokeConfig",
      aws::ByPath{.method = "PUT",
                  .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:PutFunctionEventInvokeConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
