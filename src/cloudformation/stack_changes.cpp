#include <algorithm>

#include "base/strings.hpp"
#include "cloudformation/client_token.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/stacks.hpp"

/// The changes of a stack that need no template, and how every change is begun.
namespace stator::cloudformation {
namespace {

constexpr std::string_view kRoom = "cloudformation";

/// How a stack stands whose change was interrupted in this state, or "" for one at rest.
std::string interrupted(const std::string& status) {
  if (status == "CREATE_IN_PROGRESS") return "CREATE_FAILED";
  if (status == "ROLLBACK_IN_PROGRESS") return "ROLLBACK_FAILED";
  if (status == "DELETE_IN_PROGRESS") return "DELETE_FAILED";
  if (status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") return "UPDATE_COMPLETE";
  if (status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS") return "UPDATE_ROLLBACK_COMPLETE";
  if (status.starts_with("UPDATE_") && status.ends_with("_IN_PROGRESS")) {
    return "UPDATE_ROLLBACK_FAILED";
  }
  return "";
}

aws::Principal principal_of(const Runner& runner) {
  aws::Principal principal{.kind = aws::Principal::Kind(runner.kind), .account = runner.account};
  principal.arn = runner.arn;
  principal.user_id = runner.user_id;
  if (principal.kind == aws::Principal::Kind::kAssumedRole) {
    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    const auto parts = split(runner.arn, '/');
    if (parts.size() == 3) principal.role_name = std::string(parts[1]);
  }
  return principal;
}

}  // namespace

Result<aws::Principal> Stacks::runner_for(const aws::Call& call,
                                          const std::string& role_arn) const {
  if (role_arn.empty()) return call.principal;
  if (!parts_.role) return unsupported("stator does not support RoleARN here");
  const auto role = parts_.role(role_arn);
  if (role) return *role;
  return validation_error("Role " + role_arn +
                          " is invalid or cannot be assumed: " + role.error().message);
}

std::shared_ptr<StackRun> Stacks::running(const std::string& stack_id) const {
  const auto found = running_.find(stack_id);
  return found == running_.end() ? nullptr : found->second;
}

Result<void> Stacks::remove(const aws::Call& call, const ReturnRequest& request) {
  const std::lock_guard lock(mutex_);
  auto loaded = records_.load(call.account, call.region, request.name);
  if (!loaded || loaded->deleted) return {};
  StackRecord record = std::move(*loaded);
  if (record.status == "DELETE_IN_PROGRESS") return {};
  if (record.is_protected) {
    return validation_error("Stack [" + record.identity.name +
                            "] cannot be deleted while TerminationProtection is enabled");
  }
  if (!request.resources.empty() && record.status != "DELETE_FAILED") {
    return validation_error("Invalid operation on stack [" + record.identity.id +
                            "]. When you delete a stack, specify which resources to retain only "
                            "when the stack is in the DELETE_FAILED state");
  }
  if (record.status == "CREATE_IN_PROGRESS") {
    if (const auto run = running(record.identity.id)) {
      STATOR_TRY(const bool is_halted, run->halt(Halt::kDeletion));
      if (is_halted) return {};
      STATOR_TRY(record, records_.load(call.account, call.region, request.name));
    }
  }
  if (record.is_in_progress()) {
    return validation_error("Stack [" + record.identity.name +
                            "] cannot be deleted while in status " + record.status);
  }
  const StackRecord before = record;
  const std::string& role = request.role_arn.empty() ? record.role_arn : request.role_arn;
  STATOR_TRY(const aws::Principal runner, runner_for(call, role));
  record.status = "DELETE_IN_PROGRESS";
  record.reason = "User Initiated";
  record.client_token = token_of(kDeleteStack, request.client_token);
  return begin({std::move(record), before, runner, 0,
                [retained = request.resources](StackRun& run) { return run.remove(retained); }});
}

Result<void> Stacks::cancel_update(const aws::Call& call, const ReturnRequest& request) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(const StackRecord record, records_.load(call.account, call.region, request.name));
  const auto run = record.status == "UPDATE_IN_PROGRESS" ? running(record.identity.id) : nullptr;
  bool is_cancelled = false;
  if (run != nullptr) {
    STATOR_TRY(is_cancelled, run->halt(Halt::kCancelled));
  }
  if (is_cancelled) return {};
  return validation_error("CancelUpdateStack cannot be called from current stack status");
}

Result<void> Stacks::continue_rollback(const aws::Call& call, const ReturnRequest& request) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, records_.load(call.account, call.region, request.name));
  STATOR_TRY(const bool is_repeated,
             is_repeated_request(record, kContinueRollback, request.client_token));
  if (is_repeated) return {};
  if (record.status != "UPDATE_ROLLBACK_FAILED" || !record.has_baseline) {
    return validation_error("Stack:" + record.identity.id + " is in " + record.status +
                            " state and can not continue rolling back an update.");
  }
  for (const std::string& id : request.resources) {
    const ResourceRecord* resource = record.find(id);
    if (resource != nullptr && resource->status == "UPDATE_FAILED") continue;
    return validation_error("Only resources in the UPDATE_FAILED state can be skipped: [" + id +
                            "] is not");
  }
  const StackRecord before = record;
  const std::string& role = request.role_arn.empty() ? record.role_arn : request.role_arn;
  STATOR_TRY(const aws::Principal runner, runner_for(call, role));
  record.status = "UPDATE_ROLLBACK_IN_PROGRESS";
  record.reason = "User Initiated";
  record.client_token = token_of(kContinueRollback, request.client_token);
  return begin({std::move(record), before, runner, 0,
                [skipped = request.resources](StackRun& run) { return run.roll_back(skipped); }});
}

Result<std::string> Stacks::roll_back(const aws::Call& call, const ReturnRequest& request) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, records_.load(call.account, call.region, request.name));
  STATOR_TRY(const bool is_repeated,
             is_repeated_request(record, kRollbackStack, request.client_token));
  if (is_repeated) return record.identity.id;
  if (record.status != "CREATE_FAILED" && record.status != "UPDATE_FAILED") {
    return validation_error("Stack:" + record.identity.id + " is in " + record.status +
                            " state and can not be rolled back.");
  }
  const StackRecord before = record;
  const std::string& role = request.role_arn.empty() ? record.role_arn : request.role_arn;
  STATOR_TRY(const aws::Principal runner, runner_for(call, role));
  record.status = record.has_baseline ? "UPDATE_ROLLBACK_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS";
  record.reason = "User Initiated";
  record.is_new_never_retained = record.is_new_never_retained || request.is_new_never_retained;
  record.client_token = token_of(kRollbackStack, request.client_token);
  const std::string id = record.identity.id;
  STATOR_TRY_VOID(
      begin({std::move(record), before, runner, 0, [](StackRun& run) { return run.roll_back(); }}));
  return id;
}

Result<std::string> Stacks::protect(const aws::Call& call, const std::string& name,
                                    bool is_protected) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, records_.load(call.account, call.region, name));
  if (!record.parent_id.empty()) {
    return validation_error("Termination protection cannot be set on nested stacks: " +
                            record.identity.id);
  }
  if (record.is_in_progress() || record.deleted) {
    return validation_error("Stack [" + record.identity.name +
                            "] cannot change its termination protection while in status " +
                            record.status);
  }
  record.is_protected = is_protected;
  STATOR_TRY_VOID(records_.save(record));
  return record.identity.id;
}

Result<void> Stacks::set_policy(const aws::Call& call, const std::string& name,
                                std::string policy) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, records_.load(call.account, call.region, name));
  if (record.is_in_progress() || record.deleted) {
    return validation_error("Stack [" + record.identity.name +
                            "] cannot change its policy while in status " + record.status);
  }
  record.policy = std::move(policy);
  return records_.save(record);
}

Result<void> Stacks::begin(Beginning beginning) {
  const StackRecord record = beginning.record;
  const auto before = beginning.before;
  STATOR_TRY(const auto prepared, prepare(std::move(beginning)));
  const bool is_posted = parts_.workers.post([this, prepared = prepared, stack = record.identity] {
    execute(prepared.first, stack, prepared.second);
  });
  if (is_posted) return {};
  running_.erase(record.identity.id);
  // Nothing was begun, so the record goes back to what it was.
  if (before) {
    STATOR_TRY_VOID(records_.save(*before));
  } else {
    STATOR_TRY_VOID(records_.erase(record));
  }
  return Error{ErrorCode::kThrottled, "Too many stacks are being changed at once"};
}

void Stacks::execute(const std::shared_ptr<StackRun>& run, const StackIdentity& stack,
                     const Work& work) {
  Result<void> outcome;
  try {
    outcome = work(*run);
  } catch (const std::exception& error) {
    outcome = internal(error.what());
  }
  const std::lock_guard lock(mutex_);
  if (running(stack.id) == run) running_.erase(stack.id);
  if (outcome) return;
  parts_.logger.error(kRoom, "a deployment was cut short",
                      {{"stack", stack.id}, {"reason", outcome.error().message}});
  // A store that fails here as well leaves the stack to recover().
  if (is_stopping_) return;
  if (auto left = records_.load(stack.account, stack.region, stack.id)) {
    (void)interrupt(*std::move(left)).has_value();
  }
}

Result<void> Stacks::recover() {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(const std::vector<StackRecord> records, records_.list("", ""));
  for (const StackRecord& listed : records) {
    if (!listed.is_in_progress()) continue;
    const StackIdentity& stack = listed.identity;
    STATOR_TRY(const bool is_the_outers, waits_for_outer(listed));
    if (is_the_outers) continue;
    STATOR_TRY(StackRecord record, records_.load(stack.account, stack.region, stack.id));
    STATOR_TRY_VOID(resume(std::move(record)));
  }
  return {};
}

/// A nested stack is brought to its end by the outer one, where that is not at rest itself.
Result<bool> Stacks::waits_for_outer(const StackRecord& nested) const {
  if (nested.parent_id.empty()) return false;
  const StackIdentity& stack = nested.identity;
  const auto outer = records_.load(stack.account, stack.region, nested.parent_id);
  if (!outer) return false;
  return outer->is_in_progress() || (outer->status.ends_with("_FAILED") && !outer->deleted);
}

Result<void> Stacks::resume(StackRecord record) {
  if (!record.runner) return interrupt(std::move(record));
  const aws::Principal runner = principal_of(*record.runner);
  parts_.logger.warn(kRoom, "a stack's change was interrupted and is brought to its end",
                     {{"stack", record.identity.id}, {"status", record.status}});
  auto run = make_run(record, runner, 0);
  running_[record.identity.id] = run;
  const bool is_posted = parts_.workers.post([this, run, stack = record.identity] {
    execute(run, stack, [](StackRun& resumed) { return resumed.resume(); });
  });
  if (is_posted) return {};
  running_.erase(record.identity.id);
  return interrupt(std::move(record));
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

}  // namespace stator::cloudformation
