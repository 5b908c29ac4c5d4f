#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"
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

/// The key condition of one table: a partition, and maybe a term on its sort key.
struct KeyCondition {
  const Value* partition = nullptr;
  std::optional<KeyTerm> sort;
};
[[nodiscard]] Result<KeyCondition> bind(const std::vector<KeyTerm>& terms, const Table& table);

/// The keys that can match, all of which do.
[[nodiscard]] storage::Range key_range(TableId table, const KeyCondition& condition);

}  // namespace stator::dynamodb::expr
