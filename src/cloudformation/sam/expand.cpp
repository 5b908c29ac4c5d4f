#include "cloudformation/sam/expand.hpp"

#include <algorithm>
#include <map>

#include "cloudformation/sam/http_api.hpp"

namespace stator::cloudformation::sam {
namespace {

using Renames = std::map<std::string, std::string, std::less<>>;

std::string type_of(const json::Value& resource) {
  if (!resource.is_object()) return "";
  return json::find_string(resource.get_object(), "Type").value_or("");
}

std::string_view text_of(const json::Object::const_iterator& member) {
  return {member->key().data(), member->key().size()};
}

/// `${Name}` and `${Name.Attribute}` in a Fn::Sub text under their new names.
std::string rename_in_sub(std::string_view text, const Renames& renames) {
  std::string out;
  for (;;) {
    const auto begin = text.find("${");
    const auto end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) return out.append(text);
    const std::string_view inside = text.substr(begin + 2, end - begin - 2);
    const std::string_view name = inside.substr(0, inside.find('.'));
    const auto found = renames.find(name);
    out.append(text.substr(0, begin + 2));
    out.append(found == renames.end() ? name : std::string_view(found->second));
    out.append(inside.substr(name.size())).append("}");
    text.remove_prefix(end + 1);
  }
}

/// Points every Ref, Fn::GetAtt, Fn::Sub and DependsOn to a renamed resource at its new name.
class Renamer {
 public:
  explicit Renamer(const Renames& renames) : renames_(renames) {}

  void rename(json::Value& value) const {
    if (value.is_array()) {
      for (json::Value& item : value.get_array()) rename(item);
    } else if (value.is_object()) {
      for (auto& member : value.get_object()) {
        rename_member({member.key().data(), member.key().size()}, member.value());
      }
    }
  }

 private:
  void rename_member(std::string_view key, json::Value& value) const {
    if (key == "Ref" || key == "DependsOn") {
      rename_name(value);
      if (value.is_array()) {
        for (json::Value& item : value.get_array()) rename_name(item);
      }
      return;
    }
    if (key == "Fn::GetAtt" && value.is_array() && !value.get_array().empty()) {
      rename_name(value.get_array().front());
    } else if (key == "Fn::Sub") {
      json::Value* text =
          value.is_array() && !value.get_array().empty() ? &value.get_array().front() : &value;
      if (text->is_string()) *text = rename_in_sub(json::view(text->get_string()), renames_);
    }
    rename(value);
  }

  void rename_name(json::Value& value) const {
    if (!value.is_string()) return;
    const auto found = renames_.find(json::view(value.get_string()));
    if (found != renames_.end()) value = found->second;
  }

  const Renames& renames_;
};

Result<void> expand_resource(std::string_view id, const json::Value& value, const Renames& layers,
                             Context& context) {
  const std::string type = type_of(value);
  if (!type.starts_with("AWS::Serverless::")) {
    context.resources[id] = value;
    return {};
  }
  STATOR_TRY(const Resource resource, Resource::read(id, value.get_object()));
  if (type == "AWS::Serverless::Function") return expand_function(resource, context);
  if (type == "AWS::Serverless::HttpApi") {
    context.resources[id] = nullptr;  // its place; what it becomes is known after the functions
    return {};
  }
  if (type == "AWS::Serverless::SimpleTable") return expand_simple_table(resource, context);
  if (type == "AWS::Serverless::LayerVersion") {
    return expand_layer_version(resource, layers.find(id)->second, context);
  }
  return invalid_resource(id, "Resource type " + type + " is not supported by stator.");
}

/// The template's HttpApis, read, by logical id.
using HttpApis = std::map<std::string, HttpApi, std::less<>>;
Result<HttpApis> read_http_apis(const json::Object& resources) {
  HttpApis apis;
  for (auto member = resources.begin(); member != resources.end(); ++member) {
    if (type_of(member->value()) != "AWS::Serverless::HttpApi") continue;
    STATOR_TRY(Resource resource, Resource::read(text_of(member), member->value().get_object()));
    STATOR_TRY(HttpApi api, HttpApi::read(std::move(resource)));
    apis.emplace(std::string(text_of(member)), std::move(api));
  }
  return apis;
}

Result<json::Object> expand_resources(const json::Object& resources, const Renames& layers) {
  Context context;
  STATOR_TRY(HttpApis apis, read_http_apis(resources));
  for (auto& [id, api] : apis) context.http_apis.emplace(id, &api);
  for (auto member = resources.begin(); member != resources.end(); ++member) {
    STATOR_TRY_VOID(expand_resource(text_of(member), member->value(), layers, context));
  }
  for (auto& [id, api] : apis) STATOR_TRY_VOID(api.expand(context));
  return std::move(context.resources);
}

/// What functions' events take for granted.
void add_implicit_api(json::Object& template_body) {
  json::Value* resources = template_body.if_contains("Resources");
  if (resources == nullptr || !resources->is_object()) return;
  json::Object& all = resources->get_object();
  if (!needs_implicit_api(all) || all.contains(kImplicitApi)) return;
  all[kImplicitApi] = json::Object{{"Type", "AWS::Serverless::HttpApi"}};
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

Result<json::Object> expand(json::Object template_body, const Values&) {
  if (!is_wanted(template_body)) return template_body;
  add_implicit_api(template_body);
  STATOR_TRY_VOID(apply_globals(template_body));
  const json::Value* resources = json::find(template_body, "Resources");
  if (resources == nullptr || !resources->is_object()) return template_body;

  Renames layers;
  for (auto member = resources->get_object().begin(); member != resources->get_object().end();
       ++member) {
    if (type_of(member->value()) == "AWS::Serverless::LayerVersion") {
      layers.emplace(text_of(member), layer_id(text_of(member), member->value().get_object()));
    }
  }

  STATOR_TRY(json::Object expanded, expand_resources(resources->get_object(), layers));
  template_body["Resources"] = std::move(expanded);
  template_body.stable_erase("Globals");
  template_body.stable_erase("Transform");
  json::Value whole(std::move(template_body));
  Renamer(layers).rename(whole);
  return std::move(whole.get_object());
}

}  // namespace stator::cloudformation::sam
