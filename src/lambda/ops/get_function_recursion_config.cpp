#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation get_function_recursion_config(Functions& functions) {
  return aws::Operation::json(
      "GetFunctionRecursionConfig",
      aws::ByPath{.method = "GET", .path = "/2024-08-31/functions/{FunctionName}/recursion-config"},
      needs_function(functions, "lambda:GetFunctionRecursionConfig"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_reference(call, input));
        const auto settings = functions.catalog().settings(reference.key.view());
        if (settings == nullptr) return function_missing(reference.arn());
        return json::Object{{"RecursiveLoop", settings->allows_recursion ? "Allow" : "Terminate"}};
      });
}

}  // namespace stator::lambda::ops
