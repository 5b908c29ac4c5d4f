#include "lambda/errors.hpp"
#include "lambda/ops/alias.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_alias_reference(call, input));
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return alias_missing(reference);
  const auto found = settings->aliases.find(reference.qualifier);
  if (found == settings->aliases.end()) return alias_missing(reference);
  return render_alias(reference, found->second);
}

}  // namespace

aws::Operation get_alias(Functions& functions) {
  return aws::Operation::json(
      "GetAlias",
      aws::ByPath{.method = "GET", .path = "/2015-03-31/functions/{FunctionName}/aliases/{Name}"},
      needs_function(functions, "lambda:GetAlias"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
