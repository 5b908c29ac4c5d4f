#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/value.hpp"

/// Expressions as trees. A parser makes them from text; the check that follows it replaces #names
/// and :values, so what reaches an evaluator is complete and has passed every rule that can be
/// judged without an item.
namespace stator::dynamodb::expr {

/// A step of a document path: a member's name or an element's index.
struct Step {
  std::string name;  ///< "" for an index
  std::uint32_t index = 0;
  bool is_index = false;
  bool operator==(const Step&) const = default;
};

using Path = std::vector<Step>;

/// "[a, b, [0]]", as AWS's messages show paths.
[[nodiscard]] std::string to_string(const Path& path);

/// One node of any expression that computes something.
struct Node {
  enum class Kind : std::uint8_t {
    // Operands.
    kPath,
    kValue,
    kFunction,
    kPlus,
    kMinus,
    // Conditions; a function may stand for one too.
    kCompare,
    kBetween,
    kIn,
    kAnd,
    kOr,
    kNot,
  };
  Kind kind = Kind::kPath;
  std::string text = {};         ///< a function's name, a comparator, or ":value"
  Path path = {};                ///< for kPath
  const Value* value = nullptr;  ///< for kValue: lives in the request's ExpressionAttributeValues
  std::vector<Node> args = {};
  bool is_parenthesized = false;

  [[nodiscard]] bool is_operand() const { return kind <= Kind::kMinus; }
  [[nodiscard]] bool is_condition() const { return kind >= Kind::kCompare; }
};

/// One action of an update expression.
struct Action {
  enum class Kind : std::uint8_t { kSet, kRemove, kAdd, kDelete };
  Kind kind;
  Path path;
  Node operand = {};  ///< what is set, added or deleted; nothing for kRemove
};

struct Update {
  std::vector<Action> actions;
  bool is_legacy = false;  ///< made of AttributeUpdates, whose type errors have other words
};

using Projection = std::vector<Path>;

}  // namespace stator::dynamodb::expr
