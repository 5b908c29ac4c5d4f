#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/json.hpp"

/// OpenAPI 3.0 with AWS's extensions, in and out.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
namespace stator::apigateway::openapi {

inline constexpr std::string_view kIntegration = "x-amazon-apigateway-integration";
inline constexpr std::string_view kIntegrations = "x-amazon-apigateway-integrations";
inline constexpr std::string_view kAnyMethod = "x-amazon-apigateway-any-method";
inline constexpr std::string_view kAuthorizer = "x-amazon-apigateway-authorizer";
inline constexpr std::string_view kAuthType = "x-amazon-apigateway-authtype";
inline constexpr std::string_view kCors = "x-amazon-apigateway-cors";
inline constexpr std::string_view kEndpoint = "x-amazon-apigateway-endpoint-configuration";
inline constexpr std::string_view kTagValue = "x-amazon-apigateway-tag-value";
inline constexpr std::string_view kVersion = "x-amazon-apigateway-importexport-version";

/// What an import says beside its result: a warning is about something that is not as OpenAPI or
/// API Gateway has it, an information about something that HTTP APIs have no use for. The first
/// hundred of each.
struct Notes {
  std::vector<std::string> warnings;
  std::vector<std::string> info;

  void warn(std::string what);
  void inform(std::string what);
};

/// A document, JSON or YAML, of a version that HTTP APIs take. BadRequestException for text that is
/// neither, for more than 6 MB, and for Swagger and OpenAPI of other versions, by name.
[[nodiscard]] Result<json::Object> read_document(std::string_view text);

/// BadRequestException naming the place in the document.
[[nodiscard]] Error fault(std::string_view place, std::string_view what);

/// The member, or null when it is absent; fault() unless it is an object.
[[nodiscard]] Result<const json::Object*> object_at(const json::Object& object,
                                                    std::string_view name, std::string_view place);

}  // namespace stator::apigateway::openapi
