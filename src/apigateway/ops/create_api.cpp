#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

constexpr std::string_view kRouteSelection = "$request.method $request.path";
constexpr std::string_view kApiKeySelection = "$request.header.x-api-key";
constexpr std::size_t kNameBytesMax = 128;

/// What clients send as a matter of course may be sent, but only with the value that is in force.
Result<void> expect_default(const aws::Input& input, std::string_view member,
                            std::string_view value) {
  STATOR_TRY(const auto given, input.text(member));
  if (given && *given != value) {
    return unsupported(std::string(member) + " other than '" + std::string(value) +
                       "' is not supported by stator");
  }
  return {};
}

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"name", "protocolType", "description", "tags", "version",
                                    "routeSelectionExpression", "apiKeySelectionExpression",
                                    "disableExecuteApiEndpoint", "disableSchemaValidation"}));
  STATOR_TRY(const std::string name, input.required_text("name"));
  STATOR_TRY(const std::string protocol, input.required_text("protocolType"));
  if (name.size() > kNameBytesMax) return bad_request("Name is too long");
  if (protocol == "WEBSOCKET") return unsupported("WebSocket APIs are not supported by stator");
  if (protocol != "HTTP")
    return bad_request("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]");
  STATOR_TRY_VOID(expect_default(input, "routeSelectionExpression", kRouteSelection));
  STATOR_TRY_VOID(expect_default(input, "apiKeySelectionExpression", kApiKeySelection));
  for (const std::string_view flag : {"disableExecuteApiEndpoint", "disableSchemaValidation"}) {
    STATOR_TRY(const auto given, input.boolean(flag));
    if (given.value_or(false)) {
      return unsupported(std::string(flag) + " is not supported by stator");
    }
  }

  json::Object record = pick(input, {"name", "protocolType", "description", "tags", "version"});
  record["routeSelectionExpression"] = kRouteSelection;
  record["apiKeySelectionExpression"] = kApiKeySelection;
  record["disableExecuteApiEndpoint"] = false;
  record["createdDate"] = iso8601(call.now);
  return apis.create(call, Kind::kApi, "", std::move(record));
}

}  // namespace

aws::Operation create_api(Apis& apis) {
  return aws::Operation::json(
      "CreateApi", aws::ByPath{.method = "POST", .path = "/v2/apis", .status = 201},
      needs_of("POST", "/v2/apis"),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
