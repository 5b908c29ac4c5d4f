#pragma once

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"

namespace stator::dynamodb::expr {

/// The item after a checked update. Every operand is read from `before`, and indexes of lists mean
/// elements of `before` whatever the order of the actions: elements are set, then appended in the
/// order of their indexes, then removed. A ValidationException where a path leads nowhere, an
/// operand is missing or of the wrong type, or a number or nesting leaves its bounds.
[[nodiscard]] Result<Item> apply(const Update& update, const Item& before);

/// An update that only takes away creates no item where there was none.
[[nodiscard]] bool only_removes(const Update& update);

}  // namespace stator::dynamodb::expr
