#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/expr/placeholders.hpp"

/// From an expression's text to a checked tree. All errors are ValidationExceptions in AWS's words,
/// beginning with "Invalid <kind>: ", and come in AWS's order: syntax anywhere in the expression
/// before misuse anywhere, that before names and values that are not defined.
namespace stator::dynamodb::expr {

inline constexpr std::size_t kExpressionBytesMax = 4'096;
inline constexpr std::size_t kOperatorsMax = 300;
/// Parentheses, NOTs and functions inside each other.
inline constexpr int kDepthMax = 100;
inline constexpr std::size_t kPathStepsMax = 32;

/// `kind` is the parameter's name: "ConditionExpression", "FilterExpression" or
/// "KeyConditionExpression".
[[nodiscard]] Result<Node> parse_condition(std::string_view kind, std::string_view text,
                                           Placeholders& placeholders);
[[nodiscard]] Result<Update> parse_update(std::string_view text, Placeholders& placeholders);
[[nodiscard]] Result<Projection> parse_projection(std::string_view text,
                                                  Placeholders& placeholders);

}  // namespace stator::dynamodb::expr
