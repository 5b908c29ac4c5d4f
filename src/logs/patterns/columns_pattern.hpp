#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "logs/patterns/comparison.hpp"
#include "logs/patterns/scanner.hpp"

namespace stator::logs::patterns {

/// A pattern for events of columns between spaces: `[ip, user, ..., status = 4*, bytes > 1000]`.
/// What stands between brackets or quotes is one column. Without `...` the last column takes the
/// rest of the event.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-space-delimited-log-events.html
class ColumnsPattern {
 public:
  /// The whole pattern, brackets included.
  [[nodiscard]] static Result<ColumnsPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view message) const;

 private:
  struct Column {
    std::string name;  ///< "" when it was left out
    std::optional<Expression> expression = {};
    std::vector<Comparison> conditions = {};
  };

  [[nodiscard]] Result<void> parse_column(Scanner& scanner);
  [[nodiscard]] static Result<Expression> parse_conditions(Scanner& scanner, Column& column,
                                                           int& regexes);
  [[nodiscard]] static bool accepts(const Column& column, std::string_view text);

  std::vector<Column> columns_;
  std::optional<std::size_t> ellipsis_;  ///< stands before this column
  int regexes_ = 0;
};

}  // namespace stator::logs::patterns
