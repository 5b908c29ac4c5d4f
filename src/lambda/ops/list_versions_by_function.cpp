#include "lambda/configuration.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

/// Functions have $LATEST alone; here its ARN carries the version, as AWS's does.
aws::Operation list_versions_by_function(Functions& functions) {
  return aws::Operation::json(
      "ListVersionsByFunction",
      aws::ByPath{.method = "GET",
                  .path = "/2015-03-31/functions/{FunctionName}/versions",
                  .query = {{"Marker", "Marker"}, {"MaxItems", "MaxItems"}}},
      needs_function(functions, "lambda:ListVersionsByFunction"),
      [&functions](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto reference, read_reference(call, input));
        STATOR_TRY(const auto record, find_function(functions, reference));
        json::Object version = render_configuration(*record, Phase::kSettled);
        version["FunctionArn"] = record->arn() + ":$LATEST";
        return json::Object{{"Versions", json::Array{std::move(version)}}};
      });
}

}  // namespace stator::lambda::ops
