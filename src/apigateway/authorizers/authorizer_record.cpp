#include "apigateway/authorizers/authorizer_record.hpp"

#include <algorithm>
#include <span>

#include "apigateway/authorizers/identity_source.hpp"
#include "apigateway/compiled.hpp"
#include "apigateway/errors.hpp"
#include "oidc/issuer_url.hpp"

namespace stator::apigateway {
namespace {

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
constexpr std::size_t kAuthorizersMax = 10;
constexpr std::size_t kAudiencesMax = 50;
constexpr std::size_t kScopesMax = 10;
constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kScopeBytesMax = 64;
constexpr std::size_t kIdentitySourcesMax = 10;
constexpr std::int64_t kTtlSecondsMax = 3'600;

/// What only one type of authorizers has.
constexpr std::string_view kOfRequest[] = {"authorizerUri", "authorizerPayloadFormatVersion",
                                           "authorizerResultTtlInSeconds",
                                           "authorizerCredentialsArn", "enableSimpleResponses"};
constexpr std::string_view kOfJwt[] = {"jwtConfiguration"};

/// Copies the members that are there and of the right type.
Result<void> merge(json::Object& record, const aws::Input& input) {
  for (const std::string_view name :
       {"authorizerType", "authorizerUri", "authorizerPayloadFormatVersion",
        "authorizerCredentialsArn", "name"}) {
    STATOR_TRY(const auto text, input.text(name));
    if (text) record[name] = *text;
  }
  STATOR_TRY(const auto ttl, input.integer("authorizerResultTtlInSeconds"));
  if (ttl) record["authorizerResultTtlInSeconds"] = *ttl;
  STATOR_TRY(const auto is_simple, input.boolean("enableSimpleResponses"));
  if (is_simple) record["enableSimpleResponses"] = *is_simple;
  if (input.has("identitySource")) {
    STATOR_TRY(const auto sources, input.text_list("identitySource"));
    record["identitySource"] = json::Array(sources.begin(), sources.end());
  }
  STATOR_TRY(const json::Object* jwt, input.object("jwtConfiguration"));
  if (jwt == nullptr) return {};
  const aws::Input nested = input.nested(*jwt);
  STATOR_TRY_VOID(nested.allow_only({"issuer", "audience"}));
  json::Object& kept = record["jwtConfiguration"].is_object()
                           ? record["jwtConfiguration"].get_object()
                           : record["jwtConfiguration"].emplace_object();
  STATOR_TRY(const auto issuer, nested.text("issuer"));
  if (issuer) kept["issuer"] = *issuer;
  if (nested.has("audience")) {
    STATOR_TRY(const auto audience, nested.text_list("audience"));
    kept["audience"] = json::Array(audience.begin(), audience.end());
  }
  return {};
}

/// What the other type had goes; what the request itself says of the other type is refused.
Result<void> drop_foreign(json::Object& record, const aws::Input& input,
                          std::span<const std::string_view> foreign) {
  for (const std::string_view name : foreign) {
    const auto is_simple =
        name == "enableSimpleResponses" ? input.boolean(name) : Result<std::optional<bool>>(true);
    // A client may spell the default out.
    const bool is_said = input.has(name) && (!is_simple || is_simple->value_or(true));
    if (is_said) {
      return bad_request(std::string(name) + " is not valid for authorizers of type " +
                         json::find_string(record, "authorizerType").value_or(""));
    }
    record.erase(name);
  }
  return {};
}

const json::Array& sources_of(json::Object& record) {
  json::Value& sources = record["identitySource"];
  return sources.is_array() ? sources.get_array() : sources.emplace_array();
}

Result<void> check_jwt(json::Object& record) {
  const json::Array& sources = sources_of(record);
  if (sources.size() != 1) {
    return bad_request("Exactly one identity source must be specified for a JWT authorizer");
  }
  STATOR_TRY(const auto source, parse_identity_source(json::view(sources[0].get_string())));
  if (source.kind != IdentitySource::Kind::kHeader && source.kind != IdentitySource::Kind::kQuery) {
    return bad_request(
        "The identity source of a JWT authorizer must be a header or a query string "
        "parameter");
  }
  const json::Value* configuration = json::find(record, "jwtConfiguration");
  if (configuration == nullptr || !configuration->is_object()) {
    return bad_request("JwtConfiguration is required for a JWT authorizer");
  }
  const json::Object& jwt = configuration->get_object();
  const std::string issuer = json::find_string(jwt, "issuer").value_or("");
  if (!oidc::parse_issuer_url(issuer)) {
    return bad_request("Invalid issuer: " + issuer + ". It must be an https URL");
  }
  const json::Value* audience = json::find(jwt, "audience");
  const std::size_t count = audience != nullptr ? audience->get_array().size() : 0;
  if (count == 0) return bad_request("JwtConfiguration.Audience must name at least one audience");
  if (count > kAudiencesMax) {
    return bad_request("JwtConfiguration.Audience names more than " +
                       std::to_string(kAudiencesMax) + " audiences");
  }
  return {};
}

Result<void> check_uri(const json::Object& record) {
  const std::string uri = json::find_string(record, "authorizerUri").value_or("");
  if (uri.starts_with("arn:aws:apigateway:") && function_of(uri)) return {};
  return bad_request("Invalid Authorizer URI: " + uri +
                     ". Authorizer URI should be a valid API Gateway ARN that represents a Lambda "
                     "function invocation.");
}

Result<void> check_request(json::Object& record) {
  STATOR_TRY_VOID(check_uri(record));
  const auto version = json::find_string(record, "authorizerPayloadFormatVersion");
  if (!version) {
    return bad_request(
        "AuthorizerPayloadFormatVersion is a required parameter for REQUEST "
        "authorizer");
  }
  if (*version != "1.0" && *version != "2.0") {
    return bad_request("AuthorizerPayloadFormatVersion must be 1.0 or 2.0");
  }
  const bool is_simple = json::find_bool(record, "enableSimpleResponses").value_or(false);
  if (is_simple && *version != "2.0") {
    return bad_request("EnableSimpleResponses is only supported for payload format version 2.0");
  }
  record["enableSimpleResponses"] = is_simple;
  const json::Array& sources = sources_of(record);
  if (sources.size() > kIdentitySourcesMax) return bad_request("Too many identity sources");
  for (const json::Value& source : sources) {
    STATOR_TRY_VOID(parse_identity_source(json::view(source.get_string())));
  }
  const std::int64_t ttl = json::find_int(record, "authorizerResultTtlInSeconds").value_or(0);
  if (ttl < 0 || ttl > kTtlSecondsMax) {
    return bad_request("AuthorizerResultTtlInSeconds must be between 0 and 3600");
  }
  if (ttl > 0 && sources.empty()) {
    return bad_request("Caching needs at least one identity source");
  }
  const auto role = json::find_string(record, "authorizerCredentialsArn");
  if (role && role->empty()) record.erase("authorizerCredentialsArn");
  if (role && !role->empty() &&
      (!role->starts_with("arn:aws:iam::") || role->find(":role/") == std::string::npos)) {
    return bad_request("Invalid ARN specified in the request: " + *role);
  }
  return {};
}

Error bad_authorizer(const std::string& type) {
  return bad_request("Invalid authorizer ID specified. Setting the authorization type to " + type +
                     " requires a valid authorizer.");
}

/// Scopes go with JWTs alone.
Result<void> check_scopes(json::Object& route, const aws::Input& input, bool is_jwt) {
  STATOR_TRY(const auto said, input.text_list("authorizationScopes"));
  if (!is_jwt) {
    if (!said.empty()) {
      return bad_request(
          "Invalid Route authorization type specified. Authorization Scopes are only valid for "
          "COGNITO_USER_POOLS and JWT authorization types");
    }
    route.erase("authorizationScopes");
    return {};
  }
  const json::Value* scopes = json::find(route, "authorizationScopes");
  if (scopes == nullptr) return {};
  if (!scopes->is_array()) return bad_request("AuthorizationScopes must be a list");
  if (scopes->get_array().size() > kScopesMax) {
    return bad_request("A route has at most " + std::to_string(kScopesMax) + " scopes");
  }
  for (const json::Value& scope : scopes->get_array()) {
    const bool is_good =
        scope.is_string() && !scope.get_string().empty() &&
        scope.get_string().size() <= kScopeBytesMax &&
        json::view(scope.get_string()).find_first_of(" \"\\") == std::string_view::npos;
    if (!is_good) return bad_request("Invalid authorization scope");
  }
  return {};
}

}  // namespace

Result<void> change_authorizer(json::Object& record, const aws::Input& input) {
  STATOR_TRY_VOID(merge(record, input));
  const std::string name = json::find_string(record, "name").value_or("");
  if (name.empty() || name.size() > kNameBytesMax) {
    return bad_request("Authorizer name must have 1 to 128 characters");
  }
  const std::string type = json::find_string(record, "authorizerType").value_or("");
  if (type == "JWT") {
    STATOR_TRY_VOID(drop_foreign(record, input, kOfRequest));
    return check_jwt(record);
  }
  if (type != "REQUEST") {
    return bad_request("Invalid authorizer type specified. Must be one of [REQUEST, JWT]");
  }
  STATOR_TRY_VOID(drop_foreign(record, input, kOfJwt));
  return check_request(record);
}

Result<void> check_new_authorizer(const json::Object& record,
                                  const std::vector<json::Object>& others) {
  if (others.size() >= kAuthorizersMax) {
    return Error{ErrorCode::kThrottled,
                 "Maximum number of authorizers for this API has been reached.",
                 "TooManyRequestsException"};
  }
  const auto name = json::find_string(record, "name");
  const bool is_taken = std::any_of(others.begin(), others.end(), [&](const json::Object& other) {
    return json::find_string(other, "name") == name;
  });
  if (is_taken) {
    return conflict_exception("Authorizer name must be unique. Authorizer " + name.value_or("") +
                              " already exists in this API.");
  }
  return {};
}

Result<void> check_route_authorization(json::Object& route, const aws::Input& input,
                                       const std::vector<json::Object>& authorizers) {
  const std::string type = json::find_string(route, "authorizationType").value_or("NONE");
  if (type != "NONE" && type != "AWS_IAM" && type != "JWT" && type != "CUSTOM") {
    return bad_request(
        "Invalid Route authorization type specified. Must be one of [NONE, AWS_IAM, "
        "JWT, CUSTOM]");
  }
  const bool has_authorizer = type == "JWT" || type == "CUSTOM";
  STATOR_TRY_VOID(check_scopes(route, input, type == "JWT"));
  STATOR_TRY(const auto said, input.text("authorizerId"));
  if (!has_authorizer) {
    if (!said.value_or("").empty()) {
      return bad_request("AuthorizerId is only valid for the authorization types JWT and CUSTOM");
    }
    route.erase("authorizerId");
    return {};
  }
  const auto id = json::find_string(route, "authorizerId");
  const auto found =
      std::find_if(authorizers.begin(), authorizers.end(), [&](const json::Object& authorizer) {
        return json::find_string(authorizer, "authorizerId") == id;
      });
  if (!id || found == authorizers.end()) return bad_authorizer(type);
  const bool is_jwt = json::find_string(*found, "authorizerType") == "JWT";
  return is_jwt == (type == "JWT") ? Result<void>() : bad_authorizer(type);
}

}  // namespace stator::apigateway
