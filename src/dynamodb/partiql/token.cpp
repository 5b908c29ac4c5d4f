#include "dynamodb/partiql/token.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"

namespace stator::dynamodb::partiql {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_word(char c) {
  return begins_word(c) || is_digit(c);
}

/// PartiQL keeps a number's scale (digits after the point less the exponent) in 32 bits and cannot
/// read a literal whose exponent or scale does not fit.
bool fits_scale(std::string_view number) {
  const auto e = number.find_first_of("eE");
  const auto point = number.substr(0, e).find('.');
  std::int64_t scale = point == std::string_view::npos
                           ? 0
                           : static_cast<std::int64_t>(number.substr(0, e).size() - point - 1);
  if (e != std::string_view::npos) {
    std::string_view digits = number.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::int32_t exponent = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc() || end != digits.data() + digits.size()) return false;
    scale -= exponent;
  }
  return scale >= std::numeric_limits<std::int32_t>::min() &&
         scale <= std::numeric_limits<std::int32_t>::max();
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    for (;;) {
      STATOR_TRY_VOID(skip_blanks());
      start_ = at_;
      position_ = {line_, column_, 0};
      if (at_ == text_.size()) break;
      STATOR_TRY(auto token, next());
      token.position = position_;
      token.position.length = characters(text_.substr(start_, at_ - start_));
      tokens_.push_back(std::move(token));
    }
    tokens_.push_back({Token::Kind::kEnd, {}, position_});
    return std::move(tokens_);
  }

 private:
  static std::uint32_t characters(std::string_view text) {
    return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
  }

  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool rest_begins(std::string_view prefix) const {
    return text_.substr(at_).starts_with(prefix);
  }

  void advance(std::size_t bytes) {
    for (const std::size_t end = at_ + bytes; at_ < end; ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        column_ = 1;
      } else if ((static_cast<unsigned char>(text_[at_]) & 0xc0) != 0x80) {
        ++column_;
      }
    }
  }

  Result<void> skip_blanks() {
    for (;;) {
      if (is_space(peek())) {
        advance(1);
      } else if (rest_begins("--")) {
        advance(std::min(text_.find('\n', at_), text_.size()) - at_);
      } else if (rest_begins("/*")) {
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return not_well_formed("");
        advance(end + 2 - at_);
      } else {
        return {};
      }
    }
  }

  Result<Token> next() {
    const char c = peek();
    if (begins_word(c)) return word();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '\'') return quoted(Token::Kind::kString);
    if (c == '"') return quoted(Token::Kind::kIdentifier);
    return symbol();
  }

  Result<Token> word() {
    std::size_t length = 1;
    while (is_word(peek(length))) ++length;
    const std::string_view text = text_.substr(at_, length);
    advance(length);
    const std::string lower = to_lower(text);
    if (is_keyword(lower)) return Token{Token::Kind::kKeyword, lower};
    return Token{Token::Kind::kIdentifier, std::string(text)};
  }

  Result<Token> number() {
    std::size_t length = 0;
    const auto take_digits = [&] {
      while (is_digit(peek(length))) ++length;
    };
    take_digits();
    if (peek(length) == '.') {
      ++length;
      take_digits();
    }
    if (peek(length) == 'e' || peek(length) == 'E') {
      ++length;
      if (peek(length) == '+' || peek(length) == '-') ++length;
      if (!is_digit(peek(length))) return not_well_formed("");
      take_digits();
    }
    if (is_word(peek(length))) return not_well_formed("");
    const std::string_view text = text_.substr(at_, length);
    advance(length);
    if (!fits_scale(text)) return not_well_formed("");
    return Token{Token::Kind::kNumber, std::string(text)};
  }

  /// A quote inside is written twice.
  Result<Token> quoted(Token::Kind kind) {
    const char quote = peek();
    Token token{kind};
    token.is_quoted = true;
    advance(1);
    for (;;) {
      const auto end = text_.find(quote, at_);
      if (end == std::string_view::npos) return not_well_formed("");
      token.text.append(text_, at_, end - at_);
      advance(end + 1 - at_);
      if (peek() != quote) return token;
      token.text.push_back(quote);
      advance(1);
    }
  }

  Result<Token> symbol() {
    for (const std::string_view two : {"<<", ">>", "<=", ">=", "<>", "!=", "||"}) {
      if (!rest_begins(two)) continue;
      advance(2);
      return Token{Token::Kind::kSymbol, two == "!=" ? "<>" : std::string(two)};
    }
    const char c = peek();
    if (std::string_view("()[]{},.:;+-*/%=<>@").find(c) != std::string_view::npos) {
      advance(1);
      return Token{Token::Kind::kSymbol, std::string(1, c)};
    }
    if (c != '?') return not_well_formed("");
    advance(1);
    return Token{Token::Kind::kParameter, "?"};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  Position position_;
  std::vector<Token> tokens_;
};

}  // namespace

std::string at(const Position& position) {
  return " at " + std::to_string(position.line) + ":" + std::to_string(position.column) + ":" +
         std::to_string(position.length);
}

Result<std::vector<Token>> tokenize(std::string_view text) {
  return Lexer(text).run();
}

Error not_well_formed(std::string_view detail) {
  return validation("Statement wasn't well formed, can't be processed: " + std::string(detail));
}

}  // namespace stator::dynamodb::partiql
