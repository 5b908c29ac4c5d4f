#include "logs/filter_pattern.hpp"

#include <algorithm>

#include "logs/errors.hpp"
#include "logs/patterns/scanner.hpp"

namespace stator::logs {
namespace {

using namespace patterns;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Result<Regex> parse_regex(std::string_view text) {
  Scanner scanner(text);
  STATOR_TRY(const auto inner, scanner.take_percents());
  if (!scanner.is_done()) {
    return invalid_pattern("a regular expression stands alone, or within JSON or columns");
  }
  return Regex::parse(inner);
}

}  // namespace

Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  if (characters(text) > kCharactersMax) {
    return invalid_parameter("The filter pattern is longer than 1024 characters");
  }
  FilterPattern out;
  text = trim_spaces(text);
  if (text.starts_with('{')) {
    STATOR_TRY(out.pattern_, JsonPattern::parse(text));
  } else if (text.starts_with('[')) {
    STATOR_TRY(out.pattern_, ColumnsPattern::parse(text));
  } else if (text.starts_with('%')) {
    STATOR_TRY(out.pattern_, parse_regex(text));
  } else {
    STATOR_TRY(out.pattern_, Terms::parse(text));
  }
  return out;
}

bool FilterPattern::matches(std::string_view message) const {
  if (const auto* terms = std::get_if<Terms>(&pattern_)) return terms->match(message);
  if (const auto* regex = std::get_if<Regex>(&pattern_)) return regex->is_in(message);
  if (const auto* json = std::get_if<JsonPattern>(&pattern_)) return json->matches(message);
  return std::get<ColumnsPattern>(pattern_).matches(message);
}

}  // namespace stator::logs
