#include "lambda/configuration.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation get_function_configuration(Functions& functions) {
  return aws::Operation::json(
      "GetFunctionConfiguration",
      aws::ByPath{.method = "GET",
                  .path = "/2015-03-31/functions/{FunctionName}/configuration",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:GetFunctionConfiguration"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_reference(call, input));
        STATOR_TRY(const auto record, find_function(functions, reference));
        return render_function(reference, *record);
      });
}

}  // namespace stator::lambda::ops
