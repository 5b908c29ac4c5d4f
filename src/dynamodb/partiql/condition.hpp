#pragma once

#include <deque>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/partiql/ast.hpp"

namespace stator::dynamodb::partiql {

/// What a statement's expressions are translated with. `values` is where the trees' literals live:
/// it outlives them, and never moves an element.
struct Scope {
  const std::vector<Value>& parameters;
  std::deque<Value>& values;
};

/// A WHERE clause as a condition of the engine, checked by AWS's rules for conditions. IS becomes
/// attribute_type() or attribute_not_exists(), and a condition that is compared with a boolean
/// becomes conditions alone.
[[nodiscard]] Result<expr::Node> to_condition(const Expression& where, const Scope& scope);

[[nodiscard]] expr::Node path_node(expr::Path path);
[[nodiscard]] expr::Node value_node(Value value, const Scope& scope);
/// `name(path)`, as attribute_exists is called.
[[nodiscard]] expr::Node function_node(std::string name, expr::Path path);
/// AND or OR of two conditions.
[[nodiscard]] expr::Node join_nodes(expr::Node::Kind kind, expr::Node left, expr::Node right);

[[nodiscard]] Error unrecognized_function(const Expression& call);
[[nodiscard]] Error wrong_operand_count(std::string_view function, std::size_t count);
[[nodiscard]] Error wrong_operand_type(std::string_view function, std::string_view type);
[[nodiscard]] Error needs_document_path(std::string_view function);
/// Refuses a path of which another is a part, and two that take one attribute for map and list.
[[nodiscard]] Result<void> check_overlap(const std::vector<const expr::Path*>& paths);

}  // namespace stator::dynamodb::partiql
