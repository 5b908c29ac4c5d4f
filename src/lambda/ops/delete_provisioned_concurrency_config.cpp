#include "lambda/errors.hpp"
#include "lambda/ops/concurrency.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_provisioned_reference(call, input));
  STATOR_TRY_VOID(find_function(functions, reference));
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    settings.provisioned_concurrency.erase(reference.qualifier);
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(reference.key.view(), apply));
  functions.apply_settings(reference.key.view());
  return json::Object{};
}

}  // namespace

aws::Operation delete_provisioned_concurrency_config(Functions& functions) {
  return aws::Operation::json(
      "DeleteProvisionedConcurrencyConfig",
      aws::ByPath{.method = "DELETE",
                  .path = "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
                  .status = 204,
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:DeleteProvisionedConcurrencyConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
