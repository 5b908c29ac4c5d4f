#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/url_support.hpp"

namespace stator::lambda::ops {

aws::Operation get_function_url_config(Functions& functions, std::string authority) {
  return aws::Operation::json(
      "GetFunctionUrlConfig",
      aws::ByPath{.method = "GET",
                  .path = "/2021-10-31/functions/{FunctionName}/url",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_url(functions, "lambda:GetFunctionUrlConfig"),
      [&functions, authority = std::move(authority)](
          aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto target, read_url_target(call, input));
        const auto settings = functions.catalog().settings(target.reference.key.view());
        if (settings == nullptr) return function_missing(target.reference.arn());
        const auto url = settings->urls.find(target.qualifier);
        if (url == settings->urls.end()) return url_missing();
        return render_url(target.reference.key, target.qualifier, url->second, authority);
      });
}

}  // namespace stator::lambda::ops
