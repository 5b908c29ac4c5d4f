#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::logs {

/// A filter pattern of plain terms: `A B` wants both, `?A ?B` one of them, `-A` none, `"A B"` the
/// phrase. Letters count as written. InvalidParameterException for JSON, space-delimited and
/// regular expression patterns, which are not here, and for what is no pattern.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
class FilterPattern {
 public:
  /// Matches everything.
  FilterPattern() = default;
  [[nodiscard]] static Result<FilterPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view message) const;

 private:
  std::vector<std::string> all_;
  std::vector<std::string> any_;
  std::vector<std::string> none_;
};

}  // namespace stator::logs
