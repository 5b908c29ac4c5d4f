#include "cloudformation/expansion.hpp"

#include "cloudformation/function_forms.hpp"
#include "cloudformation/language_extensions.hpp"
#include "cloudformation/places.hpp"
#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation {
namespace {

/// What the SAM transform resolves references to parameters with.
sam::Values values_of(const json::Object& loaded, const Scope& scope) {
  sam::Values values;
  for (const auto& [name, parameter] : scope.parameters) {
    values.emplace(name, parameter.resolved.value_or(parameter.text));
  }
  for (const char* name : {"AWS::Region", "AWS::Partition"}) {
    const auto found = scope.pseudo.find(name);
    if (found != scope.pseudo.end()) values.emplace(name, found->second);
  }
  // A default keeps its type: 128 is a number in a hash over it, and "128" is not.
  const json::Value* declared = json::find(loaded, "Parameters");
  if (declared == nullptr || !declared->is_object()) return values;
  for (const auto& member : declared->get_object()) {
    const auto known = scope.parameters.find(key_of(member));
    const json::Value* fallback =
        member.value().is_object() ? json::find(member.value().get_object(), "Default") : nullptr;
    if (known == scope.parameters.end() || fallback == nullptr) continue;
    if (scalar_text(*fallback) == known->second.text) values[known->first] = *fallback;
  }
  return values;
}

}  // namespace

Result<std::vector<std::string>> declared_transforms(const json::Object& loaded) {
  std::vector<std::string> names;
  const json::Value* declared = json::find(loaded, "Transform");
  if (declared == nullptr) return names;
  const json::Array list = declared->is_array() ? declared->get_array() : json::Array{*declared};
  for (const json::Value& item : list) {
    const std::string name = item.is_string() ? std::string(item.get_string()) : json::dump(item);
    if (name != sam::kTransform && name != kLanguageExtensions) {
      return at_place(validation_error("stator does not support the transform " + name),
                      {"Transform"});
    }
    if (name == kLanguageExtensions && !names.empty() && names.back() == sam::kTransform) {
      return at_place(validation_error("AWS::LanguageExtensions must come before "
                                       "AWS::Serverless-2016-10-31 in the list of transforms"),
                      {"Transform"});
    }
    names.push_back(name);
  }
  return names;
}

Parameters known_parameters(const json::Object& declared, const GivenParameters& given) {
  Parameters known;
  for (const auto& member : declared) {
    const std::string key(key_of(member));
    if (!member.value().is_object()) continue;
    json::Object one{{key, member.value()}};
    GivenParameters own;
    if (const auto found = given.find(key); found != given.end()) own.insert(*found);
    if (auto value = resolve_parameters(one, own)) known.merge(*value);
  }
  return known;
}

Result<Expansion> expand_template(json::Object loaded, const Scope& scope) {
  Expansion expansion;
  STATOR_TRY(expansion.transforms, declared_transforms(loaded));
  if (asks_for(loaded, kLanguageExtensions)) {
    Scope extended = scope;
    extended.has_language_extensions = true;
    if (const json::Value* mappings = json::find(loaded, "Mappings");
        mappings != nullptr && mappings->is_object()) {
      extended.mappings = mappings->get_object();
    }
    STATOR_TRY(loaded, extend_language(std::move(loaded), std::move(extended)));
  }
  const sam::Values values = values_of(loaded, scope);
  STATOR_TRY(expansion.body, sam::expand(std::move(loaded), values));
  expansion.body.stable_erase("Transform");
  return expansion;
}

Result<Expansion> expand_text(std::string_view text, const GivenParameters& given,
                              const StackIdentity& stack) {
  STATOR_TRY(json::Object loaded, load_template(text));
  Scope scope;
  scope.pseudo = pseudo_parameters(stack);
  scope.resource = [](std::string_view id, std::string_view) -> Result<json::Value> {
    return validation_error("Template error: the resource " + std::string(id) +
                            " is not known while the template is expanded");
  };
  if (const json::Value* declared = json::find(loaded, "Parameters");
      declared != nullptr && declared->is_object()) {
    scope.parameters = known_parameters(declared->get_object(), given);
  }
  auto expansion = expand_template(std::move(loaded), scope);
  if (!expansion) return with_line(std::move(expansion).error(), text);
  return expansion;
}

}  // namespace stator::cloudformation
