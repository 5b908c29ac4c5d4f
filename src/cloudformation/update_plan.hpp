#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/blueprint.hpp"
#include "cloudformation/resource_type.hpp"
#include "cloudformation/stack_record.hpp"

namespace stator::cloudformation {

enum class Action { kKeep, kAdd, kUpdate, kReplace };

/// What stands for a value that only a resource which is still to be made can give.
inline constexpr const char* kKnownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}";

enum class ChangeSource {
  kDirectModification,  ///< the template says something else
  kParameterReference,  ///< a parameter has another value
  kResourceReference,   ///< Ref of a resource that is made anew
  kResourceAttribute,   ///< Fn::GetAtt of a resource that is made anew
};

struct Cause {
  ChangeSource source;
  std::string entity;  ///< "Parameter", "Resource" or "Resource.Attribute"; "" for the template

  bool operator==(const Cause&) const = default;
};

/// A property that differs. Values are as they will be and as they may be shown: what comes from a
/// parameter with NoEcho stands as "****".
struct PropertyChange {
  std::string name;
  OnChange on_change = OnChange::kInPlace;
  std::optional<json::Value> before, after;  ///< nothing where it is absent
  /// Only because of resources that are made anew: it may turn out to be no change.
  bool is_dynamic = false;
  std::vector<Cause> causes;  ///< at least one
};

struct Step {
  const Declaration* resource;
  Action action;
  std::vector<PropertyChange> changes = {};  ///< of kUpdate and kReplace
  json::Object properties = {};              ///< all of them, as they may be shown
};

/// What an update does, in order; then `removed` goes, in that order.
struct UpdatePlan {
  std::vector<Step> steps;
  std::vector<std::string> removed;  ///< logical ids, the last made first
  /// What the stack has before the update, by logical id, as it may be shown.
  std::map<std::string, json::Object, std::less<>> before = {};

  [[nodiscard]] bool changes_resources() const;
};

/// Compares the blueprint with what the stack has. ValidationError naming resource and property for
/// a change that can be made neither in place nor by replacement.
[[nodiscard]] Result<UpdatePlan> plan_update(const Blueprint& blueprint, const StackRecord& record);

}  // namespace stator::cloudformation
