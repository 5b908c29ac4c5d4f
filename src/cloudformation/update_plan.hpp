#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/blueprint.hpp"
#include "cloudformation/stack_record.hpp"

namespace stator::cloudformation {

enum class Action { kKeep, kAdd, kUpdate, kReplace };

struct Step {
  const Declaration* resource;
  Action action;
};

/// What an update does, in order; then `removed` goes, in that order.
struct UpdatePlan {
  std::vector<Step> steps;
  std::vector<std::string> removed;  ///< logical ids, the last made first

  [[nodiscard]] bool changes_resources() const;
};

/// Compares the blueprint with what the stack has. ValidationError naming resource and property for
/// a change that can be made neither in place nor by replacement.
[[nodiscard]] Result<UpdatePlan> plan_update(const Blueprint& blueprint, const StackRecord& record);

}  // namespace stator::cloudformation
