#pragma once

#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "logs/patterns/columns_pattern.hpp"
#include "logs/patterns/json_pattern.hpp"
#include "logs/patterns/regex.hpp"
#include "logs/patterns/terms.hpp"

namespace stator::logs {

/// A filter pattern: terms, `{ JSON conditions }`, `[columns]` or one `%regular expression%`.
/// InvalidParameterException for what is none of these.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
class FilterPattern {
 public:
  static constexpr std::size_t kCharactersMax = 1'024;

  /// Matches everything.
  FilterPattern() = default;
  [[nodiscard]] static Result<FilterPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view message) const;

 private:
  std::variant<patterns::Terms, patterns::JsonPattern, patterns::ColumnsPattern, patterns::Regex>
      pattern_;
};

}  // namespace stator::logs
