#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/blueprint.hpp"
#include "cloudformation/resource_type.hpp"
#include "cloudformation/stack_record.hpp"

namespace stator::cloudformation {

enum class Action { kKeep, kAdd, kUpdate, kReplace };

/// A property that differs. Values are as they will be; what only a resource that is still to be
/// made can give stands as "{{changeSet:KNOWN_AFTER_APPLY}}".
struct PropertyChange {
  std::string name;
  OnChange on_change = OnChange::kInPlace;
  std::optional<json::Value> before, after;  ///< nothing where it is absent
  /// Only because of resources that are made anew: it may turn out to be no change.
  bool is_dynamic = false;
  std::vector<std::string> causes;  ///< logical ids and parameters that it comes from
};

struct Step {
  const Declaration* resource;
  Action action;
  std::vector<PropertyChange> changes;  ///< of kUpdate and kReplace
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
