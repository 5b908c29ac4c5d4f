#include "cloudformation/stacks.hpp"

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

constexpr std::string_view kRoom = "cloudformation";

/// How a stack that was interrupted in this state stands, or "" for one at rest.
std::string interrupted(const std::string& status) {
  if (status == "CREATE_IN_PROGRESS") return "CREATE_FAILED";
  if (status == "ROLLBACK_IN_PROGRESS") return "ROLLBACK_FAILED";
  if (status == "DELETE_IN_PROGRESS") return "DELETE_FAILED";
  if (status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") return "UPDATE_COMPLETE";
  if (status.starts_with("UPDATE_")) {
    return status.ends_with("_IN_PROGRESS") ? "UPDATE_ROLLBACK_FAILED" : "";
  }
  return "";
}

bool may_update(const std::string& status) {
  return status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" ||
         status == "UPDATE_ROLLBACK_COMPLETE";
}

Revision revision_of(const StackRequest& request, const Blueprint& blueprint) {
  Revision revision;
  revision.template_body = request.template_body;
  revision.description = blueprint.body.description;
  for (const auto& [key, parameter] : blueprint.scope.parameters) {
    revision.parameters[key] = parameter.text;
    if (parameter.is_hidden) revision.hidden_parameters.push_back(json::Value(key));
  }
  for (const std::string& name : request.capabilities) {
    revision.capabilities.push_back(json::Value(name));
  }
  revision.tags = request.tags;
  return revision;
}

void apply(Revision revision, StackRecord& record) {
  record.template_body = std::move(revision.template_body);
  record.description = std::move(revision.description);
  record.parameters = std::move(revision.parameters);
  record.hidden_parameters = std::move(revision.hidden_parameters);
  record.capabilities = std::move(revision.capabilities);
  record.tags = std::move(revision.tags);
}

/// Fills in what an update leaves as it was.
Result<void> take_previous(const StackRecord& record, StackRequest& request) {
  if (request.uses_previous_template) request.template_body = record.template_body;
  for (const std::string& key : request.previous_parameters) {
    const auto value = json::find_string(record.parameters, key);
    if (!value) {
      return validation_error("Invalid input for parameter key " + key +
                              ". Cannot specify usePreviousValue as true for a parameter key not "
                              "in the previous template");
    }
    request.parameters[key] = *value;
  }
  return {};
}

}  // namespace

std::string stack_arn(const aws::Call& call, std::string_view name_or_id) {
  if (name_or_id.starts_with("arn:")) return std::string(name_or_id);
  const std::string name(name_or_id.empty() ? "*" : name_or_id);
  return aws::make_arn("cloudformation", call.region, call.account, "stack/" + name + "/*");
}

Stacks::Stacks(StacksParts parts)
    : parts_(std::move(parts)),
      records_(parts_.store, parts_.clock, parts_.random),
      run_parts_{records_, parts_.clock, parts_.random, parts_.sleep, is_stopping_} {}

Result<void> Stacks::recover() {
  STATOR_TRY(std::vector<StackRecord> records, records_.list("", ""));
  for (StackRecord& record : records) STATOR_TRY_VOID(interrupt(std::move(record)));
  return {};
}

/// Gives a stack whose change ended early the state that says so.
Result<void> Stacks::interrupt(StackRecord record) {
  const std::string status = interrupted(record.status);
  if (status.empty()) return {};
  parts_.logger.warn(kRoom, "a stack was interrupted",
                     {{"stack", record.identity.id}, {"status", status}});
  record.status = status;
  record.reason = "stator stopped while the stack was being changed.";
  return records_.save_with_event(record);
}

Result<StackRecord> Stacks::record_for(const aws::Call& call, const std::string& name) const {
  if (auto found = records_.load(call.account, call.region, name)) {
    if (found->status != kInReview) return already_exists(name);
    return std::move(*found);
  }
  StackRecord record;
  record.uuid = uuid4(parts_.random);
  record.identity = {name,
                     aws::make_arn("cloudformation", call.region, call.account,
                                   "stack/" + name + "/" + record.uuid),
                     call.account, call.region};
  record.created = call.now;
  return record;
}

Result<std::string> Stacks::review(const aws::Call& call, const std::string& name) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, record_for(call, name));
  if (record.status == kInReview) return record.identity.id;
  record.status = kInReview;
  record.reason = "User Initiated";
  STATOR_TRY_VOID(records_.save_with_event(record));
  return record.identity.id;
}

Result<Preview> Stacks::preview(const aws::Call& call, StackRequest request) const {
  auto found = records_.load(call.account, call.region, request.name);
  if (found && found->status != kInReview) {
    return preview_update(std::move(*found), std::move(request));
  }
  STATOR_TRY(StackRecord record, record_for(call, request.name));
  STATOR_TRY(std::shared_ptr<const Blueprint> blueprint,
             make_blueprint({request.template_body, request.parameters, request.capabilities,
                             record.identity}));
  STATOR_TRY(UpdatePlan plan, plan_update(*blueprint, record));
  Revision revision = revision_of(request, *blueprint);
  return Preview{std::move(record), std::move(blueprint), std::move(plan), std::move(revision),
                 false};
}

Result<Preview> Stacks::preview_update(StackRecord record, StackRequest request) const {
  if (record.deleted || !may_update(record.status)) {
    return validation_error("Stack:" + record.identity.id + " is in " + record.status +
                            " state and can not be updated.");
  }
  STATOR_TRY_VOID(take_previous(record, request));
  STATOR_TRY(std::shared_ptr<const Blueprint> blueprint,
             make_blueprint({request.template_body, request.parameters, request.capabilities,
                             record.identity}));
  STATOR_TRY(UpdatePlan plan, plan_update(*blueprint, record));
  Revision revision = revision_of(request, *blueprint);
  const bool is_same = revision.template_body == record.template_body &&
                       revision.parameters == record.parameters && revision.tags == record.tags;
  const bool is_unchanged = is_same && !plan.changes_resources();
  return Preview{std::move(record), std::move(blueprint), std::move(plan), std::move(revision),
                 is_unchanged};
}

Result<std::string> Stacks::create(const aws::Call& call, StackRequest request) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, record_for(call, request.name));
  const auto before = record.status == kInReview ? std::optional(record) : std::nullopt;
  STATOR_TRY(std::shared_ptr<Blueprint> blueprint,
             make_blueprint({request.template_body, request.parameters, request.capabilities,
                             record.identity}));
  apply(revision_of(request, *blueprint), record);
  record.created = call.now;
  record.status = "CREATE_IN_PROGRESS";
  record.reason = "User Initiated";
  record.is_rollback_disabled = request.is_rollback_disabled;
  record.change_set_id = request.change_set_id;
  const std::string id = record.identity.id;
  STATOR_TRY_VOID(begin(call, std::move(record), before,
                        [blueprint](StackRun& run) { return run.create(*blueprint); }));
  return id;
}

Result<std::string> Stacks::update(const aws::Call& call, StackRequest request) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, records_.load(call.account, call.region, request.name));
  const std::string change_set_id = request.change_set_id;
  STATOR_TRY(Preview preview, preview_update(std::move(record), std::move(request)));
  if (preview.is_unchanged) return validation_error("No updates are to be performed.");
  const StackRecord before = preview.record;
  record = before;
  record.updated = call.now;
  record.status = "UPDATE_IN_PROGRESS";
  record.reason = "User Initiated";
  record.change_set_id = change_set_id;
  const std::string id = record.identity.id;
  STATOR_TRY_VOID(begin(call, std::move(record), before, [preview](StackRun& run) {
    return run.update(*preview.blueprint, preview.plan, preview.revision);
  }));
  return id;
}

Result<void> Stacks::remove(const aws::Call& call, const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto loaded = records_.load(call.account, call.region, name);
  if (!loaded || loaded->deleted) return {};
  const StackRecord before = *loaded;
  StackRecord record = std::move(*loaded);
  if (record.is_in_progress()) {
    if (record.status == "DELETE_IN_PROGRESS") return {};
    return validation_error("Stack [" + record.identity.name +
                            "] cannot be deleted while in status " + record.status);
  }
  record.status = "DELETE_IN_PROGRESS";
  record.reason = "User Initiated";
  return begin(call, std::move(record), before, [](StackRun& run) { return run.remove(); });
}

Result<void> Stacks::begin(const aws::Call& call, StackRecord record,
                           const std::optional<StackRecord>& before, Work work) {
  STATOR_TRY_VOID(records_.save_with_event(record));
  auto run =
      std::make_shared<StackRun>(run_parts_, record, parts_.clients(call.principal, call.region));
  const bool is_posted =
      parts_.workers.post([this, run, work = std::move(work), stack = record.identity] {
        Result<void> outcome;
        try {
          outcome = work(*run);
        } catch (const std::exception& error) {
          outcome = internal(error.what());
        }
        if (outcome) return;
        parts_.logger.error(kRoom, "a deployment was cut short",
                            {{"stack", stack.id}, {"reason", outcome.error().message}});
        // A store that fails here as well leaves the stack to recover().
        if (is_stopping_) return;
        if (auto left = records_.load(stack.account, stack.region, stack.id)) {
          (void)interrupt(*std::move(left)).has_value();
        }
      });
  if (is_posted) return {};
  // Nothing was begun, so the record goes back to what it was.
  if (before) {
    STATOR_TRY_VOID(records_.save(*before));
  } else {
    STATOR_TRY_VOID(records_.erase(record));
  }
  return Error{ErrorCode::kThrottled, "Too many stacks are being changed at once"};
}

}  // namespace stator::cloudformation
