#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation get_layer_version(Functions& functions) {
  return aws::Operation::json(
      "GetLayerVersion",
      aws::ByPath{.method = "GET",
                  .path = "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}"},
      needs_layer_version(functions, "lambda:GetLayerVersion"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_layer_reference(call, input));
        STATOR_TRY(const auto record, functions.catalog().find_layer(reference));
        return render_layer_version(record);
      });
}

}  // namespace stator::lambda::ops
