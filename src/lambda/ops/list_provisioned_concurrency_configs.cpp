#include "lambda/errors.hpp"
#include "lambda/ops/concurrency.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(auto reference, read_reference(call, input));
  STATOR_TRY(const auto page, read_page_size(input));
  STATOR_TRY(const auto after, read_marker(input));
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return function_missing(reference.arn());
  json::Object out;
  json::Array list;
  for (const auto& [qualifier, provisioned] : settings->provisioned_concurrency) {
    if (!after.empty() && qualifier <= after) continue;
    if (list.size() == page) {
      out["NextMarker"] = make_marker(reference.qualifier);
      break;
    }
    reference.qualifier = qualifier;
    const auto version = functions.catalog().resolve(reference);
    json::Object one = render_provisioned(functions, version, provisioned);
    one["FunctionArn"] = reference.qualified_arn();
    list.push_back(std::move(one));
  }
  out["ProvisionedConcurrencyConfigs"] = std::move(list);
  return out;
}

}  // namespace

aws::Operation list_provisioned_concurrency_configs(Functions& functions) {
  return aws::Operation::json(
      "ListProvisionedConcurrencyConfigs",
      aws::ByPath{.method = "GET",
                  .path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
                  .query = {{"Marker", "Marker"}, {"MaxItems", "MaxItems"}},
                  .required_query = "List"},
      needs_function(functions, "lambda:ListProvisionedConcurrencyConfigs"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
