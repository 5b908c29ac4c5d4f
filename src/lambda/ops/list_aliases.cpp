#include "lambda/errors.hpp"
#include "lambda/ops/alias.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {
namespace {

/// By name; with FunctionVersion those alone that point at it, also by a weight.
Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  STATOR_TRY(const auto version, input.text("FunctionVersion"));
  STATOR_TRY(const auto page, read_page_size(input));
  STATOR_TRY(const auto after, read_marker(input));
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return function_missing(reference.arn());
  json::Object out;
  json::Array list;
  std::string last;
  for (const auto& [name, alias] : settings->aliases) {
    if (!after.empty() && name <= after) continue;
    if (version && alias.version != *version && !alias.weights.contains(*version)) continue;
    if (list.size() == page) {
      out["NextMarker"] = make_marker(last);
      break;
    }
    reference.qualifier = name;
    list.push_back(render_alias(reference, alias));
    last = name;
  }
  out["Aliases"] = std::move(list);
  return out;
}

}  // namespace

aws::Operation list_aliases(Functions& functions) {
  return aws::Operation::json("ListAliases",
                              aws::ByPath{.method = "GET",
                                          .path = "/2015-03-31/functions/{FunctionName}/aliases",
                                          .query = {{"FunctionVersion", "FunctionVersion"},
                                                    {"Marker", "Marker"},
                                                    {"MaxItems", "MaxItems"}}},
                              needs_function(functions, "lambda:ListAliases"),
                              [&functions](aws::Call& call, const aws::Input& input) {
                                return handle(functions, call, input);
                              });
}

}  // namespace stator::lambda::ops
