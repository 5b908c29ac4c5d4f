#pragma once

#include <string_view>

#include "base/result.hpp"
#include "dynamodb/partiql/ast.hpp"

namespace stator::dynamodb::partiql {

/// Expressions inside each other.
inline constexpr int kDepthMax = 100;
/// Operators and functions of one statement.
inline constexpr std::size_t kOperatorsMax = 300;
inline constexpr std::size_t kPathStepsMax = 32;

/// Reads one statement. All errors are ValidationExceptions; most begin with "Statement wasn't well
/// formed, can't be processed: ".
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
[[nodiscard]] Result<Statement> parse_statement(std::string_view text);

}  // namespace stator::dynamodb::partiql
