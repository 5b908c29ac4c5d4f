#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

/// A function without code signing answers with its name alone.
aws::Operation get_function_code_signing_config(Functions& functions) {
  return aws::Operation::json(
      "GetFunctionCodeSigningConfig",
      aws::ByPath{.method = "GET",
                  .path = "/2020-06-30/functions/{FunctionName}/code-signing-config"},
      needs_function(functions, "lambda:GetFunctionCodeSigningConfig"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_reference(call, input));
        STATOR_TRY(const auto record, find_function(functions, reference));
        return json::Object{{"FunctionName", record->key.name}};
      });
}

}  // namespace stator::lambda::ops
