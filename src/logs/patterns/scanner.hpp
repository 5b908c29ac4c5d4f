#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// What the languages of filter patterns have in common.
namespace stator::logs::patterns {

/// Reads a pattern from left to right. The text outlives it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool is_at(std::string_view text) const { return rest_.starts_with(text); }
  [[nodiscard]] bool is_done() const { return rest_.empty(); }
  void skip_spaces();
  void skip(std::size_t count) { rest_.remove_prefix(count); }
  /// Takes `text` when it comes next.
  bool take(std::string_view text);
  /// Takes the longest run of characters that `is_wanted`.
  std::string_view take_while(bool (*is_wanted)(char));
  /// Takes a text in quotes, in which \" and \\ stand for themselves; the quote comes next.
  [[nodiscard]] Result<std::string> take_quoted();
  /// Takes what stands between percent signs; the first of them comes next.
  [[nodiscard]] Result<std::string_view> take_percents();

 private:
  std::string_view rest_;
};

/// Without the spaces and ends of lines around it.
[[nodiscard]] std::string_view trim_spaces(std::string_view text);

[[nodiscard]] Error invalid_pattern(std::string_view reason);
[[nodiscard]] Error invalid_term(std::string_view term);

[[nodiscard]] bool is_letter_or_digit(char c);
/// Letters, digits, '-' and '_'.
[[nodiscard]] bool is_name_character(char c);

/// Conditions, by number, joined by && and ||, of which && binds closer, and by parentheses.
struct Expression {
  enum class Kind { kCondition, kAll, kAny };
  Kind kind = Kind::kCondition;
  std::size_t condition = 0;
  std::vector<Expression> parts = {};

  static constexpr int kDepthMax = 32;
  /// Reads one condition and answers its number.
  using ReadCondition = std::function<Result<std::size_t>(Scanner&)>;
  [[nodiscard]] static Result<Expression> parse(Scanner& scanner, const ReadCondition& read);
  [[nodiscard]] bool holds(const std::function<bool(std::size_t)>& is_met) const;
};

}  // namespace stator::logs::patterns
