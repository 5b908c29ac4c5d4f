#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/page.hpp"
#include "lambda/ops/url_support.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const std::string& authority,
                            const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(auto page, Page::read(input));
  const auto settings = functions.catalog().settings(reference.key.view());
  if (settings == nullptr) return function_missing(reference.arn());
  json::Array list;
  for (const auto& [qualifier, url] : settings->urls) {
    if (page.takes(qualifier)) {
      list.push_back(render_url(reference.key, qualifier, url, authority));
    }
  }
  json::Object out{{"FunctionUrlConfigs", std::move(list)}};
  page.finish(out);
  return out;
}

}  // namespace

aws::Operation list_function_url_configs(Functions& functions, std::string authority) {
  return aws::Operation::json(
      "ListFunctionUrlConfigs",
      aws::ByPath{.method = "GET",
                  .path = "/2021-10-31/functions/{FunctionName}/urls",
                  .query = {{"Marker", "Marker"}, {"MaxItems", "MaxItems"}}},
      needs_function(functions, "lambda:ListFunctionUrlConfigs"),
      [&functions, authority = std::move(authority)](aws::Call& call, const aws::Input& input) {
        return handle(functions, authority, call, input);
      });
}

}  // namespace stator::lambda::ops
