#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "cloudformation/api_client.hpp"
#include "cloudformation/blueprint.hpp"
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
  bool is_rollback_disabled = false;
};

/// Every stack of every account and region. Any thread. A change of a stack is checked and recorded
/// before the call returns and then runs on the workers; while it does, another change of the stack
/// is refused.
class Stacks {
 public:
  explicit Stacks(StacksParts parts);

  /// Once, before the first request: stacks that a crash left in progress become failed ones, which
  /// may be deleted.
  [[nodiscard]] Result<void> recover();
  /// Deployments end after the resource they are at; recover() finds their stacks. Stop the workers
  /// afterwards.
  void stop() { is_stopping_ = true; }

  /// The new stack's id.
  [[nodiscard]] Result<std::string> create(const aws::Call& call, StackRequest request);
  /// The stack's id. ValidationError "No updates are to be performed." when nothing would change.
  [[nodiscard]] Result<std::string> update(const aws::Call& call, StackRequest request);
  /// Success when there is no such stack.
  [[nodiscard]] Result<void> remove(const aws::Call& call, const std::string& name);

  [[nodiscard]] const StackStore& records() const { return records_; }

 private:
  using Work = std::function<Result<void>(StackRun&)>;
  Result<void> begin(const aws::Call& call, StackRecord record,
                     const std::optional<StackRecord>& before, Work work);
  Result<void> interrupt(StackRecord record);

  StacksParts parts_;
  StackStore records_;
  std::atomic<bool> is_stopping_ = false;
  RunParts run_parts_;
  std::mutex mutex_;  ///< held while a change is checked and recorded
};

/// "stack/NAME/*" as a resource of a permission; every stack for an empty name.
[[nodiscard]] std::string stack_arn(const aws::Call& call, std::string_view name_or_id);

/// The CloudFormation API over these stacks.
[[nodiscard]] aws::Service make_service(Stacks& stacks);

}  // namespace stator::cloudformation
