#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb::expr {

/// One attribute compared with literals: what a key condition is made of.
struct KeyTerm {
  std::string attribute;
  std::string operation;  ///< =, <, <=, >, >=, BETWEEN or begins_with
  const Value* low = nullptr;
  const Value* high = nullptr;  ///< for BETWEEN
};

/// The terms of a checked condition, or AWS's error for what no key condition may contain. Judged
/// without the table.
[[nodiscard]] Result<std::vector<KeyTerm>> key_terms(const Node& condition);

/// What terms come to on one key schema: all partition attributes by =, sort attributes from the
/// left by =, and maybe one more sort attribute by any term.
struct KeyCondition {
  std::vector<const Value*> partition = {};
  std::vector<const Value*> sort = {};
  std::optional<KeyTerm> last = {};  ///< on the sort attribute after those of `sort`
};
[[nodiscard]] Result<KeyCondition> bind(const std::vector<KeyTerm>& terms, const KeySchema& schema);

/// The keys that can match, all of which do: in Family::kItems, or in Family::kIndex for an index.
[[nodiscard]] storage::Range key_range(const Table& table, const Index* index,
                                       const KeyCondition& condition);

}  // namespace stator::dynamodb::expr
