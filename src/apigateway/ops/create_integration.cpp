#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/integrations";
constexpr std::int64_t kTimeoutMsMin = 50, kTimeoutMsMax = 30'000;

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"apiId", "integrationType", "integrationMethod",
                                    "integrationUri", "payloadFormatVersion", "timeoutInMillis",
                                    "connectionType", "description"}));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string type, input.required_text("integrationType"));
  if (type != "AWS_PROXY") {
    return unsupported("integrationType " + type + " is not supported by stator: AWS_PROXY is");
  }
  STATOR_TRY(const std::string uri, input.required_text("integrationUri"));
  if (!function_of(uri)) {
    return bad_request("Invalid function ARN or invalid uri: " + uri);
  }
  STATOR_TRY(const std::string version, input.required_text("payloadFormatVersion"));
  if (version == "1.0") {
    return unsupported("payloadFormatVersion 1.0 is not supported by stator: 2.0 is");
  }
  if (version != "2.0") return bad_request("PayloadFormatVersion must be 1.0 or 2.0");
  STATOR_TRY(const auto connection, input.text("connectionType"));
  if (connection.value_or("INTERNET") != "INTERNET") {
    return unsupported("connectionType " + *connection + " is not supported by stator");
  }
  STATOR_TRY(const auto timeout_ms, input.integer("timeoutInMillis"));
  if (timeout_ms && (*timeout_ms < kTimeoutMsMin || *timeout_ms > kTimeoutMsMax)) {
    return bad_request("Timeout should be between 50 ms and 30000 ms");
  }

  json::Object record =
      pick(input, {"integrationType", "integrationUri", "payloadFormatVersion", "description"});
  record["integrationMethod"] = "POST";
  record["connectionType"] = "INTERNET";
  record["timeoutInMillis"] = timeout_ms.value_or(kTimeoutMsMax);
  return apis.create(call, Kind::kIntegration, api_id, std::move(record));
}

}  // namespace

aws::Operation create_integration(Apis& apis) {
  return aws::Operation::json(
      "CreateIntegration", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      needs_of("POST", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
