#pragma once

#include "dynamodb/expr/parser_base.hpp"

/// What the checks of the three kinds of expression share.
namespace stator::dynamodb::expr {

/// Calls `visit` for the node and everything below it, parents first.
template <class SomeNode, class Visit>
void walk(SomeNode& node, const Visit& visit) {
  visit(node);
  for (auto& argument : node.args) walk(argument, visit);
}

[[nodiscard]] Result<void> check_reserved(Wording wording, const Path& path);
[[nodiscard]] Result<void> resolve_names(Wording wording, Path& path, Placeholders& placeholders);
/// Names of every path at or below `node`.
[[nodiscard]] Result<void> resolve_names(Wording wording, Node& node, Placeholders& placeholders);
[[nodiscard]] Result<void> resolve_values(Wording wording, Node& node, Placeholders& placeholders);
/// Refuses paths of which one is another or lies inside it, and paths that take one attribute for a
/// map and a list.
[[nodiscard]] Result<void> check_overlap(Wording wording, const std::vector<const Path*>& paths);

/// The type of a :value; nothing for any other operand, whose type only an item tells.
[[nodiscard]] std::optional<Type> literal_type(const Node& node);

[[nodiscard]] Error wrong_operand_type(Wording wording, std::string_view function,
                                       std::string_view type);
[[nodiscard]] Error wrong_operand_count(Wording wording, const Node& function);
[[nodiscard]] Error needs_document_path(Wording wording, std::string_view function);

}  // namespace stator::dynamodb::expr
