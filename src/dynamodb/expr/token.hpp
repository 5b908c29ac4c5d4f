#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace stator::dynamodb::expr {

struct Token {
  enum class Kind : std::uint8_t {
    kIdentifier,  ///< a letter, then letters, digits and '_'
    kNameRef,     ///< #name
    kValueRef,    ///< :value
    kNumber,      ///< digits
    kSymbol,      ///< ( ) [ ] , . + - and the comparators
    kUnknown,     ///< a character that begins no token; no grammar takes it
    kEnd,
  };
  Kind kind;
  std::string_view text;  ///< of the expression; empty for kEnd
  std::size_t offset;
};

/// The tokens of an expression, the last of which is kEnd. They view `text`.
[[nodiscard]] std::vector<Token> tokenize(std::string_view text);

}  // namespace stator::dynamodb::expr
