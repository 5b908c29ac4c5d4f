#include "cloudformation/update_plan.hpp"

#include <algorithm>
#include <map>

#include "cloudformation/change_causes.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/expansion.hpp"
#include "cloudformation/resource_type.hpp"

namespace stator::cloudformation {
namespace {

/// The template that the stack has, for comparison: nothing where it cannot be read any more.
Template template_before(const StackRecord& record) {
  const auto expansion =
      expand_text(record.template_body, given_parameters(record.parameters), record.identity);
  if (!expansion) return {};
  auto body = parse_template(expansion->body);
  return body ? std::move(*body) : Template();
}

Names changed_parameters(const Blueprint& blueprint, const StackRecord& record) {
  Names changed;
  for (const auto& [key, parameter] : blueprint.scope.parameters) {
    if (json::find_string(record.parameters, key) != parameter.text) changed.insert(key);
  }
  return changed;
}

bool contains_unknown(const json::Value& value) {
  return json::dump(value).find(kKnownAfterApply) != std::string::npos;
}

class Planner {
 public:
  Planner(const Blueprint& blueprint, const StackRecord& record);

  /// Called in order, so that what a resource refers to is decided already.
  Result<Step> decide(const Declaration& resource);
  [[nodiscard]] json::Object shown_before(const ResourceRecord& resource) const;

 private:
  /// A resource that will be made anew gives a value that no existing property equals.
  Result<json::Value> look_up(std::string_view id, std::string_view attribute) const;
  Result<Action> action_for(const Declaration& resource, const json::Object& wanted,
                            std::vector<PropertyChange>& changes) const;
  [[nodiscard]] PropertyChange describe(const Declaration& resource, const Property& property,
                                        const json::Value* before, const json::Value* after) const;

  const StackRecord& record_;
  Scope scope_;
  const Template before_;
  Causes causes_;
  Names hidden_before_, hidden_after_;
  std::map<std::string, Action, std::less<>> actions_;
};

Planner::Planner(const Blueprint& blueprint, const StackRecord& record)
    : record_(record),
      scope_(blueprint.scope),
      before_(template_before(record)),
      causes_(blueprint.body.conditions, changed_parameters(blueprint, record)) {
  scope_.resource = [this](std::string_view id, std::string_view attribute) {
    return look_up(id, attribute);
  };
  for (const auto& [key, parameter] : scope_.parameters) {
    if (parameter.is_hidden) hidden_after_.insert(key);
  }
  for (const json::Value& key : record.hidden_parameters) {
    if (key.is_string()) hidden_before_.emplace(json::view(key.get_string()));
  }
}

Result<Step> Planner::decide(const Declaration& resource) {
  Step step{&resource, Action::kKeep};
  STATOR_TRY(const json::Object wanted, resolve_object(resource.properties, scope_));
  STATOR_TRY(step.action, action_for(resource, wanted, step.changes));
  step.properties = veiled_properties(wanted, &resource, hidden_after_);
  actions_.emplace(resource.logical_id, step.action);
  if (step.action == Action::kAdd || step.action == Action::kReplace) {
    causes_.made_anew(resource.logical_id);
  }
  return step;
}

json::Object Planner::shown_before(const ResourceRecord& resource) const {
  return veiled_properties(resource.existing.properties, before_.find(resource.logical_id),
                           hidden_before_);
}

Result<json::Value> Planner::look_up(std::string_view id, std::string_view attribute) const {
  const auto decided = actions_.find(id);
  const bool is_new = decided != actions_.end() &&
                      (decided->second == Action::kAdd || decided->second == Action::kReplace);
  const ResourceRecord* existing = record_.find(id);
  if (is_new || existing == nullptr) return json::Value(kKnownAfterApply);
  if (attribute.empty()) return json::Value(existing->existing.physical_id);
  const json::Value* value = json::find(existing->existing.attributes, attribute);
  return value == nullptr ? json::Value() : *value;
}

Result<Action> Planner::action_for(const Declaration& resource, const json::Object& wanted,
                                   std::vector<PropertyChange>& changes) const {
  const ResourceRecord* existing = record_.find(resource.logical_id);
  if (existing == nullptr || !existing->is_made) return Action::kAdd;
  if (existing->type != resource.type) {
    return validation_error(
        "Update of resource type is not permitted. The new template modifies "
        "resource type of the following resources: [" +
        resource.logical_id + "]");
  }
  Action action = Action::kKeep;
  const json::Object& had = existing->existing.properties;
  for (const Property& property : find_resource_type(resource.type)->changed(had, wanted)) {
    const json::Value* before = json::find(had, property.name);
    const json::Value* after = json::find(wanted, property.name);
    if (property.on_change == OnChange::kRefuse) {
      return validation_error("Resource " + resource.logical_id + " (" + resource.type +
                              "): stator cannot change the property " + std::string(property.name) +
                              " of a resource that exists");
    }
    changes.push_back(describe(resource, property, before, after));
    if (property.on_change == OnChange::kReplace) {
      action = Action::kReplace;
    } else if (action == Action::kKeep) {
      action = Action::kUpdate;
    }
  }
  return action;
}

PropertyChange Planner::describe(const Declaration& resource, const Property& property,
                                 const json::Value* before, const json::Value* after) const {
  const Declaration* old = before_.find(resource.logical_id);
  const json::Value* declared_before =
      old == nullptr ? nullptr : json::find(old->properties, property.name);
  const json::Value* declared_after = json::find(resource.properties, property.name);
  PropertyChange change{std::string(property.name), property.on_change, {}, {}, false, {}};
  if (before != nullptr) change.before = veiled(*before, declared_before, hidden_before_);
  if (after != nullptr) change.after = veiled(*after, declared_after, hidden_after_);
  change.causes = causes_.of(declared_before, declared_after);
  change.is_dynamic = after != nullptr && contains_unknown(*after) &&
                      std::all_of(change.causes.begin(), change.causes.end(), [](const auto& one) {
                        return one.source == ChangeSource::kResourceReference ||
                               one.source == ChangeSource::kResourceAttribute;
                      });
  return change;
}

}  // namespace

bool UpdatePlan::changes_resources() const {
  return !removed.empty() || std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.action != Action::kKeep;
  });
}

Result<UpdatePlan> plan_update(const Blueprint& blueprint, const StackRecord& record) {
  UpdatePlan plan;
  Planner planner(blueprint, record);
  for (const Declaration* resource : blueprint.order) {
    STATOR_TRY(Step step, planner.decide(*resource));
    plan.steps.push_back(std::move(step));
  }
  for (auto old = record.resources.rbegin(); old != record.resources.rend(); ++old) {
    const auto stays = std::any_of(
        blueprint.order.begin(), blueprint.order.end(),
        [&](const Declaration* resource) { return resource->logical_id == old->logical_id; });
    if (!stays) plan.removed.push_back(old->logical_id);
  }
  for (const ResourceRecord& resource : record.resources) {
    plan.before[resource.logical_id] = planner.shown_before(resource);
  }
  return plan;
}

}  // namespace stator::cloudformation
