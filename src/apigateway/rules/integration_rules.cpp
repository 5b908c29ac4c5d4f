#include <algorithm>
#include <array>

#include "apigateway/compiled.hpp"
#include "apigateway/errors.hpp"
#include "apigateway/integrations/target.hpp"
#include "apigateway/rules/members.hpp"
#include "apigateway/rules/rules.hpp"

/// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
namespace stator::apigateway {
namespace {

constexpr std::int64_t kTimeoutMsMin = 50, kTimeoutMsMax = 30'000;
constexpr Length kUriLength{1, 2048};

Result<void> refuse_service(const aws::Input& input) {
  constexpr std::array<std::string_view, 10> kSubtypes = {"EventBridge-PutEvents",
                                                          "SQS-SendMessage",
                                                          "SQS-ReceiveMessage",
                                                          "SQS-DeleteMessage",
                                                          "SQS-PurgeQueue",
                                                          "AppConfig-GetConfiguration",
                                                          "Kinesis-PutRecord",
                                                          "StepFunctions-StartExecution",
                                                          "StepFunctions-StartSyncExecution",
                                                          "StepFunctions-StopExecution"};
  STATOR_TRY(const auto subtype, input.text("integrationSubtype"));
  if (!subtype || subtype->empty()) return {};
  if (std::find(kSubtypes.begin(), kSubtypes.end(), *subtype) == kSubtypes.end()) {
    return bad_request("Invalid integrationSubtype specified: " + *subtype);
  }
  return unsupported("integrationSubtype " + *subtype +
                     " is not supported by stator, which does not have that service");
}

Result<void> check_connection(const aws::Input& input) {
  STATOR_TRY(const auto type, input.text("connectionType"));
  STATOR_TRY(const auto id, input.text("connectionId"));
  if (type == "VPC_LINK" || (id && !id->empty())) {
    return unsupported("connectionType VPC_LINK is not supported by stator: INTERNET is");
  }
  if (type.value_or("INTERNET") != "INTERNET") {
    return bad_request("Invalid connectionType specified. Must be one of [INTERNET, VPC_LINK]");
  }
  return {};
}

/// A role, or arn:aws:iam::*:user/* for the caller's own.
Result<void> check_credentials(const json::Object& record) {
  const auto arn = json::find_string(record, "credentialsArn");
  if (!arn) return {};
  if (*arn == "arn:aws:iam::*:user/*") {
    return unsupported(
        "credentialsArn arn:aws:iam::*:user/*, the caller's own, is not supported "
        "by stator: a role's ARN is");
  }
  if (!arn->starts_with("arn:aws:iam::") || arn->find(":role/") == std::string::npos) {
    return bad_request("Invalid ARN specified in the request: " + *arn);
  }
  return {};
}

/// What such a URI leads to is known per stage.
bool has_variables(std::string_view uri) {
  return uri.find("${stageVariables.") != std::string_view::npos;
}

Result<void> check_function(json::Object& record) {
  const std::string uri = json::find_string(record, "integrationUri").value_or("");
  if (!function_of(uri)) return bad_request("Invalid function ARN or invalid uri: " + uri);
  const auto version = json::find_string(record, "payloadFormatVersion");
  if (!version) return bad_request("PayloadFormatVersion is a required parameter for integration");
  if (*version != "1.0" && *version != "2.0") {
    return bad_request("PayloadFormatVersion must be 1.0 or 2.0");
  }
  set_default(record, "integrationMethod", "POST");
  if (json::find_string(record, "integrationMethod") != "POST") {
    return bad_request("HttpMethod must be POST for AWS_PROXY IntegrationType.");
  }
  return {};
}

Result<void> check_url(json::Object& record) {
  constexpr std::array<std::string_view, 8> kMethods = {"ANY",     "DELETE", "GET",  "HEAD",
                                                        "OPTIONS", "PATCH",  "POST", "PUT"};
  const std::string uri = json::find_string(record, "integrationUri").value_or("");
  if (!uri.starts_with("http://") && !uri.starts_with("https://")) {
    return bad_request("Invalid HTTP endpoint specified for URI: " + uri);
  }
  if (!has_variables(uri)) STATOR_TRY_VOID(read_http_target(uri));
  const std::string method = json::find_string(record, "integrationMethod").value_or("");
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
    return bad_request("Invalid HTTP method specified for an HTTP_PROXY integration: '" + method +
                       "'");
  }
  set_default(record, "payloadFormatVersion", "1.0");
  if (json::find_string(record, "payloadFormatVersion") != "1.0") {
    return bad_request("PayloadFormatVersion must be 1.0 for an HTTP_PROXY integration");
  }
  return {};
}

/// Texts by parameter; of responses one such object by status code, where an empty one removes its
/// code.
Result<void> take_parameters(const aws::Input& input, json::Object& record) {
  STATOR_TRY_VOID(merge_texts(input, "requestParameters", record));
  STATOR_TRY(const json::Object* given, input.object("responseParameters"));
  if (given == nullptr) return {};
  const json::Value* held = json::find(record, "responseParameters");
  json::Object merged = held != nullptr ? held->as_object() : json::Object();
  for (const auto& entry : *given) {
    const json::Object* parameters = entry.value().if_object();
    const std::string code(entry.key());
    if (parameters == nullptr) {
      return bad_request("Invalid value for responseParameters: '" + code + "' must be an object");
    }
    for (const auto& parameter : *parameters) {
      if (parameter.value().is_string()) continue;
      return bad_request("Invalid value for responseParameters: '" + std::string(parameter.key()) +
                         "' must be a text");
    }
    if (parameters->empty()) {
      merged.erase(code);
    } else {
      merged[code] = *parameters;
    }
  }
  if (merged.empty()) {
    record.erase("responseParameters");
  } else {
    record["responseParameters"] = std::move(merged);
  }
  return {};
}

Result<void> take_tls(const aws::Input& input, json::Object& record) {
  STATOR_TRY(const json::Object* tls, input.object("tlsConfig"));
  if (tls == nullptr || tls->empty()) {
    if (tls != nullptr) record.erase("tlsConfig");
    return {};
  }
  // AWS has it for private integrations, which are VPC links.
  return unsupported("tlsConfig is not supported by stator: it is for connectionType VPC_LINK");
}

Result<void> take_timeout(const aws::Input& input, json::Object& record) {
  STATOR_TRY(const auto timeout_ms, input.integer("timeoutInMillis"));
  if (timeout_ms) {
    if (*timeout_ms < kTimeoutMsMin || *timeout_ms > kTimeoutMsMax) {
      return bad_request("Timeout should be between 50 ms and 30000 ms");
    }
    record["timeoutInMillis"] = *timeout_ms;
  }
  set_default(record, "timeoutInMillis", kTimeoutMsMax);
  return {};
}

}  // namespace

Result<void> apply_integration(const aws::Input& input, json::Object& record) {
  STATOR_TRY_VOID(input.allow_only(
      {"apiId", "integrationId", "integrationType", "integrationMethod", "integrationUri",
       "integrationSubtype", "payloadFormatVersion", "timeoutInMillis", "connectionType",
       "connectionId", "credentialsArn", "description", "requestParameters", "responseParameters",
       "tlsConfig", "contentHandlingStrategy", "passthroughBehavior", "requestTemplates",
       "templateSelectionExpression"}));
  STATOR_TRY_VOID(refuse_websocket_members(
      input, {"contentHandlingStrategy", "requestTemplates", "templateSelectionExpression"}));
  // Clients spell the default out, which is what is in force.
  STATOR_TRY(const auto passthrough, input.text("passthroughBehavior"));
  if (passthrough.value_or("WHEN_NO_MATCH") != "WHEN_NO_MATCH") {
    STATOR_TRY_VOID(refuse_websocket_members(input, {"passthroughBehavior"}));
  }
  STATOR_TRY_VOID(refuse_service(input));
  STATOR_TRY_VOID(check_connection(input));
  STATOR_TRY_VOID(take_choice(input, "integrationType", {"AWS_PROXY", "HTTP_PROXY"}, record));
  STATOR_TRY_VOID(take_text(input, "integrationUri", kUriLength, record));
  STATOR_TRY_VOID(take_text(input, "integrationMethod", {0, 64}, record));
  STATOR_TRY_VOID(take_text(input, "payloadFormatVersion", {1, 64}, record));
  STATOR_TRY_VOID(take_text(input, "credentialsArn", {0, 2048}, record));
  STATOR_TRY_VOID(take_text(input, "description", {0, 1024}, record));
  STATOR_TRY_VOID(take_timeout(input, record));
  STATOR_TRY_VOID(take_parameters(input, record));
  STATOR_TRY_VOID(take_tls(input, record));
  set_default(record, "connectionType", "INTERNET");
  STATOR_TRY_VOID(check_credentials(record));
  const bool is_url = json::find_string(record, "integrationType") == "HTTP_PROXY";
  STATOR_TRY_VOID(is_url ? check_url(record) : check_function(record));
  // The mappings are checked by what compiles them.
  STATOR_TRY_VOID(compile_integration(record, {}));
  return {};
}

}  // namespace stator::apigateway
