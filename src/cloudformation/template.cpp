#include "cloudformation/template.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/places.hpp"

namespace stator::cloudformation {
namespace {

std::string name_of(const json::Object::value_type& member) {
  return {member.key().data(), member.key().size()};
}

bool is_alphanumeric(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

Error format_error(const std::string& what) {
  return validation_error("Template format error: " + what);
}

/// "/Resources/A" as the steps that it names.
Place steps_of(const std::string& place) {
  Place steps;
  for (const std::string_view step : split(place, '/')) {
    if (!step.empty()) steps.emplace_back(step);
  }
  return steps;
}

/// About what stands at `place` and below it at `member`.
Error format_error_at(const std::string& place, const std::string& member,
                      const std::string& what) {
  Place steps = steps_of(place);
  if (!member.empty()) steps.push_back(member);
  return at_place(format_error("[" + place + "] " + what), steps);
}

Result<void> allow_only(const json::Object& object, const std::string& place,
                        std::initializer_list<std::string_view> known) {
  for (const auto& member : object) {
    const std::string name = name_of(member);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return format_error_at(place, name, "stator does not support the member '" + name + "'");
    }
  }
  return {};
}

/// A section that must be a map; empty when the template has none.
Result<json::Object> section(const json::Object& body, const char* name, std::size_t max) {
  const json::Value* value = json::find(body, name);
  if (value == nullptr) return json::Object();
  if (!value->is_object()) {
    return format_error_at("/" + std::string(name), "", "must be an object.");
  }
  if (value->get_object().size() > max) {
    return format_error("Number of " + std::string(name) + " exceeds the limit of " +
                        std::to_string(max));
  }
  return value->get_object();
}

Result<std::string> optional_text(const json::Object& object, const char* name,
                                  const std::string& place) {
  const json::Value* value = json::find(object, name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return format_error_at(place + "/" + name, "", "must be a string.");
  return std::string(json::view(value->get_string()));
}

Result<std::vector<std::string>> read_depends_on(const json::Object& resource,
                                                 const std::string& place) {
  std::vector<std::string> ids;
  const json::Value* value = json::find(resource, "DependsOn");
  if (value == nullptr) return ids;
  if (value->is_string()) return std::vector<std::string>{std::string(value->get_string())};
  if (value->is_array()) {
    for (const json::Value& item : value->get_array()) {
      if (item.is_string()) ids.emplace_back(item.get_string());
    }
    if (ids.size() == value->get_array().size()) return ids;
  }
  return format_error_at(place + "/DependsOn", "", "must be a string or a list of strings.");
}

/// "" (which is Delete), Retain, or RetainExceptOnCreate.
Result<std::string> read_retention(const json::Object& resource, const char* name,
                                   const std::string& place) {
  STATOR_TRY(const std::string policy, optional_text(resource, name, place));
  if (policy.empty() || policy == "Delete") return std::string();
  const bool is_deletion = std::string_view(name) == "DeletionPolicy";
  if (policy == "Retain" || (policy == "RetainExceptOnCreate" && is_deletion)) return policy;
  if (policy == "Snapshot") {
    return format_error_at(
        place, name, "no type that stator has supports the " + std::string(name) + " Snapshot");
  }
  return format_error_at(place, name, "Unrecognized " + std::string(name) + " " + policy);
}

Result<Declaration> read_resource(const std::string& id, const json::Value& value) {
  const std::string place = "/Resources/" + id;
  if (!is_alphanumeric(id)) {
    return at_place(format_error("Resource name " + id + " is non alphanumeric."),
                    {"Resources", id});
  }
  if (!value.is_object()) return format_error_at(place, "", "resource definition is malformed");
  const json::Object& resource = value.get_object();
  Declaration declaration;
  declaration.logical_id = id;
  STATOR_TRY(declaration.type, optional_text(resource, "Type", place));
  if (declaration.type.empty()) {
    return format_error_at(place, "", "Every Resources object must contain a Type member.");
  }
  STATOR_TRY_VOID(allow_only(resource, place,
                             {"Type", "Properties", "DependsOn", "Condition", "DeletionPolicy",
                              "UpdateReplacePolicy", "Metadata"}));
  if (const json::Value* properties = json::find(resource, "Properties")) {
    if (!properties->is_object()) {
      return format_error_at(place + "/Properties", "", "must be an object.");
    }
    declaration.properties = properties->get_object();
  }
  STATOR_TRY(declaration.depends_on, read_depends_on(resource, place));
  STATOR_TRY(declaration.condition, optional_text(resource, "Condition", place));
  STATOR_TRY(const std::string when_deleted, read_retention(resource, "DeletionPolicy", place));
  declaration.is_retained = !when_deleted.empty();
  declaration.is_removed_when_creation_fails = when_deleted == "RetainExceptOnCreate";
  STATOR_TRY(const std::string when_replaced,
             read_retention(resource, "UpdateReplacePolicy", place));
  declaration.is_retained_when_replaced = !when_replaced.empty();
  return declaration;
}

Result<OutputDeclaration> read_output(const std::string& key, const json::Value& value) {
  const std::string place = "/Outputs/" + key;
  if (!is_alphanumeric(key)) {
    return at_place(format_error("Output name " + key + " is non alphanumeric."), {"Outputs", key});
  }
  if (!value.is_object()) return format_error_at(place, "", "Output is malformed");
  const json::Object& output = value.get_object();
  STATOR_TRY_VOID(allow_only(output, place, {"Value", "Description", "Condition", "Export"}));
  const json::Value* content = json::find(output, "Value");
  if (content == nullptr) {
    return format_error_at(place, "", "Every Outputs member must contain a Value object");
  }
  OutputDeclaration declaration{key, *content, {}, {}, std::nullopt};
  if (const json::Value* exported = json::find(output, "Export")) {
    const json::Value* name =
        exported->is_object() ? json::find(exported->get_object(), "Name") : nullptr;
    if (name == nullptr || exported->get_object().size() != 1) {
      return format_error_at(place, "Export", "Export must contain a Name and nothing else");
    }
    declaration.export_name = *name;
  }
  STATOR_TRY(declaration.description, optional_text(output, "Description", place));
  STATOR_TRY(declaration.condition, optional_text(output, "Condition", place));
  return declaration;
}

}  // namespace

const Declaration* Template::find(std::string_view logical_id) const {
  for (const Declaration& resource : resources) {
    if (resource.logical_id == logical_id) return &resource;
  }
  return nullptr;
}

Result<Template> parse_template(const json::Object& body) {
  for (const auto& member : body) {
    static constexpr std::string_view kSections[] = {"AWSTemplateFormatVersion",
                                                     "Description",
                                                     "Metadata",
                                                     "Parameters",
                                                     "Mappings",
                                                     "Rules",
                                                     "Conditions",
                                                     "Resources",
                                                     "Outputs"};
    const std::string name = name_of(member);
    if (std::find(std::begin(kSections), std::end(kSections), name) == std::end(kSections)) {
      return at_place(validation_error("Invalid template property or properties [" + name + "]"),
                      {name});
    }
  }
  if (const json::Value* version = json::find(body, "AWSTemplateFormatVersion");
      version != nullptr && *version != json::Value("2010-09-09")) {
    return at_place(format_error("unsupported value for AWSTemplateFormatVersion."),
                    {"AWSTemplateFormatVersion"});
  }
  Template result;
  STATOR_TRY(result.description, optional_text(body, "Description", ""));
  STATOR_TRY(result.parameters, section(body, "Parameters", kParametersMax));
  STATOR_TRY(result.mappings, section(body, "Mappings", kParametersMax));
  STATOR_TRY(result.rules, section(body, "Rules", kParametersMax));
  STATOR_TRY(result.conditions, section(body, "Conditions", kResourcesMax));
  STATOR_TRY(const json::Object resources, section(body, "Resources", kResourcesMax));
  STATOR_TRY(const json::Object outputs, section(body, "Outputs", kOutputsMax));
  if (result.description.size() > kDescriptionBytesMax) {
    return at_place(format_error("Template description is longer than " +
                                 std::to_string(kDescriptionBytesMax) + " bytes."),
                    {"Description"});
  }
  if (resources.empty()) return format_error("At least one Resources member must be defined.");
  for (const auto& member : resources) {
    STATOR_TRY(Declaration resource, read_resource(name_of(member), member.value()));
    result.resources.push_back(std::move(resource));
  }
  for (const auto& member : outputs) {
    STATOR_TRY(OutputDeclaration output, read_output(name_of(member), member.value()));
    result.outputs.push_back(std::move(output));
  }
  return result;
}

}  // namespace stator::cloudformation
