#include "base/ids.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/url_support.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::size_t kIdLength = 32;

Result<json::Object> handle(Functions& functions, const std::string& authority,
                            const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"FunctionName", "Qualifier", "AuthType", "Cors", "InvokeMode"}));
  STATOR_TRY(const auto target, read_url_target(call, input));
  STATOR_TRY([[maybe_unused]] const auto auth, input.required_text("AuthType"));
  UrlConfig url;
  STATOR_TRY_VOID(read_url(input, url));
  url.id = random_text(functions.random(), kLowerAlnum, kIdLength);
  url.created = url.last_modified = call.now;
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    if (target.qualifier != kLatest && !settings.aliases.contains(target.qualifier)) {
      return function_missing(target.arn());
    }
    if (!settings.urls.emplace(target.qualifier, url).second) {
      return resource_conflict(
          "Failed to create function url config for [functionArn = " + target.arn() +
          "]. Error message:  FunctionUrlConfig exists for this Lambda "
          "function");
    }
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(target.reference.key.view(), apply));
  auto out = render_url(target.reference.key, target.qualifier, url, authority);
  out.erase("LastModifiedTime");
  return out;
}

}  // namespace

aws::Operation create_function_url_config(Functions& functions, std::string authority) {
  return aws::Operation::json(
      "CreateFunctionUrlConfig",
      aws::ByPath{.method = "POST",
                  .path = "/2021-10-31/functions/{FunctionName}/url",
                  .status = 201,
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_url(functions, "lambda:CreateFunctionUrlConfig"),
      [&functions, authority = std::move(authority)](aws::Call& call, const aws::Input& input) {
        return handle(functions, authority, call, input);
      });
}

}  // namespace stator::lambda::ops
