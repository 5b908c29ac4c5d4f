#include "lambda/errors.hpp"
#include "lambda/ops/alias.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

/// With everything that is kept under its name. Nothing happens when there is none, as on AWS.
Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_alias_reference(call, input));
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    if (settings.aliases.erase(reference.qualifier) > 0) {
      settings.forget_qualifier(reference.qualifier);
    }
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(reference.key.view(), apply));
  functions.apply_settings(reference.key.view());
  return json::Object{};
}

}  // namespace

aws::Operation delete_alias(Functions& functions) {
  return aws::Operation::json(
      "DeleteAlias",
      aws::ByPath{.method = "DELETE",
                  .path = "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
                  .status = 204},
      needs_function(functions, "lambda:DeleteAlias"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
