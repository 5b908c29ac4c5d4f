#pragma once

#include <vector>

#include "base/result.hpp"
#include "dynamodb/partiql/ast.hpp"
#include "dynamodb/value.hpp"

namespace stator::dynamodb::partiql {

/// Whether the expression is a literal of any kind or a parameter.
[[nodiscard]] bool is_literal(const Expression& expression);

/// The value of a literal or parameter; AWS's error for what is none, names a value that cannot be
/// stored, or has a parameter inside a collection.
[[nodiscard]] Result<Value> literal_value(const Expression& expression,
                                          const std::vector<Value>& parameters);

/// The item of an INSERT: a tuple whose members may be parameters.
[[nodiscard]] Result<Map> literal_item(const Expression& expression,
                                       const std::vector<Value>& parameters);

}  // namespace stator::dynamodb::partiql
