#pragma once

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/table.hpp"

/// Keys of tables and indexes are scalars, so no path of an expression may lead into one. Each
/// answers AWS's error for the first that does.
namespace stator::dynamodb {

[[nodiscard]] Result<void> check_key_paths(const Table& table, const expr::Projection& projection);
/// Every path at or below the node.
[[nodiscard]] Result<void> check_key_paths(const Table& table, const expr::Node& node);
[[nodiscard]] Result<void> check_key_paths(const Table& table, const expr::Update& update);

}  // namespace stator::dynamodb
