#pragma once

#include <optional>

#include "dynamodb/expr/ast.hpp"
#include "dynamodb/item_codec.hpp"

namespace stator::dynamodb::expr {

/// What lies at the end of a document path, if anything.
[[nodiscard]] std::optional<EncodedValue> find(const EncodedItem& item, const Path& path);

/// Whether a checked condition holds for an item. An operand that is not there makes every
/// comparison false but <>, as does a pair of different types.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
[[nodiscard]] bool holds(const Node& condition, const EncodedItem& item);

}  // namespace stator::dynamodb::expr
