#include "apigateway/authorizers/authorizer.hpp"

#include "apigateway/integrations/target.hpp"

namespace stator::apigateway {
namespace {

std::vector<std::string> texts_of(const json::Object& record, std::string_view name) {
  std::vector<std::string> texts;
  const json::Value* list = json::find(record, name);
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::Value& item : list->get_array()) {
    if (item.is_string()) texts.emplace_back(json::view(item.get_string()));
  }
  return texts;
}

std::optional<JwtRules> compile_jwt(const json::Object& record) {
  const json::Value* configuration = json::find(record, "jwtConfiguration");
  if (configuration == nullptr || !configuration->is_object()) return std::nullopt;
  const json::Object& jwt = configuration->get_object();
  auto issuer = oidc::parse_issuer_url(json::find_string(jwt, "issuer").value_or(""));
  if (!issuer) return std::nullopt;
  return JwtRules{*std::move(issuer), texts_of(jwt, "audience")};
}

FunctionRules compile_function(const json::Object& record, const Variables& variables) {
  FunctionRules rules;
  const auto uri =
      expand_stage_variables(json::find_string(record, "authorizerUri").value_or(""), variables);
  rules.function_arn = function_of(uri.value_or("")).value_or("");
  rules.role_arn = json::find_string(record, "authorizerCredentialsArn").value_or("");
  rules.is_v2 = json::find_string(record, "authorizerPayloadFormatVersion") != "1.0";
  rules.is_simple = json::find_bool(record, "enableSimpleResponses").value_or(false);
  rules.ttl =
      std::chrono::seconds(json::find_int(record, "authorizerResultTtlInSeconds").value_or(0));
  return rules;
}

std::shared_ptr<const Authorizer> compile_one(const json::Object& record,
                                              const Variables& variables) {
  auto authorizer = std::make_shared<Authorizer>();
  authorizer->id = json::find_string(record, "authorizerId").value_or("");
  for (const std::string& expression : texts_of(record, "identitySource")) {
    auto source = parse_identity_source(expression);
    if (!source) return nullptr;
    authorizer->identity.push_back(*std::move(source));
  }
  if (json::find_string(record, "authorizerType") == "JWT") {
    authorizer->jwt = compile_jwt(record);
    if (!authorizer->jwt || authorizer->identity.size() != 1) return nullptr;
  } else {
    authorizer->function = compile_function(record, variables);
  }
  return authorizer;
}

}  // namespace

Authorizers compile_authorizers(const std::vector<json::Object>& records,
                                const Variables& stage_variables) {
  Authorizers authorizers;
  for (const json::Object& record : records) {
    auto authorizer = compile_one(record, stage_variables);
    if (authorizer == nullptr) continue;
    const std::string id = authorizer->id;
    authorizers.emplace(id, std::move(authorizer));
  }
  return authorizers;
}

std::shared_ptr<const RouteAuthorization> compile_authorization(const json::Object& route,
                                                                const Authorizers& authorizers) {
  using Type = RouteAuthorization::Type;
  const std::string type = json::find_string(route, "authorizationType").value_or("NONE");
  if (type == "NONE") return nullptr;
  auto authorization = std::make_shared<RouteAuthorization>();
  if (type == "AWS_IAM") {
    authorization->type = Type::kIam;
    return authorization;
  }
  const auto found = authorizers.find(json::find_string(route, "authorizerId").value_or(""));
  if (found == authorizers.end()) return authorization;
  authorization->authorizer = found->second;
  authorization->scopes = texts_of(route, "authorizationScopes");
  const bool is_jwt = found->second->jwt.has_value();
  if (type == "JWT" && is_jwt) authorization->type = Type::kJwt;
  if (type == "CUSTOM" && !is_jwt) authorization->type = Type::kFunction;
  return authorization;
}

}  // namespace stator::apigateway
