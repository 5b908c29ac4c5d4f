#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

aws::Operation get_layer_version_policy(Functions& functions) {
  return aws::Operation::json(
      "GetLayerVersionPolicy",
      aws::ByPath{.method = "GET",
                  .path = "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy"},
      needs_layer_version(functions, "lambda:GetLayerVersionPolicy"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_layer_reference(call, input));
        STATOR_TRY(const auto record, functions.catalog().find_layer(reference));
        if (record.policy.empty()) {
          return resource_missing("No policy is associated with the given resource.");
        }
        return json::Object{{"Policy", render_policy(record.policy)},
                            {"RevisionId", record.revision_id}};
      });
}

}  // namespace stator::lambda::ops
