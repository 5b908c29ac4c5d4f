#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::logs::patterns {

/// A pattern of plain terms, found anywhere in the text, inside of words too: `A B` wants both,
/// `?A ?B` one of them, `-A` none, `"A B"` the phrase. Letters count as written. Optional terms
/// beside others are ignored, as AWS does.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html
class Terms {
 public:
  [[nodiscard]] static Result<Terms> parse(std::string_view text);
  [[nodiscard]] bool match(std::string_view message) const;

 private:
  std::vector<std::string> all_;
  std::vector<std::string> any_;
  std::vector<std::string> none_;
};

}  // namespace stator::logs::patterns
