#include "lambda/errors.hpp"
#include "lambda/ops/concurrency.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return function_missing(reference.arn());
  json::Object out;
  if (settings->reserved_concurrency) {
    out["ReservedConcurrentExecutions"] = *settings->reserved_concurrency;
  }
  return out;
}

}  // namespace

aws::Operation get_function_concurrency(Functions& functions) {
  return aws::Operation::json(
      "GetFunctionConcurrency",
      aws::ByPath{.method = "GET", .path = "/2019-09-30/functions/{FunctionName}/concurrency"},
      needs_function(functions, "lambda:GetFunctionConcurrency"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
