#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cloudformation/blueprint.hpp"
#include "cloudformation/update_plan.hpp"

namespace stator::cloudformation {

using Names = std::set<std::string, std::less<>>;

/// `value` with "****" wherever `declared`, from which it was resolved, refers to one of `hidden`;
/// all of it where nothing tells what it was resolved from and there is something to hide.
[[nodiscard]] json::Value veiled(const json::Value& value, const json::Value* declared,
                                 const Names& hidden);
/// Each property of `properties` veiled by its declaration; all of them when there is none.
[[nodiscard]] json::Object veiled_properties(const json::Object& properties,
                                             const Declaration* declared, const Names& hidden);

/// Finds out why a property differs. What it is built with outlives it.
class Causes {
 public:
  /// `changed` are the parameters whose values differ. `conditions` is the section of the template.
  Causes(const json::Object& conditions, Names changed)
      : conditions_(conditions), changed_(std::move(changed)) {}

  /// References to `logical_id` give another value than before.
  void made_anew(const std::string& logical_id) { made_anew_.insert(logical_id); }

  /// Of a property that was declared as `before` and is declared as `after`, null where it was or
  /// is not. Never empty: what has no other cause is a direct modification.
  [[nodiscard]] std::vector<Cause> of(const json::Value* before, const json::Value* after) const;

 private:
  void collect(const json::Value& value, std::vector<Cause>& causes, Names& seen) const;

  const json::Object& conditions_;
  Names changed_;
  Names made_anew_;
};

}  // namespace stator::cloudformation
