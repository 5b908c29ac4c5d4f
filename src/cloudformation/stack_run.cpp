#include "cloudformation/stack_run.hpp"

#include <algorithm>

#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

/// Why a resource failed, as an event tells it.
std::string reason_of(const Error& error) {
  return error.aws_type.empty() ? error.message : error.message + " (" + error.aws_type + ")";
}

}  // namespace

StackRun::StackRun(const RunParts& parts, StackRecord record, std::unique_ptr<ApiClient> api)
    : parts_(parts), record_(std::move(record)), api_(std::move(api)) {}

Result<void> StackRun::create(const Blueprint& blueprint) {
  const Scope scope = live_scope(blueprint);
  for (const Declaration* declaration : blueprint.order) {
    STATOR_TRY(const bool is_made, make(*declaration, scope));
    if (!is_made) break;
  }
  std::string reason;
  if (!failed_.empty()) {
    reason = "The following resource(s) failed to create: [" + failed_ + "]. ";
  } else {
    auto values = outputs(blueprint, scope);
    if (values) {
      record_.outputs = std::move(*values);
      return set_status("CREATE_COMPLETE");
    }
    reason = reason_of(values.error()) + ". ";
  }
  if (record_.is_rollback_disabled) return set_status("CREATE_FAILED", reason);
  failed_.clear();
  STATOR_TRY_VOID(set_status("ROLLBACK_IN_PROGRESS", reason + "Rollback requested by user."));
  STATOR_TRY(const bool is_clean, remove_all());
  if (is_clean) return set_status("ROLLBACK_COMPLETE");
  return set_status("ROLLBACK_FAILED",
                    "The following resource(s) failed to delete: [" + failed_ + "]. ");
}

Result<void> StackRun::update(const Blueprint& blueprint, const UpdatePlan& plan,
                              Revision revision) {
  const Scope scope = live_scope(blueprint);
  std::vector<Undo> done;
  for (const Step& step : plan.steps) {
    STATOR_TRY(const bool is_done, take_step(step, scope, done));
    if (!is_done) return roll_back_update(done);
  }
  return finish_update(blueprint, plan, std::move(revision));
}

Result<void> StackRun::remove() {
  STATOR_TRY(const bool is_clean, remove_all());
  if (!is_clean) {
    return set_status("DELETE_FAILED",
                      "The following resource(s) failed to delete: [" + failed_ + "]. ");
  }
  record_.deleted = parts_.clock.wall();
  return set_status("DELETE_COMPLETE");
}

Result<void> StackRun::set_status(std::string status, std::string reason) {
  record_.status = std::move(status);
  record_.reason = std::move(reason);
  return parts_.stacks.save_with_event(record_);
}

Result<void> StackRun::note(ResourceRecord& resource, std::string status, std::string reason) {
  resource.status = std::move(status);
  resource.reason = std::move(reason);
  resource.changed = parts_.clock.wall();
  return parts_.stacks.save_with_event(record_, &resource);
}

Result<void> StackRun::check_running() const {
  if (!parts_.is_stopping) return {};
  return unavailable("the server is stopping");
}

ResourceContext StackRun::context_for(ResourceRecord& resource) {
  return {*api_,
          parts_.random,
          parts_.sleep,
          record_.identity.name,
          record_.identity.region,
          resource.logical_id,
          [this, &resource](const Existing& existing) {
            resource.existing = existing;
            resource.is_made = true;
            return parts_.stacks.save(record_);
          }};
}

StackRun::Outcome StackRun::make(const Declaration& declaration, const Scope& scope) {
  STATOR_TRY_VOID(check_running());
  ResourceRecord fresh;
  fresh.logical_id = declaration.logical_id;
  fresh.type = declaration.type;
  fresh.is_retained = declaration.is_retained;
  record_.resources.push_back(std::move(fresh));
  ResourceRecord& resource = record_.resources.back();
  STATOR_TRY_VOID(note(resource, "CREATE_IN_PROGRESS"));
  const auto properties = resolve_object(declaration.properties, scope);
  ResourceContext context = context_for(resource);
  const auto made = properties ? find_resource_type(resource.type)->create(context, *properties)
                               : Result<void>(properties.error());
  if (made) {
    STATOR_TRY_VOID(note(resource, "CREATE_COMPLETE"));
    return true;
  }
  failed_ = resource.logical_id;
  STATOR_TRY_VOID(note(resource, "CREATE_FAILED", reason_of(made.error())));
  return false;
}

StackRun::Outcome StackRun::take_step(const Step& step, const Scope& scope,
                                      std::vector<Undo>& done) {
  if (step.action == Action::kKeep) return true;
  const std::string& id = step.resource->logical_id;
  const ResourceRecord* before = record_.find(id);
  done.push_back({id, step.action, before == nullptr ? ResourceRecord() : *before});
  switch (step.action) {
    case Action::kAdd:
      return make(*step.resource, scope);
    case Action::kUpdate:
      return change(*step.resource, scope);
    case Action::kReplace:
      return replace(*step.resource, scope);
    case Action::kKeep:
      break;
  }
  return true;
}

StackRun::Outcome StackRun::change(const Declaration& declaration, const Scope& scope) {
  STATOR_TRY_VOID(check_running());
  ResourceRecord& resource = *record_.find(declaration.logical_id);
  STATOR_TRY_VOID(note(resource, "UPDATE_IN_PROGRESS"));
  const auto properties = resolve_object(declaration.properties, scope);
  ResourceContext context = context_for(resource);
  const Existing before = resource.existing;
  const auto changed = properties
                           ? find_resource_type(resource.type)->update(context, before, *properties)
                           : Result<void>(properties.error());
  if (changed) {
    STATOR_TRY_VOID(note(resource, "UPDATE_COMPLETE"));
    return true;
  }
  // It may have changed in part: the wanted properties stand as its own, so that undoing it sets
  // every one of the old ones.
  if (properties) resource.existing.properties = *properties;
  failed_ = resource.logical_id;
  STATOR_TRY_VOID(note(resource, "UPDATE_FAILED", reason_of(changed.error())));
  return false;
}

StackRun::Outcome StackRun::replace(const Declaration& declaration, const Scope& scope) {
  STATOR_TRY_VOID(check_running());
  ResourceRecord& resource = *record_.find(declaration.logical_id);
  record_.leftovers.push_back(resource);
  record_.leftovers.back().is_retained = declaration.is_retained_when_replaced;
  resource.is_made = false;
  STATOR_TRY_VOID(note(resource, "UPDATE_IN_PROGRESS",
                       "Requested update requires the creation of a new physical resource; hence "
                       "creating one."));
  const auto properties = resolve_object(declaration.properties, scope);
  ResourceContext context = context_for(resource);
  const auto made = properties ? find_resource_type(resource.type)->create(context, *properties)
                               : Result<void>(properties.error());
  if (made) {
    STATOR_TRY_VOID(note(resource, "UPDATE_COMPLETE"));
    return true;
  }
  failed_ = resource.logical_id;
  STATOR_TRY_VOID(note(resource, "UPDATE_FAILED", reason_of(made.error())));
  return false;
}

StackRun::Outcome StackRun::remove_resource(ResourceRecord& resource) {
  STATOR_TRY_VOID(check_running());
  if (!resource.is_made) return true;
  if (resource.is_retained) {
    STATOR_TRY_VOID(note(resource, "DELETE_SKIPPED"));
    return true;
  }
  STATOR_TRY_VOID(note(resource, "DELETE_IN_PROGRESS"));
  ResourceContext context = context_for(resource);
  const Existing existing = resource.existing;
  const auto removed = find_resource_type(resource.type)->remove(context, existing);
  if (!removed) {
    failed_ += (failed_.empty() ? "" : ", ") + resource.logical_id;
    STATOR_TRY_VOID(note(resource, "DELETE_FAILED", reason_of(removed.error())));
    return false;
  }
  resource.is_made = false;
  STATOR_TRY_VOID(note(resource, "DELETE_COMPLETE"));
  return true;
}

StackRun::Outcome StackRun::remove_named(const std::string& logical_id) {
  ResourceRecord* resource = record_.find(logical_id);
  if (resource == nullptr) return true;
  STATOR_TRY(const bool is_gone, remove_resource(*resource));
  if (is_gone) {
    record_.resources.erase(record_.resources.begin() + (resource - record_.resources.data()));
    STATOR_TRY_VOID(parts_.stacks.save(record_));
  }
  return is_gone;
}

StackRun::Outcome StackRun::remove_leftovers() {
  bool is_clean = true;
  for (std::size_t i = record_.leftovers.size(); i-- > 0;) {
    STATOR_TRY(const bool is_gone, remove_resource(record_.leftovers[i]));
    if (is_gone) record_.leftovers.erase(record_.leftovers.begin() + std::ptrdiff_t(i));
    is_clean = is_clean && is_gone;
  }
  return is_clean;
}

StackRun::Outcome StackRun::remove_all() {
  STATOR_TRY(bool is_clean, remove_leftovers());
  for (std::size_t i = record_.resources.size(); i-- > 0;) {
    STATOR_TRY(const bool is_gone, remove_resource(record_.resources[i]));
    is_clean = is_clean && is_gone;
  }
  return is_clean;
}

StackRun::Outcome StackRun::undo(const Undo& undo) {
  if (undo.action == Action::kAdd) return remove_named(undo.logical_id);
  ResourceRecord& resource = *record_.find(undo.logical_id);
  if (undo.action == Action::kReplace) {
    STATOR_TRY(const bool is_gone, remove_resource(resource));
    if (!is_gone) return false;
    resource = undo.before;
    std::erase_if(record_.leftovers, [&](const ResourceRecord& leftover) {
      return leftover.logical_id == undo.logical_id &&
             leftover.existing.physical_id == undo.before.existing.physical_id;
    });
    STATOR_TRY_VOID(note(resource, "UPDATE_COMPLETE"));
    return true;
  }
  STATOR_TRY_VOID(note(resource, "UPDATE_IN_PROGRESS"));
  ResourceContext context = context_for(resource);
  const Existing changed = resource.existing;
  const auto restored =
      find_resource_type(resource.type)->update(context, changed, undo.before.existing.properties);
  if (!restored) {
    failed_ += (failed_.empty() ? "" : ", ") + resource.logical_id;
    STATOR_TRY_VOID(note(resource, "UPDATE_FAILED", reason_of(restored.error())));
    return false;
  }
  STATOR_TRY_VOID(note(resource, "UPDATE_COMPLETE"));
  return true;
}

Result<void> StackRun::roll_back_update(std::vector<Undo>& done) {
  STATOR_TRY_VOID(set_status("UPDATE_ROLLBACK_IN_PROGRESS",
                             "The following resource(s) failed to update: [" + failed_ + "]. "));
  failed_.clear();
  bool is_clean = true;
  for (auto step = done.rbegin(); step != done.rend(); ++step) {
    STATOR_TRY(const bool is_undone, undo(*step));
    is_clean = is_clean && is_undone;
  }
  if (is_clean) return set_status("UPDATE_ROLLBACK_COMPLETE");
  return set_status("UPDATE_ROLLBACK_FAILED",
                    "The following resource(s) failed to update: [" + failed_ + "]. ");
}

Result<void> StackRun::finish_update(const Blueprint& blueprint, const UpdatePlan& plan,
                                     Revision revision) {
  auto values = outputs(blueprint, live_scope(blueprint));
  record_.outputs = values ? std::move(*values) : json::Array();
  record_.template_body = std::move(revision.template_body);
  record_.description = std::move(revision.description);
  record_.parameters = std::move(revision.parameters);
  record_.hidden_parameters = std::move(revision.hidden_parameters);
  record_.capabilities = std::move(revision.capabilities);
  record_.tags = std::move(revision.tags);
  for (ResourceRecord& resource : record_.resources) {
    const Declaration* declaration = blueprint.body.find(resource.logical_id);
    if (declaration != nullptr) resource.is_retained = declaration->is_retained;
  }
  if (!plan.removed.empty() || !record_.leftovers.empty()) {
    STATOR_TRY_VOID(set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
    STATOR_TRY_VOID(remove_leftovers());
    // What cannot be removed stays in the record, so that deleting the stack tries again.
    for (const std::string& id : plan.removed) STATOR_TRY_VOID(remove_named(id));
  }
  const auto place = [&](const ResourceRecord& resource) {
    return std::find_if(blueprint.order.begin(), blueprint.order.end(),
                        [&](const auto* made) { return made->logical_id == resource.logical_id; }) -
           blueprint.order.begin();
  };
  std::stable_sort(
      record_.resources.begin(), record_.resources.end(),
      [&](const ResourceRecord& a, const ResourceRecord& b) { return place(a) < place(b); });
  return set_status("UPDATE_COMPLETE");
}

Scope StackRun::live_scope(const Blueprint& blueprint) const {
  Scope scope = blueprint.scope;
  scope.resource = [this](std::string_view id, std::string_view attribute) -> Result<json::Value> {
    const ResourceRecord* resource = record_.find(id);
    if (resource == nullptr || !resource->is_made) {
      return validation_error("Template error: resource " + std::string(id) + " does not exist");
    }
    if (attribute.empty()) return json::Value(resource->existing.physical_id);
    if (const json::Value* value = json::find(resource->existing.attributes, attribute)) {
      return *value;
    }
    return validation_error("Template error: resource " + std::string(id) +
                            " does not support attribute type " + std::string(attribute) +
                            " in Fn::GetAtt");
  };
  return scope;
}

Result<json::Array> StackRun::outputs(const Blueprint& blueprint, const Scope& scope) const {
  json::Array list;
  for (const OutputDeclaration& output : blueprint.body.outputs) {
    const auto condition = scope.conditions.find(output.condition);
    if (condition != scope.conditions.end() && !condition->second) continue;
    STATOR_TRY(const auto value, resolve(output.value, scope));
    json::Object entry{{"OutputKey", output.key}};
    const json::Value text = value.value_or("");
    entry["OutputValue"] = text.is_string() ? text : json::Value(json::dump(text));
    if (!output.description.empty()) entry["Description"] = output.description;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace stator::cloudformation
