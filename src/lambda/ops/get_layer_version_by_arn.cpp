#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<LayerReference> read_arn(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto arn, input.required_text("Arn"));
  STATOR_TRY(const auto reference, parse_layer_version_arn(arn));
  if (reference.region != call.region) {
    return resource_missing("Layers from '" + reference.region +
                            "' are not reachable in this region ('" + call.region + "')");
  }
  return reference;
}

}  // namespace

aws::Operation get_layer_version_by_arn(Functions& functions) {
  return aws::Operation::json(
      "GetLayerVersionByArn",
      aws::ByPath{.method = "GET",
                  .path = "/2018-10-31/layers",
                  .query = {{"Arn", "Arn"}, {"find", "find"}},
                  .required_query = "find"},
      [&functions](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto reference, read_arn(call, input));
        STATOR_TRY(auto need, layer_need(functions, "lambda:GetLayerVersion", reference));
        return aws::Needs{std::move(need)};
      },
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto find, input.text("find"));
        if (find && *find != "LayerVersion") {
          return constraint_failed(*find, "find", "satisfy enum value set: [LayerVersion]");
        }
        STATOR_TRY(const auto reference, read_arn(call, input));
        STATOR_TRY(const auto record, functions.catalog().find_layer(reference));
        return render_layer_version(record);
      });
}

}  // namespace stator::lambda::ops
