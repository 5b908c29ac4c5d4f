#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace stator {

/// A regular expression as AWS's AllowedPattern has them (Java's syntax): characters, classes, `.`,
/// groups, alternatives, `? * + {m,n}` greedy or lazy, `^ $ \b \B`, and \d \D \s \S \w \W.
///
/// Matching steps through the text once with the set of places that the text so far may have
/// reached, so its time is bounded by the product of both lengths: nothing is tried twice. What
/// cannot be matched so (references back, looking around, possessive repeats) is refused by name.
/// Immutable; any thread.
class Regex {
 public:
  /// Steps of the expression once its repeats are written out.
  static constexpr std::size_t kStepsMax = 2'000;
  /// How deep groups may nest.
  static constexpr std::size_t kDepthMax = 32;

  /// kInvalid for what is no regular expression, kUnsupported for what is not supported.
  [[nodiscard]] static Result<Regex> parse(std::string_view text);
  /// Whether it matches the whole text, whose characters are UTF-8.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  friend class RegexParser;
  using Ranges = std::vector<std::pair<char32_t, char32_t>>;
  struct Step {
    enum class Kind : std::uint8_t {
      kSet,      ///< takes one character of `ranges`
      kFork,     ///< goes on at `next` and at `other`
      kBegin,    ///< only before the first character
      kEnd,      ///< only behind the last one
      kEdge,     ///< only where a word begins or ends
      kNoEdge,   ///< only elsewhere
      kMatched,  ///< the end of the expression
    } kind = Kind::kMatched;
    std::uint32_t next = 0;
    std::uint32_t other = 0;
    Ranges ranges = {};
  };
  struct Walk;

  std::vector<Step> steps_;
  std::uint32_t start_ = 0;
};

}  // namespace stator
