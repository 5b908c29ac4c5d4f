#include "logs/patterns/columns_pattern.hpp"

#include <algorithm>
#include <utility>

namespace stator::logs::patterns {
namespace {

/// Takes the next column off the front, without the brackets or quotes around it.
std::string_view take_column(std::string_view& rest) {
  const char open = rest.front();
  if (open == '[' || open == '"') {
    const auto end = rest.find(open == '[' ? ']' : '"', 1);
    const bool is_closed =
        end != std::string_view::npos && (end + 1 == rest.size() || rest[end + 1] == ' ');
    if (is_closed) {
      const auto column = rest.substr(1, end - 1);
      rest.remove_prefix(end + 1);
      return column;
    }
  }
  const auto column = rest.substr(0, rest.find(' '));
  rest.remove_prefix(column.size());
  return column;
}

/// At most `most` columns, of which the last is all that is left when there are more.
std::vector<std::string_view> split(std::string_view message, std::size_t most) {
  std::vector<std::string_view> columns;
  for (auto rest = trim_spaces(message); !rest.empty(); rest = trim_spaces(rest)) {
    const auto whole = rest;
    columns.push_back(take_column(rest));
    if (columns.size() == most && !trim_spaces(rest).empty()) {
      columns.back() = whole;
      break;
    }
  }
  return columns;
}

}  // namespace

Result<ColumnsPattern> ColumnsPattern::parse(std::string_view text) {
  ColumnsPattern pattern;
  Scanner scanner(text);
  scanner.skip(1);
  do {
    STATOR_TRY_VOID(pattern.parse_column(scanner));
    scanner.skip_spaces();
  } while (scanner.take(","));
  if (!scanner.take("]") || !scanner.is_done()) {
    return invalid_pattern("it must end with a ] behind its columns");
  }
  return pattern;
}

Result<void> ColumnsPattern::parse_column(Scanner& scanner) {
  scanner.skip_spaces();
  if (scanner.take("...")) {
    if (ellipsis_) return invalid_pattern("it holds more than one ellipsis");
    ellipsis_ = columns_.size();
    return {};
  }
  Column column;
  if (!scanner.is_at(",") && !scanner.is_at("]")) {
    STATOR_TRY(auto expression, parse_conditions(scanner, column, regexes_));
    // A name alone is an expression of no conditions.
    if (!column.conditions.empty()) column.expression = std::move(expression);
  }
  columns_.push_back(std::move(column));
  return {};
}

Result<Expression> ColumnsPattern::parse_conditions(Scanner& scanner, Column& column,
                                                    int& regexes) {
  return Expression::parse(scanner, [&](Scanner& at) -> Result<std::size_t> {
    at.skip_spaces();
    const auto name = at.take_while(is_name_character);
    if (name.empty()) return invalid_pattern("a column's name is missing");
    if (!column.name.empty() && column.name != name) {
      return invalid_pattern("the conditions of one column must name it alone");
    }
    const bool is_first = column.name.empty();
    column.name = name;
    at.skip_spaces();
    const bool is_bare = at.is_done() || at.is_at(",") || at.is_at("]");
    if (is_bare && is_first) return std::size_t{0};
    STATOR_TRY(auto comparison, Comparison::parse(at, regexes));
    column.conditions.push_back(std::move(comparison));
    return column.conditions.size() - 1;
  });
}

bool ColumnsPattern::accepts(const Column& column, std::string_view text) {
  if (!column.expression) return true;
  const Subject subject{text, Number::parse(text)};
  return column.expression->holds(
      [&](std::size_t number) { return column.conditions[number].holds_for(subject); });
}

bool ColumnsPattern::matches(std::string_view message) const {
  const auto found = split(message, ellipsis_ ? SIZE_MAX : columns_.size());
  if (found.size() < columns_.size()) return false;
  const std::size_t before = ellipsis_.value_or(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    // Columns behind the ellipsis are counted from the end.
    const std::size_t at = i < before ? i : found.size() - (columns_.size() - i);
    if (!accepts(columns_[i], found[at])) return false;
  }
  return true;
}

}  // namespace stator::logs::patterns
