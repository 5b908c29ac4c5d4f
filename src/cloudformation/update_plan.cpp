#include "cloudformation/update_plan.hpp"

#include <algorithm>
#include <map>

#include "cloudformation/errors.hpp"
#include "cloudformation/resource_type.hpp"

namespace stator::cloudformation {
namespace {

/// What stands for a value that is not known yet, as DescribeChangeSet shows it.
constexpr const char* kKnownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}";

std::optional<json::Value> copied(const json::Value* value) {
  return value == nullptr ? std::nullopt : std::optional(*value);
}

class Planner {
 public:
  Planner(const Blueprint& blueprint, const StackRecord& record)
      : record_(record), scope_(blueprint.scope) {
    scope_.resource = [this](std::string_view id, std::string_view attribute) {
      return look_up(id, attribute);
    };
  }

  /// Called in order, so that what a resource refers to is decided already.
  Result<Step> decide(const Declaration& resource) {
    Step step{&resource, Action::kKeep, {}};
    STATOR_TRY(step.action, action_for(resource, step.changes));
    actions_.emplace(resource.logical_id, step.action);
    return step;
  }

 private:
  /// A resource that will be made anew gives a value that no existing property equals.
  Result<json::Value> look_up(std::string_view id, std::string_view attribute) const {
    const auto decided = actions_.find(id);
    const bool is_new = decided != actions_.end() &&
                        (decided->second == Action::kAdd || decided->second == Action::kReplace);
    const ResourceRecord* existing = record_.find(id);
    if (is_new || existing == nullptr) {
      return json::Value(kKnownAfterApply);
    }
    if (attribute.empty()) return json::Value(existing->existing.physical_id);
    const json::Value* value = json::find(existing->existing.attributes, attribute);
    return value == nullptr ? json::Value() : *value;
  }

  Result<Action> action_for(const Declaration& resource, std::vector<PropertyChange>& changes) {
    const ResourceRecord* existing = record_.find(resource.logical_id);
    if (existing == nullptr || !existing->is_made) return Action::kAdd;
    if (existing->type != resource.type) {
      return validation_error(
          "Update of resource type is not permitted. The new template modifies "
          "resource type of the following resources: [" +
          resource.logical_id + "]");
    }
    STATOR_TRY(const json::Object wanted, resolve_object(resource.properties, scope_));
    const ResourceType* type = find_resource_type(resource.type);
    Action action = Action::kKeep;
    for (const Property& property : type->properties) {
      const json::Value* before = json::find(existing->existing.properties, property.name);
      const json::Value* after = json::find(wanted, property.name);
      if (before == nullptr && after == nullptr) continue;
      if (before != nullptr && after != nullptr && *before == *after) continue;
      if (property.on_change == OnChange::kRefuse) {
        return validation_error("Resource " + resource.logical_id + " (" + resource.type +
                                "): stator cannot change the property " +
                                std::string(property.name) + " of a resource that exists");
      }
      changes.push_back({std::string(property.name),
                         property.on_change,
                         copied(before),
                         copied(after),
                         false,
                         {}});
      if (property.on_change == OnChange::kReplace) {
        action = Action::kReplace;
      } else if (action == Action::kKeep) {
        action = Action::kUpdate;
      }
    }
    return action;
  }

  const StackRecord& record_;
  Scope scope_;
  std::map<std::string, Action, std::less<>> actions_;
};

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
    STATOR_TRY(const Step step, planner.decide(*resource));
    plan.steps.push_back(step);
  }
  for (auto old = record.resources.rbegin(); old != record.resources.rend(); ++old) {
    const auto stays = std::any_of(
        blueprint.order.begin(), blueprint.order.end(),
        [&](const Declaration* resource) { return resource->logical_id == old->logical_id; });
    if (!stays) plan.removed.push_back(old->logical_id);
  }
  return plan;
}

}  // namespace stator::cloudformation
