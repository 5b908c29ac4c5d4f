#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::dynamodb::partiql {

/// Where a token stands in its statement: line and column from 1, counted in characters.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t length = 0;
};

/// " at 1:8:4", as AWS's messages end.
[[nodiscard]] std::string at(const Position& position);

struct Token {
  enum class Kind : std::uint8_t {
    kIdentifier,  ///< a name that is no keyword; quotes make any text one
    kKeyword,     ///< `text` in lower case
    kString,      ///< 'text', unescaped
    kNumber,      ///< as written, without a sign
    kSymbol,      ///< punctuation and operators; != is <> here
    kParameter,   ///< ?
    kEnd,
  };
  Kind kind = Kind::kEnd;
  std::string text = {};
  Position position = {};
  bool is_quoted = false;
};

/// The tokens of a statement, the last of which is kEnd; comments are left out. The error of a
/// statement that is not well formed when a character, string, comment or number cannot be read.
[[nodiscard]] Result<std::vector<Token>> tokenize(std::string_view text);

/// Words that are no names unless they are quoted; `word` in lower case.
[[nodiscard]] bool is_keyword(std::string_view word);

/// "Statement wasn't well formed, can't be processed: <detail>"
[[nodiscard]] Error not_well_formed(std::string_view detail);

}  // namespace stator::dynamodb::partiql
