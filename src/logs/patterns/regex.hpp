#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::logs::patterns {

/// A regular expression as filter patterns have it: alternatives of characters, classes and `.`,
/// each with `?`, `*`, `+` or `{m,n}`, and the anchors `^` and `$`. No groups.
///
/// Matching steps through the text once, holding a bit for each place of the expression that the
/// text so far may have reached, so its time is bounded by the lengths of both: there is no
/// backtracking.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
class Regex {
 public:
  /// Characters and classes after `{m,n}` is written out; more are refused.
  static constexpr std::size_t kPlacesMax = 1'000;

  /// The expression without the percent signs around it. InvalidParameterException otherwise.
  [[nodiscard]] static Result<Regex> parse(std::string_view text);
  /// Whether it matches somewhere in the text, whose characters are UTF-8. `$` also stands before
  /// a newline that ends the text.
  [[nodiscard]] bool is_in(std::string_view text) const;

 private:
  friend class RegexParser;
  /// ASCII characters are themselves. The syntax has no others, so all of them act alike.
  static constexpr std::size_t kOtherSymbol = 128;
  static constexpr std::size_t kSymbols = 129;
  using Word = std::uint64_t;
  using Bits = std::vector<Word>;

  void step(Bits& places, std::size_t symbol) const;
  void skip_optional(Bits& places) const;

  // A bit for each place: one before each character of the expression and one behind the last of
  // each alternative.
  std::array<Bits, kSymbols> accepts_;  ///< the character at this place may be this symbol
  Bits optional_;                       ///< the character at this place may be left out
  Bits repeated_;                       ///< it may come again
  Bits first_;                          ///< where alternatives begin that may begin anywhere
  Bits first_anchored_;                 ///< and where those do that begin with ^
  Bits last_;                           ///< where alternatives end that may end anywhere
  Bits last_anchored_;                  ///< and where those do that end with $
};

}  // namespace stator::logs::patterns
