#include "cloudformation/blueprint.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/expansion.hpp"
#include "cloudformation/graph.hpp"
#include "cloudformation/language_extensions.hpp"
#include "cloudformation/places.hpp"
#include "cloudformation/resource_type.hpp"
#include "cloudformation/rules.hpp"
#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation {
namespace {

Result<void> check_capabilities(const Template& body, bool is_transformed,
                                const Capabilities& given) {
  if (is_transformed && !given.contains("CAPABILITY_AUTO_EXPAND")) {
    return insufficient_capabilities("CAPABILITY_AUTO_EXPAND");
  }
  for (const std::string& name : needed_capabilities(body, false).names) {
    const bool is_covered = given.contains(name) ||
                            (name == "CAPABILITY_IAM" && given.contains("CAPABILITY_NAMED_IAM"));
    if (!is_covered) return insufficient_capabilities(name);
  }
  return {};
}

Result<void> check_type(const Declaration& resource) {
  const std::string place = "Resource " + resource.logical_id + " (" + resource.type + "): ";
  const ResourceType* type = find_resource_type(resource.type);
  if (type == nullptr) {
    return at_place(validation_error("Template format error: Unrecognized resource types: [" +
                                     resource.type + "] (resource " + resource.logical_id +
                                     "): stator does not support this type"),
                    {"Resources", resource.logical_id, "Type"});
  }
  for (const auto& member : resource.properties) {
    const std::string_view name(member.key().data(), member.key().size());
    if (!type->is_open && type->property(name) == nullptr) {
      return at_place(
          validation_error(place + "stator does not support the property " + std::string(name)),
          {"Resources", resource.logical_id, "Properties", std::string(name)});
    }
  }
  for (const Property& property : type->properties) {
    if (property.is_required && json::find(resource.properties, property.name) == nullptr) {
      return at_place(
          validation_error(place + "Property " + std::string(property.name) + " is required"),
          {"Resources", resource.logical_id});
    }
  }
  return {};
}

/// Names that Ref and Fn::Sub may use although no resource bears them.
bool is_known_name(const Blueprint& blueprint, std::string_view name) {
  return blueprint.scope.parameters.contains(name) || name.starts_with("AWS::");
}

/// Names that are referred to and do not exist, with the place of the first.
class Missing {
 public:
  explicit Missing(const Blueprint& blueprint) : blueprint_(blueprint) {}

  void look(const json::Value& value, const Place& place) {
    visit_references(value, [&](std::string_view id, std::string_view) { check(id, place); });
  }

  void check(std::string_view id, const Place& place) {
    if (is_known_name(blueprint_, id) || blueprint_.body.find(id) != nullptr) return;
    if (names_.empty()) first_ = place;
    names_.emplace(id);
  }

  Result<void> in(const std::string& block) const {
    if (names_.empty()) return {};
    return at_place(validation_error("Template format error: Unresolved resource dependencies [" +
                                     join({names_.begin(), names_.end()}, ", ") + "] in the " +
                                     block + " block of the template"),
                    first_);
  }

 private:
  const Blueprint& blueprint_;
  std::set<std::string> names_;
  Place first_;
};

Result<void> check_references(const Blueprint& blueprint) {
  Missing in_resources(blueprint), in_outputs(blueprint);
  for (const Declaration& resource : blueprint.body.resources) {
    const Place place = {"Resources", resource.logical_id};
    for (const std::string& id : resource.depends_on) {
      in_resources.check(id, {place[0], place[1], "DependsOn"});
    }
    for (const auto& member : resource.properties) {
      in_resources.look(member.value(),
                        {place[0], place[1], "Properties", std::string(member.key())});
    }
  }
  for (const OutputDeclaration& output : blueprint.body.outputs) {
    in_outputs.look(output.value, {"Outputs", output.key});
    if (output.export_name) in_outputs.look(*output.export_name, {"Outputs", output.key});
  }
  STATOR_TRY_VOID(in_resources.in("Resources"));
  return in_outputs.in("Outputs");
}

Result<bool> holds(const Scope& scope, const std::string& condition, const Place& place) {
  if (condition.empty()) return true;
  const auto found = scope.conditions.find(condition);
  if (found != scope.conditions.end()) return found->second;
  return at_place(validation_error("Template format error: Unresolved condition dependency " +
                                   condition + " in the " + place[0] + " block of the template"),
                  place);
}

Result<void> rehearse_output(const OutputDeclaration& output, const Scope& scope) {
  const Place place = {"Outputs", output.key};
  STATOR_TRY(const bool is_wanted, holds(scope, output.condition, place));
  if (!is_wanted) return {};
  const auto check = [&](const json::Value& value, const char* what) -> Result<void> {
    const auto resolved = resolve(value, scope);
    if (!resolved) return at_place(resolved.error(), place);
    const bool is_text = *resolved && ((*resolved)->is_string() || (*resolved)->is_number() ||
                                       (*resolved)->is_bool());
    if (is_text) return {};
    return at_place(validation_error("Template format error: The " + std::string(what) +
                                     " field of every Outputs member must evaluate to a String "
                                     "(output " +
                                     output.key + ")"),
                    place);
  };
  STATOR_TRY_VOID(check(output.value, "Value"));
  if (output.export_name) STATOR_TRY_VOID(check(*output.export_name, "Export Name"));
  return {};
}

/// Resolves everything once with stand-ins for what only a real resource knows, so that a fault in
/// a function is found before anything is made.
Result<void> rehearse(const Blueprint& blueprint) {
  Scope scope = blueprint.scope;
  scope.resource = [&](std::string_view id, std::string_view attribute) -> Result<json::Value> {
    const auto found =
        std::find_if(blueprint.order.begin(), blueprint.order.end(),
                     [&](const Declaration* resource) { return resource->logical_id == id; });
    if (found == blueprint.order.end()) {
      return validation_error("Template format error: Unresolved resource dependencies [" +
                              std::string(id) + "]: its condition is false");
    }
    const ResourceType* type = find_resource_type((*found)->type);
    if (!attribute.empty() && !type->has_attribute(attribute)) {
      return validation_error("Template error: resource " + std::string(id) +
                              " does not support attribute type " + std::string(attribute) +
                              " in Fn::GetAtt");
    }
    return json::Value(kUnknownYet);
  };
  for (const Declaration* resource : blueprint.order) {
    for (const auto& member : resource->properties) {
      const auto value = resolve(member.value(), scope);
      if (value) continue;
      return at_place(value.error(),
                      {"Resources", resource->logical_id, "Properties", std::string(member.key())});
    }
  }
  for (const OutputDeclaration& output : blueprint.body.outputs) {
    STATOR_TRY_VOID(rehearse_output(output, scope));
  }
  return {};
}

/// The parameters' values; of a template that is otherwise malformed none.
Result<Parameters> parameters_of(const json::Object& loaded, const BlueprintInput& input) {
  const json::Value* declared = json::find(loaded, "Parameters");
  const bool is_map = declared != nullptr && declared->is_object();
  return resolve_parameters(is_map ? declared->get_object() : json::Object(), input.parameters,
                            input.outside);
}

Result<std::unique_ptr<Blueprint>> draw(const BlueprintInput& input) {
  auto blueprint = std::make_unique<Blueprint>();
  Scope& scope = blueprint->scope;
  STATOR_TRY(json::Object loaded, load_template(input.template_body));
  scope.has_language_extensions = asks_for(loaded, kLanguageExtensions);
  scope.outside = input.outside;
  scope.pseudo = pseudo_parameters(input.stack);
  scope.notification_arns = input.notification_arns;
  scope.resource = [](std::string_view id, std::string_view) -> Result<json::Value> {
    return validation_error("Template error: a condition cannot depend on the resource " +
                            std::string(id));
  };
  STATOR_TRY(scope.parameters, parameters_of(loaded, input));
  STATOR_TRY(Expansion expansion, expand_template(std::move(loaded), scope));
  blueprint->expanded = std::move(expansion.body);
  STATOR_TRY(blueprint->body, parse_template(blueprint->expanded));
  STATOR_TRY_VOID(
      check_capabilities(blueprint->body, !expansion.transforms.empty(), input.capabilities));
  scope.mappings = blueprint->body.mappings;
  STATOR_TRY_VOID(check_references(*blueprint));
  STATOR_TRY_VOID(check_rules(blueprint->body.rules, scope));
  STATOR_TRY_VOID(evaluate_conditions(blueprint->body.conditions, scope));

  std::vector<const Declaration*> wanted;
  for (const Declaration& resource : blueprint->body.resources) {
    STATOR_TRY(const bool is_wanted,
               holds(scope, resource.condition, {"Resources", resource.logical_id, "Condition"}));
    if (!is_wanted) continue;
    STATOR_TRY_VOID(check_type(resource));
    wanted.push_back(&resource);
  }
  STATOR_TRY(blueprint->order, creation_order(wanted));
  STATOR_TRY_VOID(rehearse(*blueprint));
  return blueprint;
}

}  // namespace

NeededCapabilities needed_capabilities(const Template& body, bool is_transformed) {
  NeededCapabilities needed;
  bool is_named = false, is_iam = false;
  std::string types;
  for (const Declaration& resource : body.resources) {
    const ResourceType* type = find_resource_type(resource.type);
    if (type == nullptr || type->capability.empty()) continue;
    is_iam = true;
    is_named = is_named || (!type->name_property.empty() &&
                            json::find(resource.properties, type->name_property) != nullptr);
    if (types.find(resource.type) == std::string::npos) {
      types += (types.empty() ? "" : ", ") + resource.type;
    }
  }
  if (is_iam) {
    needed.names.emplace_back(is_named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM");
    needed.reason = "The following resource(s) require capabilities: [" + types + "]";
  }
  if (is_transformed) needed.names.emplace_back("CAPABILITY_AUTO_EXPAND");
  return needed;
}

Result<std::unique_ptr<Blueprint>> make_blueprint(const BlueprintInput& input) {
  auto blueprint = draw(input);
  if (!blueprint) return with_line(std::move(blueprint).error(), input.template_body);
  return blueprint;
}

}  // namespace stator::cloudformation
