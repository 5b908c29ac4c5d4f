#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

/// Functions that use the version keep it; deleting what is gone is no error.
aws::Operation delete_layer_version(Functions& functions) {
  return aws::Operation::json(
      "DeleteLayerVersion",
      aws::ByPath{.method = "DELETE",
                  .path = "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}",
                  .status = 204},
      needs_layer_version(functions, "lambda:DeleteLayerVersion"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_layer_reference(call, input));
        STATOR_TRY_VOID(functions.catalog().remove_layer(reference));
        functions.sweep_code();
        return json::Object{};
      });
}

}  // namespace stator::lambda::ops
