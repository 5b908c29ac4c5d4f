#include "base/ids.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/alias.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig", "RevisionId"}));
  STATOR_TRY(const auto reference, read_alias_reference(call, input));
  STATOR_TRY(const auto revision, input.text("RevisionId"));
  const FunctionKeyView key = reference.key.view();
  Alias alias;
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    const auto found = settings.aliases.find(reference.qualifier);
    if (found == settings.aliases.end()) return alias_missing(reference);
    alias = found->second;
    if (revision && *revision != alias.revision_id) return stale_revision("GetFunction/GetAlias");
    STATOR_TRY_VOID(read_alias(input, functions.catalog(), key, alias));
    alias.revision_id = uuid4(functions.random());
    found->second = alias;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(key, apply));
  functions.apply_settings(key);
  return render_alias(reference, alias);
}

}  // namespace

aws::Operation update_alias(Functions& functions) {
  return aws::Operation::json(
      "UpdateAlias",
      aws::ByPath{.method = "PUT", .path = "/2015-03-31/functions/{FunctionName}/aliases/{Name}"},
      needs_function(functions, "lambda:UpdateAlias"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
