#include "cloudformation/sam/expand.hpp"

#include <algorithm>

#include "cloudformation/sam/http_api.hpp"
#include "cloudformation/sam/references.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::string_view kPrefix = "AWS::Serverless::";
constexpr std::string_view kFunctionType = "AWS::Serverless::Function";

std::string type_of(const json::Value& resource) {
  if (!resource.is_object()) return "";
  return json::find_string(resource.get_object(), "Type").value_or("");
}

std::string_view name_of(const json::Object::value_type& member) {
  return {member.key().data(), member.key().size()};
}

using Functions = std::vector<Resource>;
using HttpApis = std::map<std::string, HttpApi, std::less<>>;

Result<Functions> read_functions(const json::Object& resources) {
  Functions functions;
  for (const auto& member : resources) {
    if (type_of(member.value()) != kFunctionType) continue;
    STATOR_TRY(Resource function, Resource::read(name_of(member), member.value().get_object()));
    functions.push_back(std::move(function));
  }
  return functions;
}

Result<HttpApis> read_http_apis(const json::Object& resources, const Values& values) {
  HttpApis apis;
  for (const auto& member : resources) {
    if (type_of(member.value()) != "AWS::Serverless::HttpApi") continue;
    STATOR_TRY(Resource resource, Resource::read(name_of(member), member.value().get_object()));
    STATOR_TRY(HttpApi api, HttpApi::read(std::move(resource), values));
    apis.emplace(std::string(name_of(member)), std::move(api));
  }
  return apis;
}

/// The type that a resource of the template must have come out with; "" for those that come out
/// under another id.
std::string expected_type(const std::string& type) {
  if (type == kFunctionType) return "AWS::Lambda::Function";
  if (type == "AWS::Serverless::HttpApi") return "AWS::ApiGatewayV2::Api";
  if (type == "AWS::Serverless::SimpleTable") return "AWS::DynamoDB::Table";
  return type.starts_with(kPrefix) ? "" : type;
}

Error taken_id(std::string_view id) {
  return invalid_resource(id,
                          "A resource with that logical ID is generated from another one. Please "
                          "use a different logical ID.");
}

/// A generated resource must not have taken the id of one that the template declares.
Result<void> check_ids(const Context& context) {
  for (const auto& member : context.declared) {
    const std::string type = type_of(member.value());
    const std::string expected = expected_type(type);
    const json::Value* made = context.resources.if_contains(member.key());
    const bool is_own = type.starts_with(kPrefix) ? made == nullptr || type_of(*made) == expected
                                                  : made != nullptr && *made == member.value();
    if (is_own) continue;
    return taken_id(name_of(member));
  }
  return {};
}

Result<void> expand_resource(std::string_view id, const json::Value& value, Context& context) {
  const std::string type = type_of(value);
  if (context.resources.contains(id)) return taken_id(id);
  if (!type.starts_with(kPrefix)) {
    context.resources[id] = value;
    return {};
  }
  if (type == "AWS::Serverless::Connector") return {};
  if (type == "AWS::Serverless::HttpApi") {
    context.resources[id] = nullptr;  // its place; what it becomes is known after the functions
    return {};
  }
  STATOR_TRY(const Resource resource, Resource::read(id, value.get_object()));
  if (type == kFunctionType) return expand_function(resource, context);
  if (type == "AWS::Serverless::SimpleTable") return expand_simple_table(resource, context);
  if (type == "AWS::Serverless::LayerVersion") return expand_layer_version(resource, context);
  return invalid_resource(id, "Resource type " + type + " is not supported by stator.", {"Type"});
}

/// In the template's order, but for APIs, which wait for the functions' events, and connectors,
/// which read what the others have become.
Result<void> expand_all(Context& context) {
  STATOR_TRY(const Functions functions, read_functions(context.declared));
  STATOR_TRY(HttpApis apis, read_http_apis(context.declared, context.values));
  for (auto& [id, api] : apis) context.http_apis.emplace(id, &api);
  for (const Resource& function : functions) {
    STATOR_TRY_VOID(declare_http_events(function, context));
  }
  for (auto& [id, api] : apis) {
    if (id == kImplicitApi) api.gain_attributes(context.new_conditions);
    api.settle_paths(context.new_conditions);
  }
  for (const auto& member : context.declared) {
    STATOR_TRY_VOID(expand_resource(name_of(member), member.value(), context));
  }
  for (auto& [id, api] : apis) {
    if (!context.resources[id].is_null()) return taken_id(id);
    STATOR_TRY_VOID(api.expand(context));
  }
  STATOR_TRY_VOID(check_ids(context));
  for (const auto& member : context.declared) {
    if (type_of(member.value()) != "AWS::Serverless::Connector") continue;
    STATOR_TRY(const Resource connector,
               Resource::read(name_of(member), member.value().get_object()));
    STATOR_TRY_VOID(expand_connector(connector, context));
  }
  return {};
}

const json::Value* global(const json::Object& template_body, const char* name) {
  const json::Value* globals = given(template_body, "Globals");
  if (globals == nullptr || !globals->is_object()) return nullptr;
  const json::Value* section = given(globals->get_object(), "Function");
  if (section == nullptr || !section->is_object()) return nullptr;
  return given(section->get_object(), name);
}

/// What functions' events take for granted. A function that propagates its tags gives them to it.
Result<void> add_implicit_api(json::Object& template_body) {
  json::Object& resources = template_body["Resources"].get_object();
  STATOR_TRY(const Functions functions, read_functions(resources));
  bool is_needed = false;
  json::Object tags;
  for (const Resource& function : functions) {
    if (!needs_implicit_api(function)) continue;
    is_needed = true;
    const json::Value* passes = function.property("PropagateTags");
    if (passes == nullptr) passes = global(template_body, "PropagateTags");
    const json::Value* own = function.property("Tags");
    if (own == nullptr) own = global(template_body, "Tags");
    if (passes == nullptr || *passes != json::Value(true)) continue;
    if (own == nullptr || !own->is_object()) continue;
    for (const auto& tag : own->get_object()) tags[tag.key()] = tag.value();
  }
  if (!is_needed || resources.contains(kImplicitApi)) return {};
  json::Object properties;
  if (!tags.empty()) properties["Tags"] = std::move(tags);
  resources[kImplicitApi] =
      json::Object{{"Type", "AWS::Serverless::HttpApi"}, {"Properties", std::move(properties)}};
  return {};
}

}  // namespace

bool is_wanted(const json::Object& template_body) {
  const json::Value* transform = json::find(template_body, "Transform");
  if (transform == nullptr) return false;
  const json::Value name(kTransform);
  if (transform->is_array()) {
    const auto& names = transform->get_array();
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  return *transform == name;
}

Result<json::Object> expand(json::Object template_body, const Values& values) {
  if (!is_wanted(template_body)) return template_body;
  json::Value* resources = template_body.if_contains("Resources");
  if (resources == nullptr || !resources->is_object()) return template_body;
  STATOR_TRY_VOID(add_implicit_api(template_body));
  STATOR_TRY_VOID(apply_globals(template_body));
  STATOR_TRY_VOID(embed_connectors(template_body["Resources"].get_object()));

  const json::Object declared = template_body["Resources"].get_object();
  Context context{values, declared};
  STATOR_TRY_VOID(expand_all(context));
  if (!context.new_conditions.empty()) {
    json::Value& conditions = template_body["Conditions"];
    if (!conditions.is_object()) conditions = json::Object();
    for (const auto& one : context.new_conditions) {
      conditions.get_object()[one.key()] = one.value();
    }
  }
  template_body["Resources"] = std::move(context.resources);
  template_body.stable_erase("Globals");
  template_body.stable_erase("Transform");
  json::Value whole(std::move(template_body));
  point_at(whole, context.new_ids, context.references);
  return std::move(whole.get_object());
}

}  // namespace stator::cloudformation::sam
