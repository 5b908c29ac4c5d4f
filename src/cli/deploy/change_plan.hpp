#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// What is done about one property, as a change set says it.
struct PlannedProperty {
  std::string path;  ///< "KeySchema", "Environment/Variables/STAGE"
  std::string before, after;
  bool has_before = false, has_after = false;
  bool recreates = false;      ///< this property is why the resource is replaced, or may be
  std::string causing_entity;  ///< "Table.Arn", "StageParameter"; "" for the template itself
};

/// What a change set does to one resource.
struct PlannedChange {
  enum class Kind : std::uint8_t { kAdd, kChange, kReplace, kMayReplace, kRemove, kImport };

  Kind kind = Kind::kAdd;
  std::string logical_id, physical_id, type;
  std::vector<PlannedProperty> properties;
  bool is_kept = false;  ///< what would go stays outside the stack, as its policy says
};

struct ChangePlan {
  std::vector<PlannedChange> changes;

  [[nodiscard]] std::size_t count(PlannedChange::Kind kind) const;
};

/// Adds the changes of a page of DescribeChangeSet's answer.
void read_changes(const json::Object& answer, ChangePlan& plan);

/// Whether a resource of that type keeps what cannot be made again from a template.
[[nodiscard]] bool holds_data(std::string_view type);

/// Whether the change loses data: it removes or replaces, or may replace, a resource that holds
/// some, and no policy keeps the old one.
[[nodiscard]] bool loses_data(const PlannedChange& change);

/// The plan for a person: a line for each resource, below it its properties that change and, of a
/// replacement, why it is one.
void print_plan(std::ostream& out, const ChangePlan& plan, bool has_colour);

/// "2 to add, 1 to change"
[[nodiscard]] std::string summary_of(const ChangePlan& plan);

/// Which data the plan loses, a line each; "" when it loses none.
[[nodiscard]] std::string warning_of(const ChangePlan& plan);

}  // namespace stator::cli
