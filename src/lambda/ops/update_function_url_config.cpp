#include "lambda/ops/ops.hpp"
#include "lambda/ops/url_support.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const std::string& authority,
                            const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"FunctionName", "Qualifier", "AuthType", "Cors", "InvokeMode"}));
  STATOR_TRY(const auto target, read_url_target(call, input));
  UrlConfig url;
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    const auto found = settings.urls.find(target.qualifier);
    if (found == settings.urls.end()) return url_missing();
    STATOR_TRY_VOID(read_url(input, found->second));
    found->second.last_modified = call.now;
    url = found->second;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(target.reference.key.view(), apply));
  return render_url(target.reference.key, target.qualifier, url, authority);
}

}  // namespace

aws::Operation update_function_url_config(Functions& functions, std::string authority) {
  return aws::Operation::json(
      "UpdateFunctionUrlConfig",
      aws::ByPath{.method = "PUT",
                  .path = "/2021-10-31/functions/{FunctionName}/url",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_url(functions, "lambda:UpdateFunctionUrlConfig"),
      [&functions, authority = std::move(authority)](aws::Call& call, const aws::Input& input) {
        return handle(functions, authority, call, input);
      });
}

}  // namespace stator::lambda::ops
