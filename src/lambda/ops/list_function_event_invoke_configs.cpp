#include "lambda/errors.hpp"
#include "lambda/ops/event_invoke_support.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/page.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(auto page, Page::read(input));
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return function_missing(reference.arn());
  json::Array list;
  for (const auto& [qualifier, config] : settings->event_invoke) {
    if (page.takes(qualifier)) {
      list.push_back(render_event_invoke(reference.key, qualifier, config));
    }
  }
  json::Object out{{"FunctionEventInvokeConfigs", std::move(list)}};
  page.finish(out);
  return out;
}

}  // namespace

aws::Operation list_function_event_invoke_configs(Functions& functions) {
  return aws::Operation::json(
      "ListFunctionEventInvokeConfigs",
      aws::ByPath{.method = "GET",
                  .path = "/2019-09-25/functions/{FunctionName}/event-invoke-config/list",
                  .query = {{"Marker", "Marker"}, {"MaxItems", "MaxItems"}}},
      needs_function(functions, "lambda:ListFunctionEventInvokeConfigs"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
