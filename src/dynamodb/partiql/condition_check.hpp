#pragma once

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"

/// The rules for operands of conditions that need no item: AWS's words are those of condition
/// expressions, without the name of a parameter before them.
namespace stator::dynamodb::partiql {

[[nodiscard]] Result<void> check_comparison(const expr::Node& node);
[[nodiscard]] Result<void> check_between(const expr::Node& node);
[[nodiscard]] Result<void> check_function(const expr::Node& node);
/// The first operand may not come again.
[[nodiscard]] Result<void> check_distinct(const expr::Node& node);

}  // namespace stator::dynamodb::partiql
