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
constexpr const char* kDefaultPathOfResources = "/$default";
constexpr const char* kCorsMembers[] = {"AllowOrigins",  "AllowHeaders", "AllowMethods",
                                        "ExposeHeaders", "MaxAge",       "AllowCredentials"};

json::Object skeleton() {
  return {{"openapi", "3.0.1"},
          {"info", json::Object{{"version", "1.0"}, {"title", ref_to("AWS::StackName")}}},
          {"paths", json::Object()}};
}

bool is_open_api(const json::Object& body) {
  const json::Value* paths = json::find(body, "paths");
  const json::Value* version = json::find(body, "openapi");
  if (paths == nullptr || !paths->is_object() || version == nullptr) return false;
  // Without quotes 3.0 is a number.
  if (version->is_double()) return version->get_double() >= 3 && version->get_double() < 4;
  return version->is_string() && version->get_string().starts_with("3.");
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

bool is_true(const json::Value* value) {
  return value != nullptr && *value == json::Value(true);
}

/// Those of the path's names that the operation has already are taken over, the others added.
void merge_parameters(json::Value& list, const json::Array& wanted) {
  if (!list.is_array()) list = json::Array();
  for (const json::Value& parameter : wanted) {
    json::Array& all = list.get_array();
    const auto same = std::find_if(all.begin(), all.end(), [&](const json::Value& one) {
      return one.is_object() && one.get_object().contains("name") &&
             one.at("name") == parameter.at("name");
    });
    if (same == all.end()) {
      all.push_back(parameter);
    } else {
      same->get_object()["in"] = "path";
      same->get_object()["required"] = true;
    }
  }
}

/// Keys of the document begin with a small letter, those of the property with a capital.
json::Value with_small_keys(const json::Value& cors) {
  if (cors.is_array()) {
    json::Array items;
    for (const json::Value& item : cors.get_array()) items.push_back(with_small_keys(item));
    return items;
  }
  if (!cors.is_object()) return cors;
  json::Object out;
  for (const auto& entry : cors.get_object()) {
    std::string name(entry.key());
    for (const char* known : kCorsMembers) {
      if (name == known) name[0] = static_cast<char>(name[0] - 'A' + 'a');
    }
    out[name] = with_small_keys(entry.value());
  }
  return out;
}

}  // namespace

Result<HttpApi> HttpApi::read(Resource resource, const Values& values) {
  STATOR_TRY_VOID(resource.allow_only(
      {"Name", "Description", "Tags", "PropagateTags", "StageName", "StageVariables",
       "DefinitionBody", "DefinitionUri", "Auth", "CorsConfiguration", "DisableExecuteApiEndpoint",
       "FailOnWarnings", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "Domain"}));
  HttpApi api(std::move(resource));
  STATOR_TRY_VOID(api.read_body());
  STATOR_TRY(api.auth_, HttpAuth::read(api.resource_));
  STATOR_TRY_VOID(api.set_info());
  STATOR_TRY_VOID(api.set_cors(values));
  STATOR_TRY_VOID(api.set_tags());
  api.set_endpoint();
  if (const json::Value* settings = api.resource_.property("RouteSettings")) {
    if (!settings->is_object()) {
      return api.resource_.invalid_property("RouteSettings",
                                            "Property 'RouteSettings' should be a map.");
    }
    api.route_settings_ = settings->get_object();
  }
  return api;
}

Result<void> HttpApi::read_body() {
  const json::Value* body = resource_.property("DefinitionBody");
  const json::Value* uri = resource_.property("DefinitionUri");
  is_managed_ = body == nullptr && uri == nullptr;
  has_document_ = uri == nullptr;
  body_ = skeleton();
  if (body != nullptr && uri != nullptr) {
    return resource_.invalid_property(
        "DefinitionUri",
        "Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.");
  }
  if (body != nullptr) {
    if (!body->is_object() || !is_open_api(body->get_object())) {
      return resource_.invalid_property(
          "DefinitionBody", "'DefinitionBody' does not contain a valid OpenApi definition.");
    }
    body_ = body->get_object();
  }
  if (has_document_) return {};
  for (const char* name :
       {"Auth", "CorsConfiguration", "Tags", "Name", "Description", "DisableExecuteApiEndpoint"}) {
    if (resource_.property(name) == nullptr) continue;
    return resource_.invalid_property(
        name, std::string(name) +
                  " works only with inline OpenApi specified in the 'DefinitionBody' property.");
  }
  return {};
}

Result<void> HttpApi::set_info() {
  const auto unable = [&](const char* property) {
    return resource_.invalid_property(property,
                                      "Unable to set " + std::string(property) +
                                          " because it is already defined within inline OpenAPI "
                                          "specified in the 'DefinitionBody' property.");
  };
  if (const json::Value* name = resource_.property("Name")) {
    json::Object& info = member(body_, "info");
    if (!info.contains("title") || info.at("title") != ref_to("AWS::StackName")) {
      return unable("Name");
    }
    info["title"] = *name;
  }
  if (const json::Value* description = resource_.property("Description")) {
    json::Object& info = member(body_, "info");
    if (info.contains("description")) return unable("Description");
    info["description"] = *description;
  }
  return {};
}

Result<void> HttpApi::set_cors(const Values& values) {
  const json::Value* property = resource_.property("CorsConfiguration");
  if (property == nullptr) return {};
  const json::Value cors = with_parameters(*property, values);
  const auto fault = [&](const std::string& what) {
    return resource_.invalid_property("CorsConfiguration", what);
  };
  if (cors == json::Value(false)) return {};
  json::Object& into = member(body_, kCors);
  if (cors == json::Value(true)) {
    into["allowOrigins"] = json::Array{"*"};
    return {};
  }
  if (!cors.is_object()) return fault("Invalid value for 'Cors' property.");
  const json::Value small = with_small_keys(cors);
  if (!is_intrinsic(cors)) {
    for (const auto& entry : cors.get_object()) {
      const std::string name(entry.key());
      if (std::find(std::begin(kCorsMembers), std::end(kCorsMembers), name) ==
          std::end(kCorsMembers)) {
        return fault("Invalid key '" + name + "' for 'Cors' property.");
      }
    }
    const json::Value* origins = given(cors.get_object(), "AllowOrigins");
    if (is_true(given(cors.get_object(), "AllowCredentials")) && origins != nullptr &&
        *origins == json::Value(json::Array{"*"})) {
      return fault(
          "Unable to add Cors configuration because 'AllowCredentials' can not be true when "
          "'AllowOrigin' is \"'*'\" or not set.");
    }
  }
  for (const auto& entry : small.get_object()) {
    const bool is_off = entry.key() == "allowCredentials" && !is_true(&entry.value());
    const bool is_empty =
        entry.value().is_null() || (entry.value().is_array() && entry.value().get_array().empty());
    if (!is_off && !is_empty) into[entry.key()] = entry.value();
  }
  return {};
}

Result<void> HttpApi::set_tags() {
  if (!has_document_) return {};
  if (const json::Value* own = resource_.property("Tags")) {
    if (!own->is_object()) {
      return resource_.invalid_property("Tags", "Property 'Tags' should be a map.");
    }
    tags_ = own->get_object();
  }
  tags_[kMark] = "SAM";
  json::Value& list = body_["tags"];
  if (!list.is_array()) list = json::Array();
  for (const auto& tag : tags_) {
    json::Array& all = list.get_array();
    const auto same = std::find_if(all.begin(), all.end(), [&](const json::Value& one) {
      return one.is_object() && json::find_string(one.get_object(), "name") ==
                                    std::string(tag.key().data(), tag.key().size());
    });
    if (same != all.end()) {
      same->get_object()[kTagValue] = tag.value();
    } else {
      all.push_back(json::Object{{"name", tag.key()}, {kTagValue, tag.value()}});
    }
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
  if (!has_document_) return {};
  json::Value& path = member(body_, "paths")[operation.path];
  if (!path.is_object()) path = json::Object();
  bool is_there = false;
  visit_branches(path, [&](json::Object& item) {
    json::Value* present = item.if_contains(operation.method);
    if (present == nullptr) return;
    visit_branches(*present, [&](json::Object& one) { is_there |= one.contains(kIntegration); });
  });
  if (is_there && is_managed_) {
    return invalid("API method '" + operation.method + "' defined multiple times for path '" +
                   operation.path + "'.");
  }
  if (is_there) return {};
  std::optional<json::Array> security;
  if (operation.auth != nullptr) {
    STATOR_TRY(security, auth_.security_of(*operation.auth, operation.method, operation.path));
  }
  const json::Array parameters = path_parameters(operation.path);
  visit_branches(path, [&](json::Object& item) {
    const json::Value* present = item.if_contains(operation.method);
    json::Object made =
        present != nullptr && present->is_object() ? present->get_object() : json::Object();
    json::Object integration = operation.integration;
    if (operation.condition != nullptr) {
      integration["uri"] = make_conditional(*operation.condition, integration["uri"]);
    }
    made[kIntegration] = std::move(integration);
    if (operation.path == kDefaultPath && operation.method == kAnyMethod) {
      made["isDefaultRoute"] = true;
    }
    if (!made.contains("responses")) made["responses"] = json::Object();
    if (security) {
      json::Value& list = made["security"];
      if (!list.is_array()) list = json::Array();
      list.get_array().insert(list.get_array().end(), security->begin(), security->end());
    }
    if (!parameters.empty()) merge_parameters(made["parameters"], parameters);
    json::Value value(std::move(made));
    if (operation.condition != nullptr) {
      value = make_conditional(*operation.condition, std::move(value));
    }
    item[operation.method] = std::move(value);
  });
  return {};
}

bool HttpApi::has_default_route_to(std::string_view function_id) {
  const std::string uri = "functions/${" + std::string(function_id) + ".Arn}/";
  json::Value* path = member(body_, "paths").if_contains(kDefaultPath);
  bool is_found = false, is_all = true;
  if (path == nullptr) return false;
  visit_branches(*path, [&](json::Object& item) {
    json::Value* operation = item.if_contains(kAnyMethod);
    if (operation == nullptr) return;
    visit_branches(*operation, [&](json::Object& one) {
      const json::Value* integration = one.if_contains(kIntegration);
      is_found |= integration != nullptr;
      is_all &= integration != nullptr && json::dump(*integration).find(uri) != std::string::npos;
    });
  });
  return is_found && is_all;
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
  if (has_document_) secure_by_default();
  json::Object properties;
  const json::Value* strict = resource_.property("FailOnWarnings");
  const bool is_strict = strict != nullptr && *strict != json::Value(false);
  json::Object& paths = member(body_, "paths");
  if (json::Value* fallback = paths.if_contains(kDefaultPath); fallback != nullptr && is_strict) {
    // The import warns of a path that does not start with a slash.
    json::Value item = std::move(*fallback);
    paths.erase(kDefaultPath);
    paths[kDefaultPathOfResources] = std::move(item);
  }
  if (has_document_) {
    properties["Body"] = std::move(body_);
  } else {
    STATOR_TRY(properties["BodyS3Location"], body_location());
  }
  if (is_strict) properties["FailOnWarnings"] = *strict;
  context.resources[resource_.id()] =
      resource_.derived("AWS::ApiGatewayV2::Api", std::move(properties));
  STATOR_TRY(const std::string stage_id, add_stage(context));
  add_permissions(context);
  if (resource_.property("Domain") == nullptr) return {};
  return expand_domain(resource_, stage_id, tags_, context);
}

Result<json::Object> HttpApi::body_location() const {
  const json::Value& uri = *resource_.property("DefinitionUri");
  const json::Object* location = uri.if_object();
  std::optional<json::Object> parsed;
  if (uri.is_string()) parsed = parse_s3_uri(json::view(uri.get_string()));
  if (parsed) location = &*parsed;
  if (location == nullptr) {
    return resource_.invalid_property("DefinitionUri",
                                      "'DefinitionUri' is not a valid S3 Uri of the form "
                                      "'s3://bucket/key' with optional versionId query parameter.");
  }
  json::Object out;
  for (const char* name : {"Bucket", "Key", "Version"}) {
    if (const json::Value* value = given(*location, name)) out[name] = *value;
  }
  if (out.contains("Bucket") && out.contains("Key")) return out;
  return resource_.invalid_property(
      "DefinitionUri", "'DefinitionUri' requires Bucket and Key properties to be specified.");
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
  if (has_document_) properties["Tags"] = tags_;

  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  std::string id = resource_.id();
  if (text == "$default") {
    id += "ApiGatewayDefaultStage";
  } else if (!text.empty() && std::all_of(text.begin(), text.end(), is_letter)) {
    id += text + "Stage";
  } else {
    id += "Stage" + id_digits(json::Value(text));
  }
  context.resources[id] = resource_.companion("AWS::ApiGatewayV2::Stage", std::move(properties));
  context.references[resource_.id() + ".Stage"] = id;
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
