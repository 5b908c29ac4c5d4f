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
        if (is_alias_name(reference.qualifier)) {
          return invalid_parameter("Deletion of aliases is not currently supported.");
        }
        const FunctionKeyView key = reference.key.view();
        if (functions.catalog().find(key) == nullptr) {
          return function_missing(reference.qualified_arn());
        }
        if (reference.qualifier == kLatest) {
          return invalid_parameter(
              "$LATEST version cannot be deleted without deleting the function.");
        }
        if (reference.qualifier.empty()) {
          STATOR_TRY_VOID(functions.catalog().remove(key));
        } else {
          STATOR_TRY_VOID(functions.catalog().remove_version(key, reference.qualifier));
        }
        functions.refresh(key);
        functions.sweep_code();
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
