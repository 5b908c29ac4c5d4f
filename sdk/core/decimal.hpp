#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stator::sdk {

/// A decimal as DynamoDB has them: up to 38 significant digits, 1E-130 to 9.9...E+125, exact.
struct Decimal {
  bool is_negative = false;
  std::string digits;         ///< without zeros at either end; empty for 0
  std::int64_t exponent = 0;  ///< of the last digit

  /// Nothing for what is no number, or not one of DynamoDB's.
  [[nodiscard]] static std::optional<Decimal> parse(std::string_view text);
  /// Plain digits while they are few, else 1.5E+100.
  [[nodiscard]] std::string text() const;
};

[[nodiscard]] int compare(const Decimal& a, const Decimal& b);
/// Nothing when the exact result has more than 38 digits or is out of range.
[[nodiscard]] std::optional<Decimal> add(const Decimal& a, const Decimal& b);
[[nodiscard]] std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);

}  // namespace stator::sdk
