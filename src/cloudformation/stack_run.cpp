#include "cloudformation/stack_run.hpp"

#include <algorithm>

#include "cloudformation/errors.hpp"
#include "cloudformation/exports.hpp"
#include "cloudformation/graph.hpp"

namespace stator::cloudformation {

StackRun::StackRun(const RunParts& parts, StackRecord record, Doors doors, std::int64_t timeout_ms)
    : parts_(parts),
      ledger_(parts.stacks, parts.clock, std::move(record)),
      doors_(std::move(doors)),
      step_parts_{ledger_,     doors_.clients,    parts.random,
                  parts.sleep, parts.is_stopping, [this] { watch(); },
                  {},          parts.responses,   doors_.nested.get()},
      begun_(parts.clock.steady()),
      timeout_ms_(timeout_ms) {}

void StackRun::watch() {
  if (outer_ != nullptr && outer_->is_halted()) (void)ledger_.halt(Halt::kCancelled).has_value();
  if (timeout_ms_ == 0) return;
  if (parts_.clock.steady() - begun_ < std::chrono::milliseconds(timeout_ms_)) return;
  (void)ledger_.halt(Halt::kTimeout).has_value();
}

bool StackRun::is_halted() {
  watch();
  return ledger_.halted() != Halt::kNone;
}

/// "The following resource(s) failed to create: [A, B]. ", or what else ended the change.
std::string StackRun::why_halted(const ResourceSteps& steps, const std::string& verb) const {
  if (ledger_.halted() == Halt::kCancelled) return "User Initiated";
  if (ledger_.halted() == Halt::kTimeout) {
    return "Stack creation time exceeded the specified timeout. ";
  }
  return "The following resource(s) failed to " + verb + ": [" + steps.failed() + "]. ";
}

Result<void> StackRun::create(const Blueprint& blueprint) {
  const Scope scope = live_scope(blueprint);
  const StackRecord record = ledger_.record();
  const bool goes_on = record.is_rollback_disabled;
  step_parts_.tags = {{}, record.tags};
  ResourceSteps steps(step_parts_, ResourceSteps::Direction::kForward);
  const Task task = [&](std::size_t number) -> Result<bool> {
    STATOR_TRY(const bool is_made, steps.make(*blueprint.order[number], scope));
    if (!is_made && !goes_on) STATOR_TRY_VOID(ledger_.halt(Halt::kFailure));
    return is_made;
  };
  STATOR_TRY(const bool is_made,
             run_tasks(creation_needs(blueprint.order), parts_.lanes, task, !goes_on));
  if (!is_made) return give_up_creation(why_halted(steps, "create"));
  const auto values = outputs(blueprint, scope);
  const auto is_committed = values ? commit_creation(*values) : Result<bool>(values.error());
  if (!is_committed) {
    if (is_committed.error().code != ErrorCode::kInvalid) return is_committed.error();
    return give_up_creation(is_committed.error().message + ". ");
  }
  return *is_committed ? Result<void>() : give_up_creation(why_halted(steps, "create"));
}

Result<bool> StackRun::commit_creation(const json::Array& outputs) {
  const std::lock_guard lock(parts_.exports);
  STATOR_TRY_VOID(check_exports(parts_.stacks, ledger_.record(), outputs));
  return ledger_.commit("CREATE_COMPLETE", [&](StackRecord& record) { record.outputs = outputs; });
}

Result<void> StackRun::give_up_creation(const std::string& why) {
  const StackRecord record = ledger_.record();
  const bool is_deleted = record.is_deleted_on_failure;
  const auto turn = [&]() -> Result<bool> {
    if (record.is_rollback_disabled) return ledger_.turn_back("CREATE_FAILED", why);
    if (is_deleted) {
      return ledger_.turn_back("DELETE_IN_PROGRESS", why + "Delete requested by user.");
    }
    return ledger_.turn_back("ROLLBACK_IN_PROGRESS", why + "Rollback requested by user.");
  };
  STATOR_TRY(const bool is_turned, turn());
  if (!is_turned || (is_deleted && !record.is_rollback_disabled)) return remove();
  return record.is_rollback_disabled ? Result<void>() : roll_back_creation();
}

/// What an update does about a resource that the plan leaves alone, now that all that it refers to
/// is as it will be: attributes may have changed, and the stack's tags.
Action StackRun::action_now(const Declaration& resource, const Scope& scope) const {
  const ResourceType& type = *find_resource_type(resource.type);
  if (!type.update) return Action::kKeep;
  const bool has_other_tags = step_parts_.tags.before != step_parts_.tags.after;
  if (type.settle || (has_other_tags && bears_stack_tags(type))) return Action::kUpdate;
  const auto properties = resolve_object(resource.properties, scope);
  // A fault is the step's to report.
  if (!properties) return Action::kUpdate;
  Action action = Action::kKeep;
  const auto existing = ledger_.find(resource.logical_id);
  for (const Property& property : type.changed(existing->existing.properties, *properties)) {
    if (property.on_change == OnChange::kReplace) return Action::kReplace;
    action = Action::kUpdate;
  }
  return action;
}

Result<bool> StackRun::take_steps(const UpdatePlan& plan, const Scope& scope,
                                  ResourceSteps& steps) {
  std::vector<const Declaration*> resources;
  for (const Step& step : plan.steps) resources.push_back(step.resource);
  const bool goes_on = ledger_.record().is_rollback_disabled;
  const auto take = [&](const Step& step) -> Result<bool> {
    switch (step.action == Action::kKeep ? action_now(*step.resource, scope) : step.action) {
      case Action::kAdd:
        return steps.make(*step.resource, scope);
      case Action::kUpdate:
        return steps.change(*step.resource, scope);
      case Action::kReplace:
        return steps.replace(*step.resource, scope);
      case Action::kKeep:
        break;
    }
    return true;
  };
  const Task task = [&](std::size_t number) -> Result<bool> {
    if (ledger_.halted() != Halt::kNone) return false;
    STATOR_TRY(const bool is_done, take(plan.steps[number]));
    if (!is_done && !goes_on) STATOR_TRY_VOID(ledger_.halt(Halt::kFailure));
    return is_done;
  };
  return run_tasks(creation_needs(resources), parts_.lanes, task, !goes_on);
}

Result<void> StackRun::update(const Blueprint& blueprint, const UpdatePlan& plan,
                              const Revision& revision, Finish finish) {
  const Scope scope = live_scope(blueprint);
  step_parts_.tags = {ledger_.record().tags, revision.tags};
  ResourceSteps steps(step_parts_, ResourceSteps::Direction::kForward);
  STATOR_TRY(const bool is_done, take_steps(plan, scope, steps));
  if (!is_done) return give_up_update(why_halted(steps, "update"), &revision);
  const auto values = outputs(blueprint, scope);
  const auto is_committed =
      values ? commit_update(blueprint, revision, *values, finish) : Result<bool>(values.error());
  if (!is_committed) {
    if (is_committed.error().code != ErrorCode::kInvalid) return is_committed.error();
    return give_up_update(is_committed.error().message + ". ", &revision);
  }
  if (!*is_committed) return give_up_update(why_halted(steps, "update"), &revision);
  return finish == Finish::kNow ? this->finish() : Result<void>();
}

Result<void> StackRun::finish() {
  STATOR_TRY_VOID(ledger_.edit_all([](StackRecord& record) { record.has_baseline = false; }));
  STATOR_TRY_VOID(parts_.stacks.drop_baseline(ledger_.record()));
  ResourceSteps steps(step_parts_, ResourceSteps::Direction::kBackward);
  for (const ResourceRecord& resource : ledger_.record().resources) {
    STATOR_TRY_VOID(steps.settle(resource.number));
  }
  return clean_up("UPDATE_COMPLETE");
}

/// From here on the new state counts: what it no longer has is removed, and nothing is undone.
Result<bool> StackRun::commit_update(const Blueprint& blueprint, const Revision& revision,
                                     const json::Array& outputs, Finish finish) {
  const std::lock_guard lock(parts_.exports);
  STATOR_TRY_VOID(check_exports(parts_.stacks, ledger_.record(), outputs));
  return ledger_.commit("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", [&](StackRecord& record) {
    apply(revision, record);
    record.outputs = outputs;
    record.has_baseline = finish == Finish::kLater;
    std::vector<ResourceRecord> kept;
    for (ResourceRecord& resource : record.resources) {
      const auto declared =
          std::find_if(blueprint.order.begin(), blueprint.order.end(),
                       [&](const auto* made) { return made->logical_id == resource.logical_id; });
      if (declared == blueprint.order.end()) {
        record.leftovers.push_back(std::move(resource));
        continue;
      }
      resource.is_retained = (*declared)->is_retained;
      resource.is_retained_except_on_create = (*declared)->is_removed_when_creation_fails;
      kept.push_back(std::move(resource));
    }
    record.resources = std::move(kept);
  });
}

Result<void> StackRun::give_up_update(const std::string& why, const Revision* revision) {
  const StackRecord record = ledger_.record();
  if (record.is_rollback_disabled && ledger_.halted() != Halt::kCancelled) {
    // The next update starts from what this one wanted, as a retry does.
    STATOR_TRY_VOID(ledger_.turn_back("UPDATE_FAILED", why, [&](StackRecord& failed) {
      if (revision != nullptr) apply(*revision, failed);
    }));
    return {};
  }
  // A stack that never was complete has nothing to go back to.
  const char* status = record.has_baseline ? "UPDATE_ROLLBACK_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS";
  STATOR_TRY_VOID(ledger_.turn_back(status, why));
  return roll_back();
}

Scope StackRun::live_scope(const Blueprint& blueprint) const {
  Scope scope = blueprint.scope;
  scope.resource = [this](std::string_view id, std::string_view attribute) {
    return ledger_.look_up(id, attribute);
  };
  return scope;
}

Result<json::Array> StackRun::outputs(const Blueprint& blueprint, const Scope& scope) {
  json::Array list;
  for (const OutputDeclaration& output : blueprint.body.outputs) {
    const auto condition = scope.conditions.find(output.condition);
    if (condition != scope.conditions.end() && !condition->second) continue;
    STATOR_TRY(const auto value, resolve(output.value, scope));
    json::Object entry{{"OutputKey", output.key}};
    const json::Value text = value.value_or("");
    entry["OutputValue"] = text.is_string() ? text : json::Value(json::dump(text));
    if (!output.description.empty()) entry["Description"] = output.description;
    if (output.export_name) {
      STATOR_TRY(const auto name, resolve(*output.export_name, scope));
      if (!name || !name->is_string()) {
        return validation_error("The export name of the output " + output.key + " is not text");
      }
      entry["ExportName"] = *name;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace stator::cloudformation
