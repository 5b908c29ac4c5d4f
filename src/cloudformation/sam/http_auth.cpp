#include "cloudformation/sam/http_auth.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr const char* kAuthorizer = "x-amazon-apigateway-authorizer";
constexpr const char* kIam = "AWS_IAM";

/// The keys of the document are in lower case, however the template writes them.
json::Object lowered(const json::Object& object) {
  json::Object out;
  for (const auto& member : object) {
    out[to_lower({member.key().data(), member.key().size()})] = member.value();
  }
  return out;
}

Result<void> allow_only(const Resource& api, const std::string& place, const json::Object& object,
                        std::initializer_list<std::string_view> known) {
  for (const auto& member : object) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return invalid_resource(
          api.id(), "Property " + place + "." + std::string(name) + " is not supported by stator.");
    }
  }
  return {};
}

Result<json::Object> jwt_scheme(const Resource& api, const std::string& name,
                                const json::Object& authorizer) {
  STATOR_TRY_VOID(allow_only(api, "Auth.Authorizers." + name, authorizer,
                             {"AuthorizationScopes", "JwtConfiguration", "IdentitySource"}));
  const json::Value& jwt = authorizer.at("JwtConfiguration");
  if (!jwt.is_object()) return invalid_resource(api.id(), "JwtConfiguration is not a map.");
  const json::Value* source = json::find(authorizer, "IdentitySource");
  if (source == nullptr) {
    return invalid_resource(api.id(), name + " OAuth2 Authorizer must define 'IdentitySource'.");
  }
  return json::Object{{"type", "oauth2"},
                      {kAuthorizer, json::Object{{"jwtConfiguration", lowered(jwt.get_object())},
                                                 {"identitySource", *source},
                                                 {"type", "jwt"}}}};
}

/// Identity's lists of names as identity sources.
Result<json::Array> identity_sources(const Resource& api, const std::string& name,
                                     const json::Object& identity) {
  const std::string place = "Auth.Authorizers." + name + ".Identity";
  STATOR_TRY_VOID(
      allow_only(api, place, identity,
                 {"Headers", "QueryStrings", "StageVariables", "Context", "ReauthorizeEvery"}));
  json::Array sources;
  for (const auto& [property, prefix] :
       {std::pair("Headers", "$request.header."),
        std::pair("QueryStrings", "$request.querystring."),
        std::pair("StageVariables", "$stageVariables."), std::pair("Context", "$context.")}) {
    const json::Value* names = json::find(identity, property);
    if (names == nullptr) continue;
    if (!names->is_array()) return invalid_resource(api.id(), place + " must hold lists of texts.");
    for (const json::Value& one : names->get_array()) {
      if (!one.is_string()) return invalid_resource(api.id(), place + " must hold lists of texts.");
      sources.push_back(json::Value(prefix + std::string(one.get_string())));
    }
  }
  return sources;
}

Result<json::Object> request_scheme(const Resource& api, const std::string& name,
                                    const json::Object& authorizer) {
  STATOR_TRY_VOID(
      allow_only(api, "Auth.Authorizers." + name, authorizer,
                 {"FunctionArn", "FunctionInvokeRole", "Identity", "AuthorizerPayloadFormatVersion",
                  "EnableSimpleResponses", "EnableFunctionDefaultPermissions"}));
  const auto missing = [&](const char* what) {
    return invalid_resource(api.id(),
                            name + " Lambda Authorizer must define '" + std::string(what) + "'.");
  };
  const json::Value* function = json::find(authorizer, "FunctionArn");
  const json::Value* version = json::find(authorizer, "AuthorizerPayloadFormatVersion");
  if (function == nullptr) return missing("FunctionArn");
  if (version == nullptr) return missing("AuthorizerPayloadFormatVersion");
  json::Object inside{{"type", "request"}};
  inside["authorizerUri"] = json::Object{
      {"Fn::Sub", json::Array{"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/"
                              "functions/${__FunctionArn__}/invocations",
                              json::Object{{"__FunctionArn__", *function}}}}};
  const json::Value* role = json::find(authorizer, "FunctionInvokeRole");
  if (role != nullptr && *role != json::Value("NONE")) inside["authorizerCredentials"] = *role;
  if (const json::Value* identity = json::find(authorizer, "Identity")) {
    if (!identity->is_object()) return invalid_resource(api.id(), "Identity is not a map.");
    if (const json::Value* ttl = json::find(identity->get_object(), "ReauthorizeEvery")) {
      inside["authorizerResultTtlInSeconds"] = *ttl;
    }
    STATOR_TRY(inside["identitySource"], identity_sources(api, name, identity->get_object()));
  }
  inside["authorizerPayloadFormatVersion"] = *version;
  const json::Value* simple = json::find(authorizer, "EnableSimpleResponses");
  if (simple != nullptr) inside["enableSimpleResponses"] = *simple;
  return json::Object{
      {"type", "apiKey"}, {"name", "Unused"}, {"in", "header"}, {kAuthorizer, std::move(inside)}};
}

}  // namespace

Result<HttpAuth> HttpAuth::read(const Resource& api) {
  HttpAuth result;
  const json::Value* given = api.property("Auth");
  if (given == nullptr) return result;
  if (!given->is_object()) return invalid_resource(api.id(), "Auth is not a map.");
  const json::Object& auth = given->get_object();
  STATOR_TRY_VOID(
      allow_only(api, "Auth", auth, {"Authorizers", "DefaultAuthorizer", "EnableIamAuthorizer"}));
  result.has_iam_ = json::find_bool(auth, "EnableIamAuthorizer").value_or(false);
  if (result.has_iam_) {
    result.schemes_[kIam] = json::Object{{"type", "apiKey"},
                                         {"name", "Authorization"},
                                         {"in", "header"},
                                         {"x-amazon-apigateway-authtype", "awsSigv4"}};
  }
  if (const json::Value* authorizers = json::find(auth, "Authorizers")) {
    if (!authorizers->is_object()) {
      return invalid_resource(api.id(), "Auth.Authorizers is not a map.");
    }
    for (const auto& member : authorizers->get_object()) {
      const std::string name(member.key());
      if (!member.value().is_object()) {
        return invalid_resource(api.id(), "Auth.Authorizers." + name + " is not a map.");
      }
      STATOR_TRY_VOID(result.add(api, name, member.value().get_object()));
    }
  }
  result.default_authorizer_ = json::find_string(auth, "DefaultAuthorizer").value_or("");
  if (!result.default_authorizer_.empty() &&
      !result.schemes_.contains(result.default_authorizer_)) {
    return invalid_resource(api.id(), "Unable to set DefaultAuthorizer because '" +
                                          result.default_authorizer_ +
                                          "' was not defined in 'Authorizers'.");
  }
  return result;
}

Result<void> HttpAuth::add(const Resource& api, const std::string& name,
                           const json::Object& authorizer) {
  const bool is_jwt = authorizer.contains("JwtConfiguration");
  STATOR_TRY(schemes_[name],
             is_jwt ? jwt_scheme(api, name, authorizer) : request_scheme(api, name, authorizer));
  if (const json::Value* scopes = json::find(authorizer, "AuthorizationScopes")) {
    if (!scopes->is_array()) {
      return invalid_resource(api.id(), "AuthorizationScopes must be a list.");
    }
    scopes_[name] = *scopes;
  }
  if (json::find_bool(authorizer, "EnableFunctionDefaultPermissions").value_or(false)) {
    invoked_.push_back({name, authorizer.at("FunctionArn")});
  }
  return {};
}

std::optional<json::Array> HttpAuth::default_security() const {
  if (default_authorizer_.empty()) return std::nullopt;
  const auto scopes = scopes_.find(default_authorizer_);
  const json::Value list = scopes == scopes_.end() ? json::Value(json::Array()) : scopes->second;
  return json::Array{json::Object{{default_authorizer_, list}}};
}

Result<json::Array> HttpAuth::security_of(const json::Object& auth, std::string_view method,
                                          std::string_view path) const {
  for (const auto& member : auth) {
    if (member.key() == "Authorizer" || member.key() == "AuthorizationScopes") continue;
    return invalid("Property Auth." + std::string(member.key()) + " is not supported by stator.");
  }
  const std::string name = json::find_string(auth, "Authorizer").value_or(default_authorizer_);
  const std::string unable = "Unable to set Authorizer [" + name + "] on API method [" +
                             std::string(method) + "] for path [" + std::string(path) +
                             "] because ";
  if (name.empty()) {
    return invalid(
        "'Auth' section requires either an explicit 'Authorizer' set or a 'DefaultAuthorizer' "
        "configured on the HttpApi.");
  }
  if (name == "NONE" && !schemes_.contains(name)) {
    if (default_authorizer_.empty()) {
      return invalid(unable +
                     "'NONE' is only a valid value when a DefaultAuthorizer on the API is "
                     "specified.");
    }
    return json::Array{json::Object{{name, json::Array()}}};
  }
  if (!schemes_.contains(name)) {
    return invalid(unable + "it wasn't defined in the API's Authorizers.");
  }
  json::Value scopes = json::Array();
  if (const auto found = scopes_.find(name); found != scopes_.end()) scopes = found->second;
  if (const json::Value* own = given(auth, "AuthorizationScopes")) {
    if (!own->is_array()) {
      return invalid(unable + "'AuthorizationScopes' must be a list of strings.");
    }
    if (name != kIam && !own->get_array().empty()) scopes = *own;
  }
  return json::Array{json::Object{{name, std::move(scopes)}}};
}

}  // namespace stator::cloudformation::sam
