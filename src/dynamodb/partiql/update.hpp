#pragma once

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/partiql/condition.hpp"

namespace stator::dynamodb::partiql {

/// SET and REMOVE as an update of the engine, checked by AWS's rules for updates. set_add() and
/// set_delete() become ADD and DELETE.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html
[[nodiscard]] Result<expr::Update> to_update(const std::vector<Assignment>& assignments,
                                             const Scope& scope);

}  // namespace stator::dynamodb::partiql
