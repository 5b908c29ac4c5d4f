#include "cloudformation/stacks.hpp"

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "cloudformation/client_token.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/exports.hpp"
#include "cloudformation/stack_policy.hpp"

namespace stator::cloudformation {
namespace {

/// Threads beyond the workers' own that all runs share.
constexpr std::size_t kLanesMax = 32;

LaneOptions lanes_of(LaneOptions wanted, LaneBudget& budget) {
  wanted.budget = &budget;
  return wanted;
}

bool may_update(const std::string& status) {
  return status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" ||
         status == "UPDATE_ROLLBACK_COMPLETE";
}

/// What failed without being rolled back: an update may go on from there.
bool is_half_way(const std::string& status) {
  return status == "CREATE_FAILED" || status == "UPDATE_FAILED";
}

/// What the request makes of the stack; what it leaves open stays as it is in the record.
Revision revision_of(const StackRequest& request, const Blueprint& blueprint,
                     const StackRecord& record) {
  Revision revision;
  revision.policy = request.policy.empty() ? record.policy : request.policy;
  revision.notification_arns = request.notification_arns.value_or(record.notification_arns);
  revision.template_body = request.template_body;
  revision.description = blueprint.body.description;
  for (const auto& [key, parameter] : blueprint.scope.parameters) {
    revision.parameters[key] = parameter.text;
    if (parameter.resolved) revision.resolved_parameters[key] = *parameter.resolved;
    if (parameter.is_hidden) revision.hidden_parameters.push_back(json::Value(key));
  }
  for (const std::string& name : request.capabilities) {
    revision.capabilities.push_back(json::Value(name));
  }
  revision.tags = request.keeps_tags ? record.tags : request.tags;
  return revision;
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

/// A change set is good for the stack that it was made for, as that stack was.
Result<void> check_current(const StackRecord& record, const StackRequest& request) {
  if (!request.made_against || *request.made_against == record.event_count) return {};
  return invalid_change_set_status("ChangeSet [" + request.change_set_id +
                                   "] cannot be executed in its current execution status of "
                                   "[OBSOLETE]");
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
      change_sets_(parts_.store),
      drifts_(parts_.store),
      lane_budget_(kLanesMax),
      run_parts_{records_,       parts_.clock,    parts_.random,
                 parts_.sleep,   is_stopping_,    lanes_of(parts_.lanes, lane_budget_),
                 exports_mutex_, parts_.responses} {}

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

/// The template made ready, with what the runner may read outside it, and what it makes of the
/// stack. The exports that it reads are found once.
Result<Stacks::Drawn> Stacks::draw(const aws::Principal& runner, const StackRecord& record,
                                   const StackRequest& request) const {
  const StackIdentity& stack = record.identity;
  struct Found {
    std::mutex mutex;
    std::map<std::string, std::string, std::less<>> values;
  };
  const auto found = std::make_shared<Found>();
  Outside outside = reach_through(parts_.clients(runner, stack.region));
  outside.exported = [this, found, stack](std::string_view name) -> Result<std::string> {
    const std::lock_guard lock(found->mutex);
    const auto known = found->values.find(name);
    if (known != found->values.end()) return known->second;
    STATOR_TRY(std::string value, find_export(records_, stack.account, stack.region, name));
    found->values.emplace(name, value);
    return value;
  };
  const auto& arns =
      request.notification_arns ? *request.notification_arns : record.notification_arns;
  STATOR_TRY(std::shared_ptr<const Blueprint> blueprint,
             make_blueprint({request.template_body, request.parameters, request.capabilities, stack,
                             std::move(outside), arns}));
  Revision revision = revision_of(request, *blueprint, record);
  for (const auto& [name, value] : found->values) revision.imports.push_back(name);
  return Drawn{std::move(blueprint), std::move(revision)};
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
    const std::string& role = request.role_arn.empty() ? found->role_arn : request.role_arn;
    STATOR_TRY(const aws::Principal runner, runner_for(call, role));
    return preview_update(runner, std::move(*found), std::move(request));
  }
  STATOR_TRY(StackRecord record, record_for(call, request.name));
  STATOR_TRY(const aws::Principal runner, runner_for(call, request.role_arn));
  STATOR_TRY(Drawn drawn, draw(runner, record, request));
  STATOR_TRY(UpdatePlan plan, plan_update(*drawn.blueprint, record));
  return Preview{std::move(record), std::move(drawn.blueprint), std::move(plan),
                 std::move(drawn.revision), false};
}

Result<Preview> Stacks::preview_update(const aws::Principal& runner, StackRecord record,
                                       StackRequest request) const {
  if (is_half_way(record.status) && !request.is_rollback_disabled) {
    return validation_error(
        "This stack is currently in a non-terminal [" + record.status +
        "] state. To update the stack from this state, please use the disable-rollback parameter "
        "with update-stack command. To rollback to the last known good state, use the "
        "rollback-stack command");
  }
  if (record.deleted || !(may_update(record.status) || is_half_way(record.status))) {
    return validation_error("Stack:" + record.identity.id + " is in " + record.status +
                            " state and can not be updated.");
  }
  STATOR_TRY_VOID(take_previous(record, request));
  STATOR_TRY(Drawn drawn, draw(runner, record, request));
  STATOR_TRY(UpdatePlan plan, plan_update(*drawn.blueprint, record));
  const Revision& revision = drawn.revision;
  const bool is_same = revision.template_body == record.template_body &&
                       revision.parameters == record.parameters && revision.tags == record.tags &&
                       !is_half_way(record.status);
  const bool is_unchanged = is_same && !plan.changes_resources();
  return Preview{std::move(record), std::move(drawn.blueprint), std::move(plan),
                 std::move(drawn.revision), is_unchanged};
}

Result<std::string> Stacks::create(const aws::Call& call, StackRequest request) {
  const std::lock_guard lock(mutex_);
  if (const auto same = records_.load(call.account, call.region, request.name)) {
    STATOR_TRY(const bool is_repeated,
               is_repeated_request(*same, kCreateStack, request.client_token));
    if (is_repeated) return same->identity.id;
  }
  STATOR_TRY(StackRecord record, record_for(call, request.name));
  if (record.status == kInReview && request.change_set_id.empty()) {
    return already_exists(request.name);
  }
  STATOR_TRY_VOID(check_current(record, request));
  const auto before = record.status == kInReview ? std::optional(record) : std::nullopt;
  STATOR_TRY(const aws::Principal runner, runner_for(call, request.role_arn));
  STATOR_TRY(Drawn drawn, draw(runner, record, request));
  apply(std::move(drawn.revision), record);
  record.created = call.now;
  record.status = "CREATE_IN_PROGRESS";
  record.reason = "User Initiated";
  record.is_rollback_disabled = request.is_rollback_disabled;
  record.is_deleted_on_failure = request.is_deleted_on_failure;
  record.is_protected = request.is_protected.value_or(false);
  record.is_new_never_retained = request.is_new_never_retained;
  record.role_arn = request.role_arn;
  record.policy = request.policy;
  record.client_token = token_of(kCreateStack, request.client_token);
  record.change_set_id = request.change_set_id;
  const std::string id = record.identity.id;
  STATOR_TRY_VOID(begin({std::move(record), before, runner, request.timeout_ms,
                         [blueprint = std::move(drawn.blueprint)](StackRun& run) {
                           return run.create(*blueprint);
                         }}));
  return id;
}

Result<StackRecord> Stacks::load_at_rest(const aws::Call& call,
                                         const std::string& name_or_id) const {
  constexpr int kWaitingMax = 2, kLooksMax = 75;
  constexpr std::chrono::milliseconds kPause{20};
  auto record = records_.load(call.account, call.region, name_or_id);
  const bool may_wait = waiting_.fetch_add(1) < kWaitingMax;
  for (int look = 0; may_wait && look < kLooksMax && !is_stopping_; ++look) {
    if (!record || !record->is_in_progress()) break;
    parts_.sleep(kPause);
    record = records_.load(call.account, call.region, name_or_id);
  }
  waiting_.fetch_sub(1);
  return record;
}

Result<std::string> Stacks::update(const aws::Call& call, StackRequest request) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(StackRecord record, records_.load(call.account, call.region, request.name));
  STATOR_TRY(const bool is_repeated,
             is_repeated_request(record, kUpdateStack, request.client_token));
  if (is_repeated) return record.identity.id;
  STATOR_TRY_VOID(check_current(record, request));
  const StackRequest wanted = request;
  const std::string& role = request.role_arn.empty() ? record.role_arn : request.role_arn;
  STATOR_TRY(const aws::Principal runner, runner_for(call, role));
  STATOR_TRY(Preview preview, preview_update(runner, std::move(record), std::move(request)));
  if (preview.is_unchanged) return validation_error("No updates are to be performed.");
  const std::string& policy =
      wanted.policy_during_update.empty() ? preview.record.policy : wanted.policy_during_update;
  STATOR_TRY_VOID(check_allowed(policy, preview.plan, preview.record));
  const StackRecord before = preview.record;
  record = before;
  if (!wanted.role_arn.empty()) record.role_arn = wanted.role_arn;
  if (!wanted.policy.empty()) record.policy = wanted.policy;
  record.wanted_tags = preview.revision.tags;
  record.updated = call.now;
  record.status = "UPDATE_IN_PROGRESS";
  record.reason = "User Initiated";
  record.is_rollback_disabled = wanted.is_rollback_disabled;
  record.is_new_never_retained = wanted.is_new_never_retained;
  record.client_token = token_of(kUpdateStack, wanted.client_token);
  record.change_set_id = wanted.change_set_id;
  if (may_update(before.status)) {
    STATOR_TRY_VOID(records_.keep_baseline(before));
    record.has_baseline = true;
  }
  const std::string id = record.identity.id;
  STATOR_TRY_VOID(begin({std::move(record), before, runner, 0, [preview](StackRun& run) {
                           return run.update(*preview.blueprint, preview.plan, preview.revision);
                         }}));
  return id;
}

}  // namespace stator::cloudformation
