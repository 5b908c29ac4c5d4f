#include "logs/patterns/scanner.hpp"

#include <algorithm>
#include <utility>

#include "logs/errors.hpp"

namespace stator::logs::patterns {

namespace {

constexpr std::string_view kSpaces = " \t\r\n";

}  // namespace

void Scanner::skip_spaces() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpaces), rest_.size()));
}

bool Scanner::take(std::string_view text) {
  if (!is_at(text)) return false;
  skip(text.size());
  return true;
}

std::string_view Scanner::take_while(bool (*is_wanted)(char)) {
  const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_wanted);
  const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
  skip(taken.size());
  return taken;
}

Result<std::string> Scanner::take_quoted() {
  std::string text;
  for (std::size_t i = 1; i < rest_.size(); ++i) {
    if (rest_[i] == '"') {
      skip(i + 1);
      return text;
    }
    if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
    text.push_back(rest_[i]);
  }
  return invalid_pattern("a quote is not closed");
}

Result<std::string_view> Scanner::take_percents() {
  const auto end = rest_.find('%', 1);
  if (end == std::string_view::npos) return invalid_pattern("a % is not closed");
  const auto text = rest_.substr(1, end - 1);
  skip(end + 1);
  return text;
}

std::string_view trim_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  return text.substr(0, text.find_last_not_of(kSpaces) + 1);
}

Error invalid_pattern(std::string_view reason) {
  return invalid_parameter("Invalid filter pattern: " + std::string(reason));
}

Error invalid_term(std::string_view term) {
  return invalid_parameter("Invalid character(s) in term '" + std::string(term) + "'");
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '_';
}

namespace {

using Kind = Expression::Kind;

class ExpressionParser {
 public:
  ExpressionParser(Scanner& scanner, const Expression::ReadCondition& read)
      : scanner_(scanner), read_(read) {}

  Result<Expression> parse_any() {
    return parse_chain(Kind::kAny, "||", &ExpressionParser::parse_all);
  }

 private:
  using Parse = Result<Expression> (ExpressionParser::*)();

  Result<Expression> parse_all() {
    return parse_chain(Kind::kAll, "&&", &ExpressionParser::parse_one);
  }

  Result<Expression> parse_chain(Kind kind, std::string_view joint, Parse parse_part) {
    STATOR_TRY(Expression first, (this->*parse_part)());
    scanner_.skip_spaces();
    if (!scanner_.is_at(joint)) return first;
    Expression chain{.kind = kind};
    chain.parts.push_back(std::move(first));
    while (scanner_.take(joint)) {
      STATOR_TRY(Expression next, (this->*parse_part)());
      chain.parts.push_back(std::move(next));
      scanner_.skip_spaces();
    }
    return chain;
  }

  Result<Expression> parse_one() {
    scanner_.skip_spaces();
    if (!scanner_.take("(")) {
      STATOR_TRY(const std::size_t condition, read_(scanner_));
      return Expression{.condition = condition};
    }
    if (++depth_ > Expression::kDepthMax) return invalid_pattern("too many parentheses");
    STATOR_TRY(Expression inner, parse_any());
    --depth_;
    scanner_.skip_spaces();
    if (!scanner_.take(")")) return invalid_pattern("a parenthesis is not closed");
    return inner;
  }

  Scanner& scanner_;
  const Expression::ReadCondition& read_;
  int depth_ = 0;
};

}  // namespace

Result<Expression> Expression::parse(Scanner& scanner, const ReadCondition& read) {
  return ExpressionParser(scanner, read).parse_any();
}

bool Expression::holds(const std::function<bool(std::size_t)>& is_met) const {
  const auto part_holds = [&is_met](const Expression& part) { return part.holds(is_met); };
  switch (kind) {
    case Kind::kAll:
      return std::all_of(parts.begin(), parts.end(), part_holds);
    case Kind::kAny:
      return std::any_of(parts.begin(), parts.end(), part_holds);
    case Kind::kCondition:
      break;
  }
  return is_met(condition);
}

}  // namespace stator::logs::patterns
