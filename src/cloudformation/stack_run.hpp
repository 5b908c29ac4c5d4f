#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "cloudformation/api_client.hpp"
#include "cloudformation/blueprint.hpp"
#include "cloudformation/lanes.hpp"
#include "cloudformation/ledger.hpp"
#include "cloudformation/nested.hpp"
#include "cloudformation/resource_steps.hpp"
#include "cloudformation/revision.hpp"
#include "cloudformation/stack_store.hpp"
#include "cloudformation/update_plan.hpp"

namespace stator::cloudformation {

struct RunParts {
  StackStore& stacks;
  const Clock& clock;
  Random& random;
  std::function<void(std::chrono::milliseconds)> sleep;
  const std::atomic<bool>& is_stopping;
  LaneOptions lanes;
  std::mutex& exports;  ///< held while exports are checked and put in force
  CustomResponses* responses = nullptr;
};

/// Logical ids that a request names.
using ResourceIds = std::set<std::string, std::less<>>;

/// Carries one stack from one state to the next, resources that do not depend on one another side
/// by side, keeping the record and its events up to date before and after each step. One call,
/// which blocks, and halt() and status() from any thread beside it. The record is in progress
/// already. An error means that the store failed or the server is stopping, and the stack is left
/// as it is for resume(); what goes wrong with a resource is in the stack's status instead.
class StackRun {
 public:
  /// What the run works through.
  struct Doors {
    std::function<std::unique_ptr<ApiClient>()> clients;
    std::unique_ptr<NestedStacks> nested;
  };

  /// `timeout_ms` 0: none.
  StackRun(const RunParts& parts, StackRecord record, Doors doors, std::int64_t timeout_ms = 0);

  [[nodiscard]] const StackIdentity& identity() const { return ledger_.identity(); }
  /// The run of a nested stack is halted with that of the outer one, which outlives it.
  void follow(StackRun* outer) { outer_ = outer; }

  /// Ends CREATE_COMPLETE; else as the record's OnFailure says: with every resource removed
  /// ROLLBACK_COMPLETE (or _FAILED) or DELETE_COMPLETE (or _FAILED), or CREATE_FAILED with what was
  /// made.
  [[nodiscard]] Result<void> create(const Blueprint& blueprint);

  /// Ends UPDATE_COMPLETE, or with every resource as it was UPDATE_ROLLBACK_COMPLETE (or _FAILED),
  /// or UPDATE_FAILED where the record forgoes rollback.
  /// With kLater a success ends UPDATE_COMPLETE_CLEANUP_IN_PROGRESS, where finish() and roll_back()
  /// go on.
  enum class Finish { kNow, kLater };
  [[nodiscard]] Result<void> update(const Blueprint& blueprint, const UpdatePlan& plan,
                                    const Revision& revision, Finish finish = Finish::kNow);
  /// Removes what an update replaced or no longer has: UPDATE_COMPLETE.
  [[nodiscard]] Result<void> finish();

  /// Removes what is neither retained nor in `retained`, dependents first: DELETE_COMPLETE or
  /// DELETE_FAILED.
  [[nodiscard]] Result<void> remove(const ResourceIds& retained = {});

  /// Takes a stack that is being rolled back on to where it was: ROLLBACK_COMPLETE (or _FAILED)
  /// from ROLLBACK_IN_PROGRESS, UPDATE_ROLLBACK_COMPLETE (or _FAILED) from
  /// UPDATE_ROLLBACK_IN_PROGRESS. Of `skipped` it is taken on trust that they are as they were.
  [[nodiscard]] Result<void> roll_back(const ResourceIds& skipped = {});

  /// Ends a change that was cut off, in whatever state it stands: what was to be made is undone,
  /// what was to be removed goes on being removed.
  [[nodiscard]] Result<void> resume();

  [[nodiscard]] Result<bool> halt(Halt why) { return ledger_.halt(why); }

 private:
  Result<void> give_up_creation(const std::string& why);
  Result<void> give_up_update(const std::string& why, const Revision* revision);
  Result<void> roll_back_creation();
  Result<void> roll_back_update(const ResourceIds& skipped);
  Result<bool> restore_all(const StackRecord& baseline, const ResourceIds& skipped);
  Result<void> return_to(const StackRecord& baseline);
  Result<void> clean_up(const std::string& status);
  Result<bool> remove_all(const ResourceIds& retained, bool leftovers_only);
  Result<bool> commit_creation(const json::Array& outputs);
  Result<bool> commit_update(const Blueprint& blueprint, const Revision& revision,
                             const json::Array& outputs, Finish finish);
  std::string why_halted(const ResourceSteps& steps, const std::string& verb) const;
  Result<bool> take_steps(const UpdatePlan& plan, const Scope& scope, ResourceSteps& steps);
  [[nodiscard]] Action action_now(const Declaration& resource, const Scope& scope) const;
  void watch();
  bool is_halted();

  [[nodiscard]] Scope live_scope(const Blueprint& blueprint) const;
  static Result<json::Array> outputs(const Blueprint& blueprint, const Scope& scope);

  const RunParts& parts_;
  Ledger ledger_;
  Doors doors_;
  StepParts step_parts_;
  StackRun* outer_ = nullptr;
  const SteadyTime begun_;
  const std::int64_t timeout_ms_;
  std::string failed_;  ///< of the last phase: "A, B"
};

}  // namespace stator::cloudformation
