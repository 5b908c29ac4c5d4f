#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "cloudformation/sam/function.hpp"
#include "cloudformation/sam/http_api.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::array<std::string_view, 7> kKnown = {
    "ApiId", "Path", "Method", "PayloadFormatVersion", "TimeoutInMillis", "RouteSettings", "Auth"};

/// Every `{parameter}` of a path as `*`, which is how a permission names it.
std::string starred(std::string_view path) {
  const auto is_name = [](std::string_view name) {
    if (name == "proxy+") return true;
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '_' || c == '-';
    });
  };
  std::string out;
  while (!path.empty()) {
    const auto open = path.find('{');
    const auto close = open == std::string_view::npos ? open : path.find('}', open);
    if (close == std::string_view::npos) return out.append(path);
    out.append(path.substr(0, open));
    const std::string_view name = path.substr(open + 1, close - open - 1);
    out.append(is_name(name) ? "*" : path.substr(open, close + 1 - open));
    path.remove_prefix(close + 1);
  }
  return out;
}

/// "GET/items/*", the end of the permission's SourceArn; "*" of the default route.
std::string source_path(const HttpOperation& operation) {
  std::string method = operation.method == kAnyMethod ? "*" : operation.method;
  for (char& c : method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string_view path = operation.path;
  if (path == kDefaultPath) return method;
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

/// Path and Method of an event; the default route where it has neither.
Result<std::pair<std::string, std::string>> route_of(const json::Object& properties) {
  const json::Value* path = given(properties, "Path");
  const json::Value* method = given(properties, "Method");
  if (path == nullptr && method == nullptr)
    return std::pair<std::string, std::string>(kDefaultPath, kAnyMethod);
  for (const auto& [value, name] : {std::pair(path, "Path"), std::pair(method, "Method")}) {
    if (value == nullptr) return invalid("Event is missing key '" + std::string(name) + "'.");
    if (!value->is_string()) {
      return invalid("Property '" + std::string(name) + "' should be a string.");
    }
  }
  return std::pair(std::string(path->get_string()), std::string(method->get_string()));
}

Result<HttpOperation> read_event(const Function& function, const json::Object& properties) {
  HttpOperation result;
  STATOR_TRY(auto route, route_of(properties));
  result.path = std::move(route.first);
  result.method = to_lower(route.second);
  if (result.method == "any") result.method = kAnyMethod;
  result.integration = {
      {"type", "aws_proxy"}, {"httpMethod", "POST"}, {"payloadFormatVersion", "2.0"}};
  for (const auto& [from, to] : {std::pair("PayloadFormatVersion", "payloadFormatVersion"),
                                 std::pair("TimeoutInMillis", "timeoutInMillis")}) {
    if (const json::Value* value = given(properties, from)) result.integration[to] = *value;
  }
  const std::string target =
      function.alias_id.empty() ? function.resource.id() + ".Arn" : function.alias_id;
  result.integration["uri"] =
      json::Object{{"Fn::Sub",
                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/"
                    "functions/${" +
                        target + "}/invocations"}};
  if (const json::Value* auth = given(properties, "Auth")) {
    if (!auth->is_object()) return invalid("Property 'Auth' should be a map.");
    result.auth = &auth->get_object();
  }
  result.condition = function.resource.condition();
  return result;
}

/// The properties of an event, which may be absent.
Result<const json::Object*> event_properties(const json::Object& event) {
  static const json::Object kNone;
  const json::Value* found = given(event, "Properties");
  if (found == nullptr) return &kNone;
  if (!found->is_object()) return invalid("Properties should be a map.");
  return &found->get_object();
}

/// Calls `visit(event id, event)` for every HttpApi event of a function.
template <class Visit>
void for_each_http_event(const Resource& function, const Visit& visit) {
  const json::Value* events = function.property("Events");
  if (events == nullptr || !events->is_object()) return;
  for (const auto& event : events->get_object()) {
    if (!event.value().is_object()) continue;
    if (json::find_string(event.value().get_object(), "Type") != "HttpApi") continue;
    visit(std::string_view(event.key().data(), event.key().size()), event.value().get_object());
  }
}

}  // namespace

bool needs_implicit_api(const Resource& function) {
  bool needs = false;
  for_each_http_event(function, [&](std::string_view, const json::Object& event) {
    const auto properties = event_properties(event);
    needs = needs || (properties && !(*properties)->contains("ApiId"));
  });
  return needs;
}

Result<void> declare_http_events(const Resource& function, Context& context) {
  Result<void> outcome;
  for_each_http_event(function, [&](std::string_view id, const json::Object& event) {
    const auto declare = [&]() -> Result<void> {
      STATOR_TRY(const json::Object* properties, event_properties(event));
      STATOR_TRY(const auto route, route_of(*properties));
      STATOR_TRY(HttpApi * api, api_of(*properties, context));
      api->declare({route.first, route.second, given(*properties, "RouteSettings"), function});
      return {};
    };
    if (!outcome) return;
    const auto declared = declare();
    if (!declared) outcome = invalid_event(function, id, declared.error().message);
  });
  return outcome;
}

/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-httpapi.html
Result<void> expand_http_event(const Function& function, std::string_view event_id,
                               const json::Object& event, Context& context) {
  const Resource& resource = function.resource;
  const auto fault = [&](const Error& error) {
    return invalid_event(resource, event_id, error.message);
  };
  const auto found = event_properties(event);
  if (!found) return fault(found.error());
  const json::Object& properties = **found;
  for (const auto& member : properties) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return invalid_event(resource, event_id,
                           "Property " + std::string(name) + " is not supported by stator.", name);
    }
  }
  const auto operation = read_event(function, properties);
  if (!operation) return fault(operation.error());
  const auto api = api_of(properties, context);
  if (!api) return fault(api.error());
  // The default route's permission covers the function's other routes.
  const bool is_covered =
      operation->path != kDefaultPath &&
      (*api)->has_default_route_to(function.alias_id.empty() ? resource.id() : function.alias_id);
  if (const auto added = (*api)->add(*operation); !added) return fault(added.error());
  if (is_covered) return {};

  const json::Value* id = given(properties, "ApiId");
  context.resources[resource.id() + std::string(event_id) + "Permission"] = resource.companion(
      "AWS::Lambda::Permission",
      {{"Action", "lambda:InvokeFunction"},
       {"FunctionName", function.target()},
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
