#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "cloudformation/api_client.hpp"
#include "cloudformation/blueprint.hpp"
#include "cloudformation/change_set_store.hpp"
#include "cloudformation/drift.hpp"
#include "cloudformation/stack_run.hpp"
#include "cloudformation/stack_store.hpp"
#include "log/log.hpp"
#include "storage/store.hpp"

namespace stator::cloudformation {

/// All outlive the Stacks.
struct StacksParts {
  storage::Store& store;
  ApiClients clients;
  /// Its own: a deployment keeps a thread for as long as it takes.
  WorkerPool& workers;
  const Clock& clock;
  Random& random;
  std::function<void(std::chrono::milliseconds)> sleep;
  const log::Logger& logger;
  LaneOptions lanes = {};
  /// Who a role is for CloudFormation, which must be let assume it (RoleARN). Null: RoleARN is
  /// refused.
  std::function<Result<aws::Principal>(const std::string& role_arn)> role = nullptr;
  CustomResponses* responses = nullptr;  ///< null: custom resources are refused
  /// Whether the caller may change a nested stack. Null: always.
  std::function<Result<void>(const aws::Call& call, const aws::Needs& needs)> authorize = nullptr;
};

/// What CreateStack and UpdateStack bring.
struct StackRequest {
  std::string name;
  std::string template_body;
  GivenParameters parameters;
  std::set<std::string, std::less<>> previous_parameters;  ///< UsePreviousValue, updates only
  bool uses_previous_template = false;                     ///< updates only
  Capabilities capabilities;
  json::Array tags;
  bool keeps_tags = false;  ///< updates only
  bool is_rollback_disabled = false;
  bool is_deleted_on_failure = false;  ///< creation only
  std::optional<bool> is_protected;    ///< creation only
  std::string policy;                  ///< "" for none, or as it was
  std::string policy_during_update;    ///< instead of the stack's own, "" for that; updates only
  std::string role_arn;                ///< "" for the caller, or as it was
  std::optional<json::Array> notification_arns;
  std::string change_set_id;  ///< of the change set that is executed
  /// StackRecord::event_count of the stack that the change set was made for.
  std::optional<std::uint64_t> made_against = {};
  std::int64_t timeout_ms = 0;         ///< creation only; 0 for none
  std::string client_token;            ///< ClientRequestToken, "" for none
  bool is_new_never_retained = false;  ///< RetainExceptOnCreate
};

/// What RollbackStack, ContinueUpdateRollback, CancelUpdateStack and DeleteStack bring.
struct ReturnRequest {
  std::string name;
  ResourceIds resources = {};          ///< RetainResources, ResourcesToSkip
  std::string role_arn = {};           ///< "" for the stack's, or else the caller
  std::string client_token = {};       ///< "" for none
  bool is_new_never_retained = false;  ///< RollbackStack's RetainExceptOnCreate
};

/// What a request would do, found out without doing it.
struct Preview {
  StackRecord record;  ///< as it is; of a stack that is to be made, its identity alone
  std::shared_ptr<const Blueprint> blueprint;
  UpdatePlan plan;  ///< of a stack that is to be made, one kAdd step a resource
  Revision revision;
  /// Neither resources nor template, parameters or tags would change.
  bool is_unchanged = false;
};

/// Every stack of every account and region. Any thread. A change of a stack is checked and recorded
/// before the call returns and then runs on the workers; while it does, another change of the stack
/// is refused.
class Stacks {
 public:
  explicit Stacks(StacksParts parts);

  /// Once, before the first request, when the other services are up: changes that a crash cut off
  /// are undone (a removal goes on), as the principal who began them. Where that cannot be known
  /// any more, because temporary credentials are not kept, the stack becomes a failed one, which
  /// may be rolled back or deleted.
  [[nodiscard]] Result<void> recover();
  /// Deployments end at their next call of a service; recover() finds their stacks. Stop the
  /// workers afterwards.
  void stop() { is_stopping_ = true; }

  /// What create() would do where there is no stack of that name or one in review, and update()
  /// else. ValidationError as theirs.
  [[nodiscard]] Result<Preview> preview(const aws::Call& call, StackRequest request) const;
  /// A stack of that name in REVIEW_IN_PROGRESS, made if there is none: what a change set of type
  /// CREATE stands on until it is executed. Its id.
  [[nodiscard]] Result<std::string> review(const aws::Call& call, const std::string& name);

  /// The new stack's id. A stack in review becomes the new one and keeps its id.
  [[nodiscard]] Result<std::string> create(const aws::Call& call, StackRequest request);
  /// The stack's id. ValidationError "No updates are to be performed." when nothing would change.
  [[nodiscard]] Result<std::string> update(const aws::Call& call, StackRequest request);
  /// Success when there is no such stack. A stack that is being made is given up and removed.
  [[nodiscard]] Result<void> remove(const aws::Call& call, const ReturnRequest& request);
  /// Takes an update back that is under way. ValidationError when none is.
  [[nodiscard]] Result<void> cancel_update(const aws::Call& call, const ReturnRequest& request);
  /// Goes on with a rollback that failed. ValidationError in any other state.
  [[nodiscard]] Result<void> continue_rollback(const aws::Call& call, const ReturnRequest& request);
  /// Rolls back what failed and was left so. The stack's id.
  [[nodiscard]] Result<std::string> roll_back(const aws::Call& call, const ReturnRequest& request);
  /// The stack's id.
  [[nodiscard]] Result<std::string> protect(const aws::Call& call, const std::string& name,
                                            bool is_protected);

  /// Sets the stack policy, which is known to be a sound one.
  [[nodiscard]] Result<void> set_policy(const aws::Call& call, const std::string& name,
                                        std::string policy);

  /// By name or id, as StackStore::load. A stack that is being changed is waited for a moment, by
  /// two callers at once at most: waiters look at once, and then again after half a minute.
  [[nodiscard]] Result<StackRecord> load_at_rest(const aws::Call& call,
                                                 const std::string& name_or_id) const;
  [[nodiscard]] const StackStore& records() const { return records_; }
  [[nodiscard]] ChangeSetStore& change_sets() { return change_sets_; }
  /// The API as the caller may use it, in the caller's region.
  [[nodiscard]] std::unique_ptr<ApiClient> client(const aws::Call& call) const {
    return parts_.clients(call.principal, call.region);
  }
  [[nodiscard]] DriftStore& drifts() { return drifts_; }
  [[nodiscard]] const DriftStore& drifts() const { return drifts_; }
  [[nodiscard]] Random& random() const { return parts_.random; }
  [[nodiscard]] const std::function<void(std::chrono::milliseconds)>& sleep() const {
    return parts_.sleep;
  }

 private:
  using Work = std::function<Result<void>(StackRun&)>;
  /// A change that is about to begin.
  struct Beginning {
    StackRecord record;                 ///< in progress
    std::optional<StackRecord> before;  ///< nothing for a stack that did not exist
    aws::Principal runner;
    std::int64_t timeout_ms = 0;
    Work work;
  };
  class Nested;
  Result<void> begin(Beginning beginning);
  Result<std::pair<std::shared_ptr<StackRun>, Work>> prepare(Beginning beginning);
  std::shared_ptr<StackRun> make_run(StackRecord& record, const aws::Principal& runner,
                                     std::int64_t timeout_ms);
  void execute(const std::shared_ptr<StackRun>& run, const StackIdentity& stack, const Work& work);
  Result<void> interrupt(StackRecord record);
  Result<void> resume(StackRecord record);
  Result<bool> waits_for_outer(const StackRecord& nested) const;
  Result<aws::Principal> runner_for(const aws::Call& call, const std::string& role_arn) const;
  std::shared_ptr<StackRun> running(const std::string& stack_id) const;
  /// The stack of that name in review, else a fresh record. AlreadyExistsException.
  Result<StackRecord> record_for(const aws::Call& call, const std::string& name) const;
  /// A request's template made ready.
  struct Drawn {
    std::shared_ptr<const Blueprint> blueprint;
    Revision revision;
  };
  Result<Drawn> draw(const aws::Principal& runner, const StackRecord& record,
                     const StackRequest& request) const;
  Result<Preview> preview_update(const aws::Principal& runner, StackRecord record,
                                 StackRequest request) const;

  StacksParts parts_;
  StackStore records_;
  ChangeSetStore change_sets_;
  DriftStore drifts_;
  std::atomic<bool> is_stopping_ = false;
  mutable std::atomic<int> waiting_ = 0;
  LaneBudget lane_budget_;
  std::mutex exports_mutex_;
  RunParts run_parts_;
  std::mutex mutex_;  ///< held while a change is checked and recorded
  std::map<std::string, std::shared_ptr<StackRun>, std::less<>> running_;  ///< by id
};

/// "stack/NAME/*" as a resource of a permission; every stack for an empty name.
[[nodiscard]] std::string stack_arn(const aws::Call& call, std::string_view name_or_id);

/// The CloudFormation API over these stacks.
[[nodiscard]] aws::Service make_service(Stacks& stacks);

}  // namespace stator::cloudformation
