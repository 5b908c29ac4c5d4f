#include "logs/patterns/comparison.hpp"

#include <charconv>
#include <cmath>
#include <utility>

namespace stator::logs::patterns {
namespace {

/// What needs no quotes. AWS's own examples go beyond the letters and digits that it writes of.
bool is_bare(char c) {
  return is_name_character(c) || std::string_view(".*+:/").find(c) != std::string_view::npos;
}

/// Everything up to what would end a bare word, to be named in an error.
bool is_of_term(char c) {
  return std::string_view(" \t\r\n,()&|{}[]").find(c) == std::string_view::npos;
}

template <class T>
bool parse_all(std::string_view text, T& out) {
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, out);
  return failure == std::errc() && stopped == end;
}

}  // namespace

std::optional<Number> Number::parse(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  // No "inf" and no "nan".
  const auto first = text.find_first_not_of("-.");
  if (first == std::string_view::npos || text[first] < '0' || text[first] > '9') {
    return std::nullopt;
  }
  Number number;
  if (!parse_all(text, number.value) || !std::isfinite(number.value)) return std::nullopt;
  std::int64_t whole = 0;
  if (parse_all(text, whole)) number.whole = whole;
  return number;
}

namespace {

/// Below 0, 0 or above 0, as `a` is to `b`.
int order(const Number& a, const Number& b) {
  if (a.whole && b.whole) return *a.whole < *b.whole ? -1 : *a.whole > *b.whole ? 1 : 0;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

}  // namespace

Result<Comparison::Operator> Comparison::parse_operator(Scanner& scanner) {
  // The longer ones first.
  constexpr std::pair<std::string_view, Operator> kOperators[] = {{"!=", Operator::kNotEqual},
                                                                  {"<=", Operator::kLessOrEqual},
                                                                  {">=", Operator::kGreaterOrEqual},
                                                                  {"=", Operator::kEqual},
                                                                  {"<", Operator::kLess},
                                                                  {">", Operator::kGreater}};
  scanner.skip_spaces();
  for (const auto& [text, op] : kOperators) {
    if (scanner.take(text)) return op;
  }
  return invalid_pattern("an operator is missing");
}

WildText WildText::parse(std::string_view text) {
  WildText out;
  // Inside of a word an asterisk is itself.
  if (text.starts_with('*')) {
    out.may_follow = true;
    text.remove_prefix(1);
  }
  if (text.ends_with('*')) {
    out.may_continue = true;
    text.remove_suffix(1);
  }
  if (text.empty()) out.may_continue = out.may_continue || out.may_follow;
  out.text = text;
  return out;
}

Result<Comparison> Comparison::parse(Scanner& scanner, int& regexes) {
  Comparison out;
  STATOR_TRY(out.operator_, parse_operator(scanner));
  scanner.skip_spaces();
  if (scanner.is_at("%")) {
    STATOR_TRY(const auto text, scanner.take_percents());
    if (out.is_ordered()) return invalid_term("%" + std::string(text) + "%");
    if (++regexes > kRegexesMax) {
      return invalid_pattern("it holds more than 2 regular expressions");
    }
    STATOR_TRY(out.operand_, Regex::parse(text));
    return out;
  }
  if (scanner.is_at("\"")) {
    STATOR_TRY(const auto text, scanner.take_quoted());
    if (out.is_ordered()) return invalid_term("\"" + text + "\"");
    out.operand_ = WildText::parse(text);
    return out;
  }
  const auto whole = scanner.rest();
  const auto word = scanner.take_while(is_bare);
  if (word.empty() || (!scanner.is_done() && is_of_term(scanner.rest().front()))) {
    Scanner term(whole);
    return invalid_term(term.take_while(is_of_term));
  }
  const auto number = Number::parse(word);
  if (out.is_ordered() && !number) return invalid_term(word);
  if (number) {
    out.operand_ = NumberOrText{*number, std::string(word)};
  } else {
    out.operand_ = WildText::parse(word);
  }
  return out;
}

bool Comparison::holds_for(const Subject& subject) const {
  if (operator_ == Operator::kEqual) return is_equal(subject);
  if (operator_ == Operator::kNotEqual) return !is_equal(subject);
  if (!subject.number) return false;
  const int is = order(*subject.number, std::get<NumberOrText>(operand_).number);
  switch (operator_) {
    case Operator::kLess:
      return is < 0;
    case Operator::kLessOrEqual:
      return is <= 0;
    case Operator::kGreater:
      return is > 0;
    default:
      return is >= 0;
  }
}

bool Comparison::is_equal(const Subject& subject) const {
  if (const auto* regex = std::get_if<Regex>(&operand_)) return regex->is_in(subject.text);
  if (const auto* number = std::get_if<NumberOrText>(&operand_)) {
    if (subject.number) return order(*subject.number, number->number) == 0;
    return subject.text == number->text;
  }
  const WildText& wanted = std::get<WildText>(operand_);
  if (wanted.may_follow && wanted.may_continue) {
    return subject.text.find(wanted.text) != std::string_view::npos;
  }
  if (wanted.may_follow) return subject.text.ends_with(wanted.text);
  if (wanted.may_continue) return subject.text.starts_with(wanted.text);
  return subject.text == wanted.text;
}

}  // namespace stator::logs::patterns
