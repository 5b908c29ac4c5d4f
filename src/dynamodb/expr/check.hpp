#pragma once

#include "dynamodb/expr/parser_base.hpp"

/// What AWS judges of an expression before it looks at any item. Each check also replaces names and
/// values in the tree.
namespace stator::dynamodb::expr {

[[nodiscard]] Result<void> check_condition(Wording wording, bool has_redundant_parentheses,
                                           Node& root, Placeholders& placeholders);

/// `repeated_section` is the first section that came twice, or "".
[[nodiscard]] Result<void> check_update(Wording wording, std::string_view repeated_section,
                                        Update& update, Placeholders& placeholders);

[[nodiscard]] Result<void> check_projection(Wording wording, Projection& projection,
                                            Placeholders& placeholders);

}  // namespace stator::dynamodb::expr
