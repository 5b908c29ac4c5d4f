#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "cloudformation/sam/http_api.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr const char* kAnyMethod = "x-amazon-apigateway-any-method";
constexpr std::array<std::string_view, 7> kKnown = {
    "ApiId", "Path", "Method", "PayloadFormatVersion", "TimeoutInMillis", "RouteSettings", "Auth"};

std::string event_prefix(std::string_view event_id) {
  return "Event with id [" + std::string(event_id) + "] is invalid. ";
}

const json::Object& properties_of(const json::Object& event) {
  static const json::Object kNone;
  const json::Value* found = json::find(event, "Properties");
  return found == nullptr || !found->is_object() ? kNone : found->get_object();
}

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

/// "GET/items/*", the end of the permission's SourceArn; "*" of the default route.
std::string source_path(const HttpOperation& operation) {
  if (operation.path == "$default") return "*";
  std::string method = operation.method == kAnyMethod ? "*" : operation.method;
  for (char& c : method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string_view path = operation.path;
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return method + starred(path);
}

/// The template's HttpApi that the event belongs to.
Result<HttpApi*> api_of(const json::Object& properties, const Context& context) {
  std::string id(kImplicitApi);
  if (const json::Value* given = json::find(properties, "ApiId")) {
    id = given->is_string() ? std::string(given->get_string()) : "";
    if (given->is_object()) id = json::find_string(given->get_object(), "Ref").value_or("");
  }
  const auto found = context.http_apis.find(id);
  if (found == context.http_apis.end()) {
    return invalid(
        "ApiId must be a valid reference to an 'AWS::Serverless::HttpApi' resource in same "
        "template.");
  }
  return found->second;
}

Result<HttpOperation> read_event(const Resource& function, const json::Object& properties) {
  for (const auto& member : properties) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return invalid("Property " + std::string(name) + " is not supported by stator.");
    }
  }
  HttpOperation result;
  const auto path = json::find_string(properties, "Path");
  const auto method = json::find_string(properties, "Method");
  if (!path && method) return invalid("Event is missing key 'Path'.");
  if (path && !path->starts_with('/')) return invalid("Path must begin with '/'.");
  result.path = path.value_or("$default");
  result.method = to_lower(method.value_or("any"));
  if (result.method == "any") result.method = kAnyMethod;

  result.integration = {
      {"type", "aws_proxy"}, {"httpMethod", "POST"}, {"payloadFormatVersion", "2.0"}};
  for (const auto& [from, to] : {std::pair("PayloadFormatVersion", "payloadFormatVersion"),
                                 std::pair("TimeoutInMillis", "timeoutInMillis")}) {
    if (const json::Value* value = json::find(properties, from)) result.integration[to] = *value;
  }
  result.integration["uri"] =
      json::Object{{"Fn::Sub",
                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/"
                    "functions/${" +
                        function.id() + ".Arn}/invocations"}};
  if (const json::Value* auth = json::find(properties, "Auth")) {
    if (!auth->is_object()) return invalid("Auth is not a map.");
    result.auth = &auth->get_object();
  }
  result.route_settings = json::find(properties, "RouteSettings");
  result.condition = function.condition();
  return result;
}

}  // namespace

bool needs_implicit_api(const json::Object& resources) {
  for (const auto& resource : resources) {
    if (!resource.value().is_object()) continue;
    const json::Object& whole = resource.value().get_object();
    if (json::find_string(whole, "Type") != "AWS::Serverless::Function") continue;
    const json::Value* events = json::find(properties_of(whole), "Events");
    if (events == nullptr || !events->is_object()) continue;
    for (const auto& event : events->get_object()) {
      if (!event.value().is_object()) continue;
      const json::Object& one = event.value().get_object();
      if (json::find_string(one, "Type") == "HttpApi" && !properties_of(one).contains("ApiId")) {
        return true;
      }
    }
  }
  return false;
}

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-httpapi.html
Result<void> expand_http_event(const Resource& function, std::string_view event_id,
                               const json::Object& event, Context& context) {
  const auto fault = [&](const Error& error) {
    return invalid_resource(function.id(), event_prefix(event_id) + error.message);
  };
  const json::Value* given = json::find(event, "Properties");
  if (given != nullptr && !given->is_object())
    return fault(invalid("Properties is not an object."));
  const json::Object& properties = properties_of(event);
  auto operation = read_event(function, properties);
  if (!operation) return fault(operation.error());
  const auto api = api_of(properties, context);
  if (!api) return fault(api.error());
  if (const auto added = (*api)->add(*operation); !added) return fault(added.error());

  const json::Value* id = json::find(properties, "ApiId");
  context.resources[function.id() + std::string(event_id) + "Permission"] = function.companion(
      "AWS::Lambda::Permission",
      {{"Action", "lambda:InvokeFunction"},
       {"FunctionName", ref_to(function.id())},
       {"Principal", "apigateway.amazonaws.com"},
       {"SourceArn",
        json::Object{
            {"Fn::Sub",
             json::Array{"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
                         "${__ApiId__}/${__Stage__}/" +
                             source_path(*operation),
                         json::Object{{"__ApiId__", id == nullptr ? ref_to(kImplicitApi) : *id},
                                      {"__Stage__", "*"}}}}}}});
  return {};
}

}  // namespace stator::cloudformation::sam
