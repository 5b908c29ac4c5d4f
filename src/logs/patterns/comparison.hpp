#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "logs/patterns/regex.hpp"
#include "logs/patterns/scanner.hpp"

namespace stator::logs::patterns {

/// A number as it is compared: whole ones exactly.
struct Number {
  double value = 0;
  std::optional<std::int64_t> whole = {};

  /// An integer, a decimal or a number in scientific notation, perhaps with a sign; nothing else.
  [[nodiscard]] static std::optional<Number> parse(std::string_view text);
};

/// What a pattern looks at: a value of JSON or a column.
struct Subject {
  std::string_view text;
  std::optional<Number> number;  ///< where the value is one
};

/// Text to be found whole, or at an end, or anywhere, by the asterisks at its own ends.
struct WildText {
  std::string text;
  bool may_follow = false;    ///< "*text"
  bool may_continue = false;  ///< "text*"

  [[nodiscard]] static WildText parse(std::string_view text);
};

struct NumberOrText {
  Number number;
  std::string text;  ///< for values that are no numbers
};

/// An operator and what stands on its right: `= 4*`, `!= "a phrase"`, `>= 1e3`, `= %a+b%`.
class Comparison {
 public:
  /// InvalidParameterException for what is none. `regexes` counts those of the whole pattern, of
  /// which there may be kRegexesMax.
  [[nodiscard]] static Result<Comparison> parse(Scanner& scanner, int& regexes);
  static constexpr int kRegexesMax = 2;

  [[nodiscard]] bool holds_for(const Subject& subject) const;

 private:
  enum class Operator { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  [[nodiscard]] static Result<Operator> parse_operator(Scanner& scanner);
  [[nodiscard]] bool is_equal(const Subject& subject) const;
  [[nodiscard]] bool is_ordered() const {
    return operator_ != Operator::kEqual && operator_ != Operator::kNotEqual;
  }

  Operator operator_ = Operator::kEqual;
  std::variant<WildText, NumberOrText, Regex> operand_;
};

}  // namespace stator::logs::patterns
