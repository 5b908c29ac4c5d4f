#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"FunctionName", "RecursiveLoop"}));
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto loop, input.required_text("RecursiveLoop"));
  if (loop != "Allow" && loop != "Terminate") {
    return constraint_failed(loop, "recursiveLoop", "satisfy enum value set: [Allow, Terminate]");
  }
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    settings.allows_recursion = loop == "Allow";
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(reference.key.view(), apply));
  return json::Object{{"RecursiveLoop", loop}};
}

}  // namespace

aws::Operation put_function_recursion_config(Functions& functions) {
  return aws::Operation::json(
      "PutFunctionRecursionConfig",
      aws::ByPath{.method = "PUT", .path = "/2024-08-31/functions/{FunctionName}/recursion-config"},
      needs_function(functions, "lambda:PutFunctionRecursionConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
