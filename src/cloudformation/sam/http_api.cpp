#include "base/strings.hpp"
#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::string_view kMark = "httpapi:createdBy";

json::Object default_stage(std::string_view api_id) {
  return {{"Type", "AWS::ApiGatewayV2::Stage"},
          {"Properties", json::Object{{"ApiId", ref_to(api_id)},
                                      {"StageName", "$default"},
                                      {"AutoDeploy", true},
                                      {"Tags", json::Object{{std::string(kMark), "SAM"}}}}}};
}

void add_stage(std::string_view api_id, Context& context) {
  context.resources[std::string(api_id) + "ApiGatewayDefaultStage"] = default_stage(api_id);
}

/// What an HttpApi event says, checked.
struct HttpEvent {
  json::Value api;          ///< {"Ref": …} of the API
  std::string route_key;    ///< "GET /items/{id}" or "$default"
  std::string source_path;  ///< "GET/items/*", the end of the permission's SourceArn
  json::Value payload_format_version = "2.0";
};

/// Every `{parameter}` of a path as `*`, which is how a permission names it.
std::string starred(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto open = path.find('{');
    const auto close = open == std::string_view::npos ? open : path.find('}', open);
    if (close == std::string_view::npos) return out.append(path);
    out.append(path.substr(0, open)).append("*");
    path.remove_prefix(close + 1);
  }
  return out;
}

Result<HttpEvent> read_event(const Resource& function, std::string_view event_id,
                             const json::Object& event, Context& context) {
  const auto fault = [&](std::string_view what) {
    return invalid_resource(function.id(), "Event with id [" + std::string(event_id) +
                                               "] is invalid. " + std::string(what));
  };
  static const json::Object kNone;
  const json::Value* found = json::find(event, "Properties");
  if (found != nullptr && !found->is_object()) return fault("Properties is not an object.");
  const json::Object& properties = found == nullptr ? kNone : found->get_object();
  for (const auto& member : properties) {
    const std::string_view name(member.key().data(), member.key().size());
    if (name != "ApiId" && name != "Path" && name != "Method" && name != "PayloadFormatVersion") {
      return fault("Property " + std::string(name) + " is not supported by stator.");
    }
  }

  HttpEvent result;
  if (const json::Value* api = json::find(properties, "ApiId")) {
    result.api = *api;
  } else {
    context.needs_implicit_api = true;
    result.api = ref_to(kImplicitApi);
  }
  if (const json::Value* version = json::find(properties, "PayloadFormatVersion")) {
    result.payload_format_version = *version;
  }
  const auto path = json::find_string(properties, "Path");
  const auto method = json::find_string(properties, "Method");
  if (!path && !method) {
    result.route_key = result.source_path = "$default";
    return result;
  }
  if (!path) return fault("Event is missing key 'Path'.");
  if (!path->starts_with('/')) return fault("Path must begin with '/'.");
  std::string verb = method.value_or("ANY");
  for (char& c : verb) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (verb == "X-AMAZON-APIGATEWAY-ANY-METHOD") verb = "ANY";
  result.route_key = verb + " " + *path;
  result.source_path = (verb == "ANY" ? "*" : verb) + starred(*path);
  return result;
}

}  // namespace

Result<void> expand_http_api(const Resource& resource, Context& context) {
  STATOR_TRY_VOID(resource.allow_only({"Name", "Description", "Tags", "StageName"}));
  json::Object properties{{"Name", ref_to("AWS::StackName")}, {"ProtocolType", "HTTP"}};
  for (const char* name : {"Name", "Description"}) {
    if (const json::Value* value = resource.property(name)) properties[name] = *value;
  }
  json::Object tags{{std::string(kMark), "SAM"}};
  if (const json::Value* given = resource.property("Tags")) {
    if (!given->is_object()) return invalid_resource(resource.id(), "Tags is not a map.");
    for (const auto& tag : given->get_object()) tags[tag.key()] = tag.value();
  }
  properties["Tags"] = std::move(tags);
  context.resources[resource.id()] =
      resource.derived("AWS::ApiGatewayV2::Api", std::move(properties));

  const json::Value* stage_name = resource.property("StageName");
  if (stage_name == nullptr || *stage_name == json::Value("$default")) {
    add_stage(resource.id(), context);
    return {};
  }
  if (!stage_name->is_string()) {
    return invalid_resource(resource.id(), "StageName must be a text.");
  }
  json::Object stage = default_stage(resource.id());
  stage["Properties"].get_object()["StageName"] = *stage_name;
  const std::string suffix(json::view(stage_name->get_string()));
  context.resources[resource.id() + suffix + "Stage"] = std::move(stage);
  return {};
}

void expand_implicit_api(Context& context) {
  context.resources[kImplicitApi] = json::Object{
      {"Type", "AWS::ApiGatewayV2::Api"},
      {"Properties", json::Object{{"Name", ref_to("AWS::StackName")},
                                  {"ProtocolType", "HTTP"},
                                  {"Tags", json::Object{{std::string(kMark), "SAM"}}}}}};
  add_stage(kImplicitApi, context);
}

Result<void> expand_http_event(const Resource& function, std::string_view event_id,
                               const json::Object& event, Context& context) {
  STATOR_TRY(HttpEvent read, read_event(function, event_id, event, context));
  const std::string prefix = function.id() + std::string(event_id);

  context.resources[prefix + "Permission"] = function.companion(
      "AWS::Lambda::Permission",
      {{"Action", "lambda:InvokeFunction"},
       {"FunctionName", ref_to(function.id())},
       {"Principal", "apigateway.amazonaws.com"},
       {"SourceArn",
        json::Object{
            {"Fn::Sub", json::Array{"arn:${AWS::Partition}:execute-api:${AWS::Region}:"
                                    "${AWS::AccountId}:${__ApiId__}/${__Stage__}/" +
                                        read.source_path,
                                    json::Object{{"__ApiId__", read.api}, {"__Stage__", "*"}}}}}}});
  context.resources[prefix + "Integration"] = function.companion(
      "AWS::ApiGatewayV2::Integration",
      {{"ApiId", read.api},
       {"IntegrationType", "AWS_PROXY"},
       {"IntegrationMethod", "POST"},
       {"IntegrationUri",
        json::Object{{"Fn::Sub",
                      "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/"
                      "2015-03-31/functions/${" +
                          function.id() + ".Arn}/invocations"}}},
       {"PayloadFormatVersion", read.payload_format_version}});
  context.resources[prefix + "Route"] = function.companion(
      "AWS::ApiGatewayV2::Route",
      {{"ApiId", read.api},
       {"RouteKey", read.route_key},
       {"Target", json::Object{{"Fn::Join",
                                json::Array{"/", json::Array{"integrations",
                                                             ref_to(prefix + "Integration")}}}}}});
  return {};
}

}  // namespace stator::cloudformation::sam
