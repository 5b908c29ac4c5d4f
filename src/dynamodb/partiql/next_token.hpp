#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dynamodb/value.hpp"

namespace stator::dynamodb::partiql {

/// Where a SELECT goes on.
struct Continuation {
  std::size_t read = 0;  ///< which of the statement's reads
  Map key = {};          ///< the last key that was read in it; empty: from its beginning
};

/// Tells statements apart: its text, its parameters and what it reads.
struct StatementIdentity {
  std::string_view text;
  const std::vector<Value>& parameters;
  std::uint64_t place = 0;  ///< the id of the table or index
};

/// An opaque text that is good for this statement and no other.
[[nodiscard]] std::string write_next_token(const StatementIdentity& identity, std::size_t read,
                                           std::string_view key_json);
/// "Invalid NextToken" for what was not written for this statement.
[[nodiscard]] Result<Continuation> read_next_token(const StatementIdentity& identity,
                                                   std::string_view token);

}  // namespace stator::dynamodb::partiql
