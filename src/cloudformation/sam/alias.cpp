#include <algorithm>

#include "cloudformation/sam/function.hpp"

namespace stator::cloudformation::sam {
namespace {

/// The text that a property comes to once parameters are put in; nothing when it is no text then.
std::optional<std::string> known_text(const json::Value& value, const Context& context) {
  const json::Value known = with_parameters(value, context.values);
  if (!known.is_string()) return std::nullopt;
  return std::string(known.get_string());
}

bool is_alias_name(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_plain = std::all_of(name.begin(), name.end(), [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  return is_plain && !std::all_of(name.begin(), name.end(), is_digit);
}

/// What a change of makes a new version.
json::Object version_source(const Function& function, const json::Object& made,
                            const Context& context) {
  const Resource& resource = function.resource;
  if (json::find_bool(resource.properties(), "AutoPublishAliasAllProperties").value_or(false)) {
    json::Object source = made;
    const json::Value* layers = resource.property("Layers");
    for (const json::Value& layer :
         layers != nullptr && layers->is_array() ? layers->get_array() : json::Array()) {
      if (!is_intrinsic(layer)) continue;
      const auto id = json::find_string(layer.get_object(), "Ref");
      const json::Value* declared = id ? json::find(context.declared, *id) : nullptr;
      const json::Value* properties = declared != nullptr && declared->is_object()
                                          ? given(declared->get_object(), "Properties")
                                          : nullptr;
      if (properties == nullptr || !properties->is_object()) continue;
      if (json::find_bool(properties->get_object(), "PublishLambdaVersion").value_or(false)) {
        source[*id] = *properties;
      }
    }
    return source;
  }
  json::Object source = made.at("Code").get_object();
  if (const json::Value* environment = resource.property("Environment");
      environment != nullptr && environment->is_object()) {
    for (const auto& member : environment->get_object()) source[member.key()] = member.value();
  }
  if (const json::Value* memory = resource.property("MemorySize")) source["MemorySize"] = *memory;
  if (const json::Value* snap = resource.property("SnapStart");
      snap != nullptr && snap->is_object() &&
      json::find_string(snap->get_object(), "ApplyOn").value_or("None") != "None") {
    source["SnapStart"] = *snap;
  }
  return source;
}

/// AutoPublishCodeSha256 stands in the description too, so that the function changes with it.
Result<std::string> take_code_digest(const Function& function, json::Object& made,
                                     const Context& context) {
  const json::Value* given_digest = function.resource.property("AutoPublishCodeSha256");
  if (given_digest == nullptr) return std::string();
  const auto digest = known_text(*given_digest, context);
  if (!digest) {
    return function.resource.invalid_property("AutoPublishCodeSha256",
                                              "AutoPublishCodeSha256 must be a string");
  }
  json::Value description;
  if (const json::Value* own = function.resource.property("Description")) {
    description = with_parameters(*own, context.values);
  }
  if (description.is_null() || description == json::Value("")) {
    made["Description"] = *digest;
  } else if (description.is_string()) {
    made["Description"] = std::string(description.get_string()) + " " + *digest;
  } else {
    made["Description"] = json::Object{
        {"Fn::Join", json::Array{" ", json::Array{description, json::Value(*digest)}}}};
  }
  return *digest;
}

Result<void> refuse_without_alias(const Resource& resource) {
  for (const char* name : {"ProvisionedConcurrencyConfig", "VersionDeletionPolicy"}) {
    if (resource.property(name) == nullptr) continue;
    return resource.invalid_property(
        name, "To set " + std::string(name) + " AutoPublishAlias must be defined on the function");
  }
  return {};
}

}  // namespace

Result<void> publish_alias(Function& function, json::Object& made, Context& context) {
  const Resource& resource = function.resource;
  const json::Value* wanted = resource.property("AutoPublishAlias");
  if (wanted == nullptr) return refuse_without_alias(resource);
  const auto name = known_text(*wanted, context);
  if (!name) {
    return resource.invalid_property(
        "AutoPublishAlias", "'AutoPublishAlias' must be a string or a Ref to a template parameter");
  }
  if (!is_alias_name(*name)) {
    return resource.invalid_property(
        "AutoPublishAlias",
        "AutoPublishAlias name ('" + *name +
            "') must contain only alphanumeric characters, hyphens, or underscores matching "
            "(?!^[0-9]+$)([a-zA-Z0-9-_]+) pattern.");
  }
  STATOR_TRY(const std::string digest, take_code_digest(function, made, context));
  resolve_parameters(made["Code"], context.values);
  const std::string digits =
      digest.empty() ? id_digits(version_source(function, made, context)) : digest.substr(0, 10);
  const std::string version_id = resource.id() + "Version" + digits;
  json::Object properties{{"FunctionName", ref_to(resource.id())}};
  if (const json::Value* text = resource.property("VersionDescription")) {
    properties["Description"] = *text;
  }
  json::Object version = resource.companion("AWS::Lambda::Version", std::move(properties));
  if (!version.contains("DeletionPolicy")) {
    const json::Value* policy = resource.property("VersionDeletionPolicy");
    version["DeletionPolicy"] = policy == nullptr ? json::Value("Retain") : *policy;
  }
  context.resources[version_id] = std::move(version);

  function.alias_name = *name;
  function.alias_id = resource.id() + "Alias";
  for (const char c : *name) function.alias_id += c == '-' ? 'D' : c == '_' ? 'U' : c;
  json::Object alias{{"Name", *name},
                     {"FunctionName", ref_to(resource.id())},
                     {"FunctionVersion", get_att(version_id, "Version")}};
  if (const json::Value* concurrency = resource.property("ProvisionedConcurrencyConfig")) {
    alias["ProvisionedConcurrencyConfig"] = *concurrency;
  }
  context.resources[function.alias_id] = resource.companion("AWS::Lambda::Alias", std::move(alias));
  context.references[resource.id() + ".Version"] = version_id;
  context.references[resource.id() + ".Alias"] = function.alias_id;
  return {};
}

}  // namespace stator::cloudformation::sam
