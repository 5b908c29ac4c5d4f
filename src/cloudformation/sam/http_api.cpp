#include "cloudformation/sam/http_api.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr const char* kMark = "httpapi:createdBy";
constexpr const char* kIntegration = "x-amazon-apigateway-integration";
constexpr const char* kCors = "x-amazon-apigateway-cors";
constexpr const char* kEndpoint = "x-amazon-apigateway-endpoint-configuration";
constexpr const char* kTagValue = "x-amazon-apigateway-tag-value";
constexpr const char* kAnyMethod = "x-amazon-apigateway-any-method";
constexpr const char* kDefaultPath = "$default";
constexpr const char* kDefaultPathOfResources = "/$default";

json::Object skeleton() {
  return {{"openapi", "3.0.1"},
          {"info", json::Object{{"version", "1.0"}, {"title", ref_to("AWS::StackName")}}},
          {"paths", json::Object()}};
}

bool is_open_api(const json::Object& body) {
  const json::Value* paths = json::find(body, "paths");
  const auto version = json::find_string(body, "openapi");
  return paths != nullptr && paths->is_object() && version && version->starts_with("3.");
}

json::Object& member(json::Object& object, std::string_view name) {
  json::Value& value = object[name];
  if (!value.is_object()) value = json::Object();
  return value.get_object();
}

/// A parameter of the operation for each {name} of its path.
json::Array path_parameters(std::string_view path) {
  json::Array out;
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{')) {
    const auto close = path.find('}', open);
    if (close == std::string_view::npos) break;
    out.push_back(json::Object{
        {"name", path.substr(open + 1, close - open - 1)}, {"in", "path"}, {"required", true}});
    path.remove_prefix(close + 1);
  }
  return out;
}

/// Calls `visit` for an object, or for both branches of an Fn::If.
template <class Visit>
void visit_branches(json::Value& value, const Visit& visit) {
  if (!value.is_object()) return;
  json::Value* branches = value.get_object().if_contains("Fn::If");
  if (branches == nullptr) return visit(value.get_object());
  if (!branches->is_array()) return;
  for (std::size_t i = 1; i < branches->get_array().size(); ++i) {
    visit_branches(branches->get_array()[i], visit);
  }
}

std::string route_key(const HttpOperation& operation) {
  if (operation.path == kDefaultPath) return kDefaultPath;
  std::string method = operation.method == kAnyMethod ? "ANY" : operation.method;
  for (char& c : method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return method + " " + operation.path;
}

}  // namespace

Result<HttpApi> HttpApi::read(Resource resource) {
  STATOR_TRY_VOID(resource.allow_only(
      {"Name", "Description", "Tags", "StageName", "StageVariables", "DefinitionBody", "Auth",
       "CorsConfiguration", "DisableExecuteApiEndpoint", "FailOnWarnings", "AccessLogSettings",
       "DefaultRouteSettings", "RouteSettings", "Domain"}));
  HttpApi api(std::move(resource));
  STATOR_TRY_VOID(api.read_body());
  STATOR_TRY(api.auth_, HttpAuth::read(api.resource_));
  STATOR_TRY_VOID(api.set_info("Name", "title"));
  STATOR_TRY_VOID(api.set_info("Description", "description"));
  STATOR_TRY_VOID(api.set_cors());
  STATOR_TRY_VOID(api.set_tags());
  api.set_endpoint();
  if (const json::Value* settings = api.resource_.property("RouteSettings")) {
    if (!settings->is_object()) {
      return invalid_resource(api.resource_.id(), "RouteSettings is not a map.");
    }
    api.route_settings_ = settings->get_object();
  }
  return api;
}

Result<void> HttpApi::read_body() {
  const json::Value* given = resource_.property("DefinitionBody");
  has_own_body_ = given != nullptr;
  body_ = skeleton();
  if (!has_own_body_) return {};
  if (!given->is_object() || !is_open_api(given->get_object())) {
    return invalid_resource(resource_.id(),
                            "'DefinitionBody' does not contain a valid OpenApi definition.");
  }
  body_ = given->get_object();
  return {};
}

Result<void> HttpApi::set_info(const char* property, const char* name) {
  const json::Value* value = resource_.property(property);
  if (value == nullptr) return {};
  json::Object& info = member(body_, "info");
  if (has_own_body_ && info.contains(name)) {
    return invalid_resource(resource_.id(),
                            "Unable to set " + std::string(property) +
                                " because it is already defined within inline "
                                "OpenAPI specified in the 'DefinitionBody' property.");
  }
  info[name] = *value;
  return {};
}

Result<void> HttpApi::set_cors() {
  const json::Value* given = resource_.property("CorsConfiguration");
  if (given == nullptr || *given == json::Value(false)) return {};
  json::Object& cors = member(body_, kCors);
  if (*given == json::Value(true)) {
    cors["allowOrigins"] = json::Array{"*"};
    return {};
  }
  if (!given->is_object()) {
    return invalid_resource(resource_.id(), "Invalid value for 'Cors' property.");
  }
  for (const auto& entry : given->get_object()) {
    std::string name(entry.key());
    for (const char* known : {"AllowOrigins", "AllowHeaders", "AllowMethods", "ExposeHeaders",
                              "MaxAge", "AllowCredentials"}) {
      if (name != known) continue;
      name[0] = static_cast<char>(name[0] - 'A' + 'a');
      cors[name] = entry.value();
    }
    if (name == entry.key()) {
      return invalid_resource(resource_.id(), "Invalid key '" + name + "' for 'Cors' property.");
    }
  }
  const json::Value* origins = json::find(cors, "allowOrigins");
  if (json::find_bool(cors, "allowCredentials").value_or(false) &&
      (origins == nullptr || *origins == json::Value(json::Array{"*"}))) {
    return invalid_resource(resource_.id(),
                            "Unable to add Cors configuration because 'AllowCredentials' can not "
                            "be true when 'AllowOrigin' is \"'*'\" or not set.");
  }
  return {};
}

Result<void> HttpApi::set_tags() {
  if (const json::Value* given = resource_.property("Tags")) {
    if (!given->is_object()) return invalid_resource(resource_.id(), "Tags is not a map.");
    tags_ = given->get_object();
  }
  tags_[kMark] = "SAM";
  json::Value& list = body_["tags"];
  if (!list.is_array()) list = json::Array();
  for (const auto& tag : tags_) {
    list.get_array().push_back(json::Object{{"name", tag.key()}, {kTagValue, tag.value()}});
  }
  return {};
}

void HttpApi::set_endpoint() {
  const json::Value* given = resource_.property("DisableExecuteApiEndpoint");
  if (given == nullptr) return;
  json::Value& servers = body_["servers"];
  if (!servers.is_array() || servers.get_array().empty()) servers = json::Array{json::Object()};
  for (json::Value& server : servers.get_array()) {
    if (!server.is_object()) continue;
    member(server.get_object(), kEndpoint)["disableExecuteApiEndpoint"] = *given;
  }
}

Result<void> HttpApi::add(const HttpOperation& operation) {
  const std::string key = route_key(operation);
  json::Object& item = member(member(body_, "paths"), operation.path);
  bool is_there = false;
  if (json::Value* present = item.if_contains(operation.method)) {
    visit_branches(*present, [&](json::Object& one) { is_there |= one.contains(kIntegration); });
  }
  if (is_there && !has_own_body_) {
    return invalid("API method '" + operation.method + "' defined multiple times for path '" +
                   operation.path + "'.");
  }
  if (operation.route_settings != nullptr) route_settings_[key] = *operation.route_settings;
  if (is_there) return {};

  json::Object made = item.contains(operation.method) && item[operation.method].is_object()
                          ? item[operation.method].get_object()
                          : json::Object();
  made[kIntegration] = operation.integration;
  if (key == kDefaultPath) made["isDefaultRoute"] = true;
  if (operation.auth != nullptr) {
    STATOR_TRY(made["security"], auth_.security_of(*operation.auth, key));
  }
  if (json::Array parameters = path_parameters(operation.path); !parameters.empty()) {
    made["parameters"] = std::move(parameters);
  }
  if (!made.contains("responses")) made["responses"] = json::Object();
  json::Value value(std::move(made));
  if (operation.condition != nullptr) {
    value = json::Object{
        {"Fn::If", json::Array{*operation.condition, std::move(value), ref_to("AWS::NoValue")}}};
  }
  item[operation.method] = std::move(value);
  return {};
}

void HttpApi::secure_by_default() {
  if (!auth_.schemes().empty()) {
    json::Object& schemes = member(member(body_, "components"), "securitySchemes");
    for (const auto& scheme : auth_.schemes()) schemes[scheme.key()] = scheme.value();
  }
  const auto security = auth_.default_security();
  if (!security) return;
  for (auto& path : member(body_, "paths")) {
    visit_branches(path.value(), [&](json::Object& item) {
      for (auto& operation : item) {
        if (operation.key() == "parameters" || operation.key() == "options") continue;
        visit_branches(operation.value(), [&](json::Object& one) {
          if (one.contains(kIntegration) && !one.contains("security")) one["security"] = *security;
        });
      }
    });
  }
}

Result<void> HttpApi::expand(Context& context) {
  secure_by_default();
  json::Object properties;
  const bool is_strict = json::find_bool(resource_.properties(), "FailOnWarnings").value_or(false);
  json::Object& paths = member(body_, "paths");
  if (json::Value* fallback = paths.if_contains(kDefaultPath); fallback != nullptr && is_strict) {
    // The import warns of a path that does not start with a slash.
    json::Value item = std::move(*fallback);
    paths.erase(kDefaultPath);
    paths[kDefaultPathOfResources] = std::move(item);
  }
  properties["Body"] = std::move(body_);
  if (const json::Value* given = resource_.property("FailOnWarnings")) {
    properties["FailOnWarnings"] = *given;
  }
  context.resources[resource_.id()] =
      resource_.derived("AWS::ApiGatewayV2::Api", std::move(properties));
  STATOR_TRY(const std::string stage_id, add_stage(context));
  add_permissions(context);
  if (resource_.property("Domain") == nullptr) return {};
  return expand_domain(resource_, stage_id, tags_, context);
}

Result<std::string> HttpApi::add_stage(Context& context) const {
  json::Object properties{{"ApiId", ref_to(resource_.id())}};
  const json::Value* name = resource_.property("StageName");
  const std::string text =
      name == nullptr ? "$default"
                      : json::find_string(resource_.properties(), "StageName").value_or("");
  properties["StageName"] = name == nullptr ? json::Value("$default") : *name;
  for (const char* passed : {"AccessLogSettings", "DefaultRouteSettings", "StageVariables"}) {
    if (const json::Value* value = resource_.property(passed)) properties[passed] = *value;
  }
  if (!route_settings_.empty()) properties["RouteSettings"] = route_settings_;
  properties["AutoDeploy"] = true;
  properties["Tags"] = tags_;

  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  std::string id = resource_.id();
  if (text == "$default") {
    id += "ApiGatewayDefaultStage";
  } else if (std::all_of(text.begin(), text.end(), is_letter)) {
    id += text + "Stage";
  } else {
    id += "Stage" + id_digits(text);
  }
  context.resources[id] = resource_.companion("AWS::ApiGatewayV2::Stage", std::move(properties));
  return id;
}

void HttpApi::add_permissions(Context& context) const {
  for (const HttpAuth::Invoked& authorizer : auth_.invoked()) {
    context.resources[resource_.id() + authorizer.name + "AuthorizerPermission"] =
        resource_.companion(
            "AWS::Lambda::Permission",
            {{"Action", "lambda:InvokeFunction"},
             {"FunctionName", authorizer.function_arn},
             {"Principal", "apigateway.amazonaws.com"},
             {"SourceArn",
              json::Object{
                  {"Fn::Sub", json::Array{"arn:${AWS::Partition}:execute-api:${AWS::Region}:"
                                          "${AWS::AccountId}:${__ApiId__}/authorizers/*",
                                          json::Object{{"__ApiId__", ref_to(resource_.id())}}}}}}});
  }
}

}  // namespace stator::cloudformation::sam
