#include "apigateway/openapi/integration.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.hpp"

namespace stator::apigateway::openapi {
namespace {

/// The document's names and the API's. `type` is not among them: it changes case.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kMembers = {
    {{"integrationSubtype", "integrationSubtype"},
     {"httpMethod", "integrationMethod"},
     {"uri", "integrationUri"},
     {"payloadFormatVersion", "payloadFormatVersion"},
     {"connectionType", "connectionType"},
     {"connectionId", "connectionId"},
     {"credentials", "credentialsArn"},
     {"requestParameters", "requestParameters"},
     {"responseParameters", "responseParameters"},
     {"timeoutInMillis", "timeoutInMillis"},
     {"tlsConfig", "tlsConfig"},
     {"description", "description"}}};

/// What REST APIs do with an integration and HTTP APIs do not.
constexpr std::array<std::string_view, 7> kOfRestApis = {
    "cacheKeyParameters",  "cacheNamespace",   "contentHandling", "integration-responses",
    "passthroughBehavior", "requestTemplates", "responses"};

bool is_of_rest_apis(std::string_view name) {
  return std::find(kOfRestApis.begin(), kOfRestApis.end(), name) != kOfRestApis.end();
}

}  // namespace

Result<std::optional<json::Object>> read_integration(const json::Object& integration,
                                                     std::string_view place, Notes& notes) {
  const std::string at(place);
  const auto type = json::find_string(integration, "type");
  if (!type) return fault(at + ".type", "is missing");
  const std::string lower = to_lower(*type);
  if (lower != "aws_proxy" && lower != "http_proxy") {
    notes.warn("Unable to create Integration at " + at + ": type " + *type +
               " is not supported for HTTP APIs, only AWS_PROXY and HTTP_PROXY are");
    return std::optional<json::Object>();
  }
  json::Object input{{"integrationType", lower == "aws_proxy" ? "AWS_PROXY" : "HTTP_PROXY"}};
  for (const auto& member : integration) {
    const std::string_view name(member.key().data(), member.key().size());
    const auto known = std::find_if(kMembers.begin(), kMembers.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    if (known != kMembers.end()) {
      if (!member.value().is_null()) input[known->second] = member.value();
    } else if (is_of_rest_apis(name)) {
      notes.inform("attribute " + at + "." + std::string(name) +
                   " is ignored: it is not supported for HTTP APIs");
    } else if (name != "type") {
      notes.warn("Parse issue: attribute " + at + "." + std::string(name) + " is unexpected");
    }
  }
  if (!input.contains("payloadFormatVersion")) input["payloadFormatVersion"] = "1.0";
  return std::optional<json::Object>(std::move(input));
}

json::Object write_integration(const json::Object& record) {
  json::Object out;
  out["payloadFormatVersion"] = json::find_string(record, "payloadFormatVersion").value_or("1.0");
  out["type"] = to_lower(json::find_string(record, "integrationType").value_or(""));
  for (const auto& [theirs, ours] : kMembers) {
    const json::Value* value = json::find(record, ours);
    if (value != nullptr && !value->is_null()) out[theirs] = *value;
  }
  return out;
}

}  // namespace stator::apigateway::openapi
