#include "dynamodb/expr/token.hpp"

namespace stator::dynamodb::expr {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

template <class Predicate>
std::size_t span(std::string_view text, std::size_t from, Predicate holds) {
  std::size_t at = from;
  while (at < text.size() && holds(text[at])) ++at;
  return at - from;
}

std::size_t symbol_length(std::string_view rest) {
  for (const std::string_view two : {"<=", ">=", "<>"}) {
    if (rest.starts_with(two)) return 2;
  }
  return std::string_view("()[],.+-=<>").find(rest[0]) == std::string_view::npos ? 0 : 1;
}

Token next_token(std::string_view text, std::size_t at) {
  using Kind = Token::Kind;
  const auto make = [&](Kind kind, std::size_t length) {
    return Token{kind, text.substr(at, length), at};
  };
  const char c = text[at];
  if (is_letter(c)) return make(Kind::kIdentifier, span(text, at, is_word));
  if (is_digit(c)) return make(Kind::kNumber, span(text, at, is_digit));
  if (c == '#' || c == ':') {
    const std::size_t length = span(text, at + 1, is_word);
    if (length > 0) return make(c == '#' ? Kind::kNameRef : Kind::kValueRef, length + 1);
    return make(Kind::kUnknown, 1);
  }
  if (const std::size_t length = symbol_length(text.substr(at)); length > 0) {
    return make(Kind::kSymbol, length);
  }
  // A character outside ASCII is reported whole, not by its first byte.
  const auto is_continuation = [](char b) {
    return (static_cast<unsigned char>(b) & 0xc0) == 0x80;
  };
  return make(Kind::kUnknown, 1 + span(text, at + 1, is_continuation));
}

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  for (;;) {
    at += span(text, at, is_space);
    if (at >= text.size()) break;
    tokens.push_back(next_token(text, at));
    at += tokens.back().text.size();
  }
  tokens.push_back({Token::Kind::kEnd, {}, text.size()});
  return tokens;
}

}  // namespace stator::dynamodb::expr
