#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/quick_create.hpp"
#include "apigateway/rules/rules.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"name", "protocolType", "description", "tags", "version", "routeSelectionExpression",
       "apiKeySelectionExpression", "disableExecuteApiEndpoint", "disableSchemaValidation",
       "ipAddressType", "corsConfiguration", "target", "routeKey", "credentialsArn"}));
  STATOR_TRY_VOID(input.required_text("name"));
  STATOR_TRY(const std::string protocol, input.required_text("protocolType"));
  if (protocol == "WEBSOCKET") return unsupported("WebSocket APIs are not supported by stator");
  if (protocol != "HTTP")
    return bad_request("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]");

  json::Object record{{"protocolType", protocol}, {"createdDate", iso8601(call.now)}};
  STATOR_TRY_VOID(apply_api(input, record));
  STATOR_TRY_VOID(apply_tags(input, record));
  return apis.create_api(call, std::move(record), [&](Draft& draft) {
    return quick_create(input, draft, iso8601(call.now));
  });
}

}  // namespace

aws::Operation create_api(Apis& apis) {
  return aws::Operation::json(
      "CreateApi", aws::ByPath{.method = "POST", .path = "/v2/apis", .status = 201},
      with_role(needs_of(apis, "POST", "/v2/apis"), "credentialsArn"),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
