#include "base/ids.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/alias.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig"}));
  STATOR_TRY(const auto reference, read_alias_reference(call, input));
  STATOR_TRY([[maybe_unused]] const auto version, input.required_text("FunctionVersion"));
  const FunctionKeyView key = reference.key.view();
  Alias alias;
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    if (settings.aliases.contains(reference.qualifier)) {
      return resource_conflict("Alias already exists: " + reference.qualified_arn());
    }
    STATOR_TRY_VOID(read_alias(input, functions.catalog(), key, alias));
    alias.revision_id = uuid4(functions.random());
    settings.aliases[reference.qualifier] = alias;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(key, apply));
  return render_alias(reference, alias);
}

}  // namespace

aws::Operation create_alias(Functions& functions) {
  return aws::Operation::json(
      "CreateAlias",
      aws::ByPath{
          .method = "POST", .path = "/2015-03-31/functions/{FunctionName}/aliases", .status = 201},
      needs_function(functions, "lambda:CreateAlias"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
