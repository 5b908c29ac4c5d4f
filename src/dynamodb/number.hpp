#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stator::dynamodb {

/// DynamoDB's number: an exact decimal of up to 38 significant digits whose magnitude is zero or
/// lies in [1E-130, 9.9...9E+125]. Kept normalised, so equal values have equal members.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
class Number {
 public:
  static constexpr int kDigitsMax = 38;
  static constexpr int kExponentMax = 125;   ///< of the first significant digit
  static constexpr int kExponentMin = -130;  ///< of the first significant digit

  Number() = default;  ///< zero
  [[nodiscard]] static Number from_integer(std::int64_t value);
  /// Reads "-12.50e3". A ValidationException in AWS's words for anything that is no such number, is
  /// out of range or has more digits than can be kept: nothing is ever rounded.
  [[nodiscard]] static Result<Number> parse(std::string_view text);

  /// Plain decimal notation without exponent, leading or trailing zeros, as AWS returns numbers.
  [[nodiscard]] std::string to_string() const;
  void append_to(std::string& out) const;

  /// Bytes whose unsigned order is the order of the values and none of which is a prefix of another
  /// number's; at most 22 of them.
  void append_sortable(std::string& out) const;
  /// The inverse; nothing when the bytes are not such a number.
  [[nodiscard]] static std::optional<Number> from_sortable(std::string_view bytes);

  /// The exact sum; an error where it has more than 38 digits or leaves the range.
  [[nodiscard]] static Result<Number> add(const Number& a, const Number& b);
  [[nodiscard]] static Result<Number> subtract(const Number& a, const Number& b);
  [[nodiscard]] Number negated() const;

  [[nodiscard]] bool is_zero() const { return coefficient_ == 0; }
  /// What AWS charges for it: a byte for sign and exponent, one for each aligned pair of digits,
  /// and one more for a negative number.
  [[nodiscard]] std::size_t size_bytes() const;

  bool operator==(const Number&) const = default;
  [[nodiscard]] std::strong_ordering operator<=>(const Number& other) const;

 private:
  using Coefficient = unsigned __int128;

  /// Takes a coefficient with trailing zeros and checks digits and range.
  [[nodiscard]] static Result<Number> normalized(bool negative, Coefficient coefficient,
                                                 std::int64_t exponent);
  [[nodiscard]] int leading_exponent() const { return exponent_ + digits_ - 1; }

  Coefficient coefficient_ = 0;  ///< no trailing zero
  std::int16_t exponent_ = 0;    ///< value = coefficient * 10^exponent
  std::uint8_t digits_ = 0;      ///< of the coefficient; 0 for zero
  bool negative_ = false;
};

}  // namespace stator::dynamodb
