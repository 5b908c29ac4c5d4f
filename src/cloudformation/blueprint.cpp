#include "cloudformation/blueprint.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/graph.hpp"
#include "cloudformation/resource_type.hpp"
#include "cloudformation/sam/expand.hpp"
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
    return validation_error("Template format error: Unrecognized resource types: [" +
                            resource.type + "] (resource " + resource.logical_id +
                            "): stator does not support this type");
  }
  for (const auto& member : resource.properties) {
    const std::string_view name(member.key().data(), member.key().size());
    if (type->property(name) == nullptr) {
      return validation_error(place + "stator does not support the property " + std::string(name));
    }
  }
  for (const Property& property : type->properties) {
    if (property.is_required && json::find(resource.properties, property.name) == nullptr) {
      return validation_error(place + "Property " + std::string(property.name) + " is required");
    }
  }
  return {};
}

/// Names that Ref and Fn::Sub may use although no resource bears them.
bool is_known_name(const Blueprint& blueprint, std::string_view name) {
  return blueprint.scope.parameters.contains(name) || name.starts_with("AWS::");
}

Result<void> check_references(const Blueprint& blueprint) {
  const auto unresolved = [&](const auto& visit_all) {
    std::set<std::string> missing;
    visit_all([&](std::string_view id, std::string_view) {
      if (!is_known_name(blueprint, id) && blueprint.body.find(id) == nullptr) missing.emplace(id);
    });
    return join({missing.begin(), missing.end()}, ", ");
  };
  const std::string in_resources = unresolved([&](const auto& visit) {
    for (const Declaration& resource : blueprint.body.resources) {
      for (const std::string& id : resource.depends_on) visit(id, "");
      for (const auto& member : resource.properties) visit_references(member.value(), visit);
    }
  });
  const std::string in_outputs = unresolved([&](const auto& visit) {
    for (const OutputDeclaration& output : blueprint.body.outputs) {
      visit_references(output.value, visit);
    }
  });
  for (const auto& [names, block] :
       {std::pair(&in_resources, "Resources"), std::pair(&in_outputs, "Outputs")}) {
    if (!names->empty()) {
      return validation_error("Template format error: Unresolved resource dependencies [" + *names +
                              "] in the " + block + " block of the template");
    }
  }
  return {};
}

Result<bool> holds(const Scope& scope, const std::string& condition, const std::string& place) {
  if (condition.empty()) return true;
  const auto found = scope.conditions.find(condition);
  if (found != scope.conditions.end()) return found->second;
  return validation_error("Template format error: Unresolved condition dependency " + condition +
                          " in the " + place + " block of the template");
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
    const auto& known = type->attributes;
    if (!attribute.empty() && std::find(known.begin(), known.end(), attribute) == known.end()) {
      return validation_error("Template error: resource " + std::string(id) +
                              " does not support attribute type " + std::string(attribute) +
                              " in Fn::GetAtt");
    }
    return json::Value("{" + std::string(id) + "." + std::string(attribute) + "}");
  };
  for (const Declaration* resource : blueprint.order) {
    STATOR_TRY_VOID(resolve_object(resource->properties, scope));
  }
  for (const OutputDeclaration& output : blueprint.body.outputs) {
    STATOR_TRY(const bool is_wanted, holds(scope, output.condition, "Outputs"));
    if (!is_wanted) continue;
    STATOR_TRY(const auto value, resolve(output.value, scope));
    if (!value || !(value->is_string() || value->is_number() || value->is_bool())) {
      return validation_error(
          "Template format error: The Value field of every Outputs member must "
          "evaluate to a String (output " +
          output.key + ")");
    }
  }
  return {};
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
  auto blueprint = std::make_unique<Blueprint>();
  STATOR_TRY(json::Object loaded, load_template(input.template_body));
  const bool is_transformed = sam::is_wanted(loaded);
  STATOR_TRY(blueprint->expanded, sam::expand(std::move(loaded)));
  STATOR_TRY(blueprint->body, parse_template(blueprint->expanded));
  STATOR_TRY_VOID(check_capabilities(blueprint->body, is_transformed, input.capabilities));

  Scope& scope = blueprint->scope;
  STATOR_TRY(scope.parameters, resolve_parameters(blueprint->body.parameters, input.parameters));
  scope.pseudo = pseudo_parameters(input.stack);
  scope.mappings = blueprint->body.mappings;
  scope.resource = [](std::string_view id, std::string_view) -> Result<json::Value> {
    return validation_error("Template error: a condition cannot depend on the resource " +
                            std::string(id));
  };
  for (const Declaration& resource : blueprint->body.resources) {
    STATOR_TRY_VOID(check_type(resource));
  }
  STATOR_TRY_VOID(check_references(*blueprint));
  STATOR_TRY_VOID(evaluate_conditions(blueprint->body.conditions, scope));

  std::vector<const Declaration*> wanted;
  for (const Declaration& resource : blueprint->body.resources) {
    STATOR_TRY(const bool is_wanted, holds(scope, resource.condition, "Resources"));
    if (is_wanted) wanted.push_back(&resource);
  }
  STATOR_TRY(blueprint->order, creation_order(wanted));
  STATOR_TRY_VOID(rehearse(*blueprint));
  return blueprint;
}

}  // namespace stator::cloudformation
