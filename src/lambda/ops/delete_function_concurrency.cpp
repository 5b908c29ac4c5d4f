#include "lambda/errors.hpp"
#include "lambda/ops/concurrency.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  const auto apply = [](FunctionSettings& settings) -> Result<void> {
    settings.reserved_concurrency.reset();
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(reference.key.view(), apply));
  functions.apply_settings(reference.key.view());
  return json::Object{};
}

}  // namespace

aws::Operation delete_function_concurrency(Functions& functions) {
  return aws::Operation::json(
      "DeleteFunctionConcurrency",
      aws::ByPath{.method = "DELETE",
                  .path = "/2017-10-31/functions/{FunctionName}/concurrency",
                  .status = 204},
      needs_function(functions, "lambda:DeleteFunctionConcurrency"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
