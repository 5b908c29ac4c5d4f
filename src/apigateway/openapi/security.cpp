#include "apigateway/openapi/security.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"

namespace stator::apigateway::openapi {
namespace {

constexpr std::string_view kWellKnown = "/.well-known/openid-configuration";
constexpr std::string_view kAuthorizationHeader = "$request.header.Authorization";

/// Members of x-amazon-apigateway-authorizer and of CreateAuthorizer; `type`, `identitySource` and
/// `jwtConfiguration` are read by hand.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kMembers = {
    {{"authorizerUri", "authorizerUri"},
     {"authorizerCredentials", "authorizerCredentialsArn"},
     {"authorizerPayloadFormatVersion", "authorizerPayloadFormatVersion"},
     {"authorizerResultTtlInSeconds", "authorizerResultTtlInSeconds"},
     {"enableSimpleResponses", "enableSimpleResponses"}}};
constexpr std::array<std::string_view, 3> kByHand = {"type", "identitySource", "jwtConfiguration"};

/// A list of texts, or one text with commas.
Result<json::Array> identity_sources(const json::Value& value, const std::string& place) {
  json::Array sources;
  if (value.is_string()) {
    for (const std::string_view part : split(json::view(value.get_string()), ',')) {
      sources.push_back(json::Value(std::string(trim(part))));
    }
    return sources;
  }
  if (!value.is_array()) return fault(place, "is not of type `string`");
  for (const json::Value& part : value.get_array()) {
    if (!part.is_string()) return fault(place, "is not of type `string`");
    sources.push_back(part);
  }
  return sources;
}

/// jwtConfiguration; an openIdConnect scheme names its issuer by openIdConnectUrl as well.
json::Object jwt_configuration(const json::Object& scheme, const json::Object& authorizer) {
  json::Object jwt;
  const json::Value* given = json::find(authorizer, "jwtConfiguration");
  if (given != nullptr && given->is_object()) jwt = given->get_object();
  const auto url = json::find_string(scheme, "openIdConnectUrl");
  if (url && !jwt.contains("issuer")) {
    std::string_view issuer = *url;
    if (issuer.ends_with(kWellKnown)) issuer.remove_suffix(kWellKnown.size());
    jwt["issuer"] = issuer;
  }
  return jwt;
}

Result<void> copy_members(const json::Object& authorizer, const std::string& place,
                          json::Object& input, Notes& notes) {
  for (const auto& member : authorizer) {
    const std::string_view name(member.key().data(), member.key().size());
    const auto known = std::find_if(kMembers.begin(), kMembers.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    if (known != kMembers.end()) {
      if (!member.value().is_null()) input[known->second] = member.value();
    } else if (std::find(kByHand.begin(), kByHand.end(), name) == kByHand.end()) {
      notes.warn("Parse issue: attribute " + place + "." + std::string(name) + " is unexpected");
    }
  }
  if (const json::Value* source = json::find(authorizer, "identitySource")) {
    STATOR_TRY(input["identitySource"], identity_sources(*source, place + ".identitySource"));
  }
  return {};
}

}  // namespace

Result<SecuritySchemes> SecuritySchemes::read(const json::Object* schemes, Notes& notes) {
  SecuritySchemes result;
  if (schemes == nullptr) return result;
  for (const auto& member : *schemes) {
    const std::string name(member.key());
    const std::string place = "components.securitySchemes." + name;
    if (!member.value().is_object()) return fault(place, "is not of type `object`");
    STATOR_TRY(Scheme scheme, result.read_scheme(name, member.value().get_object(), notes));
    result.schemes_.emplace(name, std::move(scheme));
  }
  return result;
}

Result<SecuritySchemes::Scheme> SecuritySchemes::read_scheme(const std::string& name,
                                                             const json::Object& scheme,
                                                             Notes& notes) {
  const std::string place = "components.securitySchemes." + name;
  if (to_lower(json::find_string(scheme, kAuthType).value_or("")) == "awssigv4") {
    return Scheme{"AWS_IAM", {}};
  }
  const std::string inside = place + "." + std::string(kAuthorizer);
  STATOR_TRY(const json::Object* authorizer, object_at(scheme, kAuthorizer, inside));
  if (authorizer == nullptr) {
    notes.warn("Security scheme '" + name + "' has no " + std::string(kAuthorizer) +
               ": operations that name it are open to everyone");
    return Scheme{};
  }
  const std::string type = to_lower(json::find_string(*authorizer, "type").value_or(""));
  if (type != "jwt" && type != "request") {
    return fault(inside + ".type", "must be one of [jwt, request] for HTTP APIs");
  }
  const bool is_jwt = type == "jwt";
  json::Object input{{"name", name}, {"authorizerType", is_jwt ? "JWT" : "REQUEST"}};
  STATOR_TRY_VOID(copy_members(*authorizer, inside, input, notes));
  if (is_jwt) {
    input["jwtConfiguration"] = jwt_configuration(scheme, *authorizer);
    if (!input.contains("identitySource")) {
      input["identitySource"] = json::Array{json::Value(kAuthorizationHeader)};
    }
  }
  authorizers_.push_back(std::move(input));
  return Scheme{is_jwt ? "JWT" : "CUSTOM", authorizers_.size() - 1};
}

Result<Access> SecuritySchemes::access_of(const json::Value& security, std::string_view place,
                                          Notes& notes) const {
  const std::string at = std::string(place) + (place.empty() ? "security" : ".security");
  if (!security.is_array()) return fault(at, "is not of type `array`");
  if (security.get_array().empty()) return Access{};
  if (security.get_array().size() > 1 || !security.get_array()[0].is_object() ||
      security.get_array()[0].get_object().size() > 1) {
    return fault(at, "has more than one requirement, and HTTP APIs take one");
  }
  const json::Object& requirement = security.get_array()[0].get_object();
  if (requirement.empty()) return Access{};
  const std::string name(requirement.begin()->key());
  const auto scheme = schemes_.find(name);
  if (scheme == schemes_.end()) {
    if (name == "NONE")
      return Access{};  // what SAM writes where a default authorizer does not hold
    return fault(at, "names the security scheme '" + name + "', which is not declared");
  }
  if (scheme->second.type.empty()) return Access{};
  Access access{scheme->second.type, scheme->second.authorizer, {}};
  const json::Value& scopes = requirement.begin()->value();
  if (!scopes.is_array()) return fault(at + "." + name, "is not of type `array`");
  if (access.type == "JWT") {
    access.scopes = scopes.get_array();
  } else if (!scopes.get_array().empty()) {
    notes.inform("attribute " + at + "." + name + " is ignored: only JWT authorizers check scopes");
  }
  return access;
}

json::Object write_scheme(const json::Object& authorizer) {
  const bool is_jwt = json::find_string(authorizer, "authorizerType") == "JWT";
  json::Object inside{{"type", is_jwt ? "jwt" : "request"}};
  for (const auto& [theirs, ours] : kMembers) {
    const json::Value* value = json::find(authorizer, ours);
    if (value != nullptr && !value->is_null()) inside[theirs] = *value;
  }
  if (const json::Value* jwt = json::find(authorizer, "jwtConfiguration")) {
    inside["jwtConfiguration"] = *jwt;
  }
  const json::Value* sources = json::find(authorizer, "identitySource");
  if (sources != nullptr && sources->is_array()) {
    std::string joined;
    for (const json::Value& source : sources->get_array()) {
      if (source.is_string())
        joined += (joined.empty() ? "" : ",") + std::string(source.get_string());
    }
    inside["identitySource"] = joined;
  }
  json::Object scheme =
      is_jwt ? json::Object{{"type", "oauth2"}}
             : json::Object{{"type", "apiKey"}, {"name", "Unused"}, {"in", "header"}};
  scheme[kAuthorizer] = std::move(inside);
  return scheme;
}

json::Object signature_scheme() {
  return {{"type", "apiKey"}, {"name", "Authorization"}, {"in", "header"}, {kAuthType, "awsSigv4"}};
}

}  // namespace stator::apigateway::openapi
