#include "lambda/errors.hpp"
#include "lambda/ops/concurrency.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_provisioned_reference(call, input));
  STATOR_TRY(const auto version, find_function(functions, reference));
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return function_missing(reference.arn());
  const auto found = settings->provisioned_concurrency.find(reference.qualifier);
  if (found == settings->provisioned_concurrency.end()) return provisioned_missing();
  return render_provisioned(functions, version, found->second);
}

}  // namespace

aws::Operation get_provisioned_concurrency_config(Functions& functions) {
  return aws::Operation::json(
      "GetProvisionedConcurrencyConfig",
      aws::ByPath{.method = "GET",
                  .path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:GetProvisionedConcurrencyConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
