#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation delete_function(Functions& functions) {
  return aws::Operation::json(
      "DeleteFunction",
      aws::ByPath{.method = "DELETE",
                  .path = "/2015-03-31/functions/{FunctionName}",
                  .status = 204,
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:DeleteFunction"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_reference(call, input));
        STATOR_TRY(const auto record, find_function(functions, reference));
        if (!reference.qualifier.empty()) {
          return invalid_parameter(
              "$LATEST version cannot be deleted without deleting the function.");
        }
        STATOR_TRY_VOID(functions.catalog().remove(reference.key.view()));
        functions.refresh(reference.key.view());
        functions.sweep_code();
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
