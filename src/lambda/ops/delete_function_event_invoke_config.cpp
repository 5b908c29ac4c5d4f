#include "lambda/ops/event_invoke_support.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {

aws::Operation delete_function_event_invoke_config(Functions& functions) {
  return aws::Operation::json(
      "DeleteFunctionEventInvokeConfig",
      aws::ByPath{.method = "DELETE",
                  .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config",
                  .status = 204,
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:DeleteFunctionEventInvokeConfig"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto target, read_event_invoke_target(call, input));
        const auto apply = [&](FunctionSettings& settings) -> Result<void> {
          if (settings.event_invoke.erase(target.qualifier) == 0) {
            return event_invoke_missing(target);
          }
          return {};
        };
        STATOR_TRY_VOID(functions.catalog().change_settings(target.reference.key.view(), apply));
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
