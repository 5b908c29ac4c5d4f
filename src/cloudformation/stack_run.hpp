#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "cloudformation/api_client.hpp"
#include "cloudformation/blueprint.hpp"
#include "cloudformation/stack_store.hpp"
#include "cloudformation/update_plan.hpp"

namespace stator::cloudformation {

struct RunParts {
  StackStore& stacks;
  const Clock& clock;
  Random& random;
  std::function<void(std::chrono::milliseconds)> sleep;
  const std::atomic<bool>& is_stopping;
};

/// What a successful update puts in the record's place.
struct Revision {
  std::string template_body;
  std::string description;
  json::Object parameters;
  json::Array hidden_parameters;
  json::Array capabilities;
  json::Array tags;
};

/// Carries one stack from one state to the next, one resource after the other, keeping the record
/// and its events up to date before and after each step. Blocks; on one worker thread. The record
/// is in progress already. An error of these calls means that the store failed or the server is
/// stopping, and the stack is left as it is for Stacks::recover(); what goes wrong with a resource
/// is in the stack's status instead.
class StackRun {
 public:
  StackRun(const RunParts& parts, StackRecord record, std::unique_ptr<ApiClient> api);

  /// Ends CREATE_COMPLETE; else, all made resources removed, ROLLBACK_COMPLETE (or _FAILED), or
  /// CREATE_FAILED where the stack forgoes rollback.
  [[nodiscard]] Result<void> create(const Blueprint& blueprint);

  /// Ends UPDATE_COMPLETE, or with every resource as it was UPDATE_ROLLBACK_COMPLETE (or _FAILED).
  [[nodiscard]] Result<void> update(const Blueprint& blueprint, const UpdatePlan& plan,
                                    Revision revision);

  /// Removes what is not retained, the last made first: DELETE_COMPLETE or DELETE_FAILED.
  [[nodiscard]] Result<void> remove();

 private:
  /// A step of an update that was begun, with what undoing it needs.
  struct Undo {
    std::string logical_id;
    Action action;
    ResourceRecord before;
  };
  /// Whether a resource's step succeeded; an error only for what ends the run.
  using Outcome = Result<bool>;

  Result<void> set_status(std::string status, std::string reason = "");
  Result<void> note(ResourceRecord& resource, std::string status, std::string reason = "");
  Result<void> check_running() const;
  ResourceContext context_for(ResourceRecord& resource);

  Outcome make(const Declaration& declaration, const Scope& scope);
  Outcome take_step(const Step& step, const Scope& scope, std::vector<Undo>& done);
  Outcome change(const Declaration& declaration, const Scope& scope);
  Outcome replace(const Declaration& declaration, const Scope& scope);
  Outcome remove_resource(ResourceRecord& resource);
  Outcome remove_named(const std::string& logical_id);
  Outcome remove_leftovers();
  Outcome remove_all();
  Outcome undo(const Undo& undo);
  Result<void> roll_back_update(std::vector<Undo>& done);
  Result<void> finish_update(const Blueprint& blueprint, const UpdatePlan& plan, Revision revision);

  [[nodiscard]] Scope live_scope(const Blueprint& blueprint) const;
  Result<json::Array> outputs(const Blueprint& blueprint, const Scope& scope) const;

  const RunParts& parts_;
  StackRecord record_;
  std::unique_ptr<ApiClient> api_;
  std::string failed_;  ///< logical ids of the resources that failed in this phase
};

}  // namespace stator::cloudformation
