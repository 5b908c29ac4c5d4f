#include "lambda/ops/ops.hpp"
#include "lambda/ops/url_support.hpp"

namespace stator::lambda::ops {

aws::Operation delete_function_url_config(Functions& functions) {
  return aws::Operation::json(
      "DeleteFunctionUrlConfig",
      aws::ByPath{.method = "DELETE",
                  .path = "/2021-10-31/functions/{FunctionName}/url",
                  .status = 204,
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_url(functions, "lambda:DeleteFunctionUrlConfig"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto target, read_url_target(call, input));
        const auto apply = [&](FunctionSettings& settings) -> Result<void> {
          if (settings.urls.erase(target.qualifier) == 0) return url_missing();
          return {};
        };
        STATOR_TRY_VOID(functions.catalog().change_settings(target.reference.key.view(), apply));
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
