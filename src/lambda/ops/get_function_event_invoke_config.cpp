#include "lambda/errors.hpp"
#include "lambda/ops/event_invoke_support.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {

aws::Operation get_function_event_invoke_config(Functions& functions) {
  return aws::Operation::json(
      "GetFunctionEventInvokeConfig",
      aws::ByPath{.method = "GET",
                  .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:GetFunctionEventInvokeConfig"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto target, read_event_invoke_target(call, input));
        const auto settings = functions.catalog().settings(target.reference.key.view());
        if (settings == nullptr) return function_missing(target.reference.arn());
        const auto found = settings->event_invoke.find(target.qualifier);
        if (found == settings->event_invoke.end()) return event_invoke_missing(target);
        return render_event_invoke(target.reference.key, target.qualifier, found->second);
      });
}

}  // namespace stator::lambda::ops
