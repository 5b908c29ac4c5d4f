#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "stator/json.hpp"
#include "stator/values.hpp"

namespace stator::sdk {

template <NumberValue N>
[[nodiscard]] std::string digits_of(const N& number) {
  if constexpr (std::same_as<N, Number>) {
    return number.digits;
  } else {
    return number_text(number);
  }
}

/// False when the digits are no number of this type; nothing is rounded to an integer.
template <NumberValue N>
[[nodiscard]] bool parse_digits(std::string_view digits, N& out) {
  if constexpr (std::same_as<N, Number>) {
    out.digits = digits;
    return !digits.empty();
  } else if constexpr (std::same_as<N, double>) {
    return stator1_parse_double(borrow(digits), &out) != 0;
  } else {
    const char* const end = digits.data() + digits.size();
    const auto [at, problem] = std::from_chars(digits.data(), end, out);
    return problem == std::errc() && at == end && !digits.empty();
  }
}

/// The one spelling that all spellings of a number share, so that equal numbers are equal texts;
/// the text itself when it is no number.
[[nodiscard]] inline std::string canonical(std::string_view digits) {
  char out[64];
  const std::size_t size = stator1_number_canonical(borrow(digits), out);
  return size == static_cast<std::size_t>(-1) ? std::string(digits) : std::string(out, size);
}

/// Whether it is a decimal of up to 38 digits, as DynamoDB has them.
[[nodiscard]] inline bool is_number(const Number& number) {
  char out[64];
  return stator1_number_canonical(borrow(number.digits), out) != static_cast<std::size_t>(-1);
}

/// -1, 0 or 1, by value; 2 when one is no number.
[[nodiscard]] inline int compare(const Number& a, const Number& b) {
  return stator1_number_compare(borrow(a.digits), borrow(b.digits));
}

namespace detail {

using NumberFunction = std::size_t (*)(stator1_text, stator1_text, char*) noexcept;
inline std::optional<Number> calculate(NumberFunction with, const Number& a, const Number& b) {
  char out[64];
  const std::size_t size = with(borrow(a.digits), borrow(b.digits), out);
  if (size == static_cast<std::size_t>(-1)) return std::nullopt;
  return Number(std::string(out, size));
}

}  // namespace detail

/// Exact; nothing when the result has more than 38 digits, is out of range, or one is no number.
[[nodiscard]] inline std::optional<Number> plus(const Number& a, const Number& b) {
  return detail::calculate(stator1_number_add, a, b);
}
[[nodiscard]] inline std::optional<Number> minus(const Number& a, const Number& b) {
  const bool below = b.digits.starts_with('-');
  return plus(a, Number(below ? b.digits.substr(1) : "-" + b.digits));
}
[[nodiscard]] inline std::optional<Number> times(const Number& a, const Number& b) {
  return detail::calculate(stator1_number_multiply, a, b);
}

/// What a number of that type is called in messages.
template <NumberValue N>
[[nodiscard]] constexpr std::string_view kind_of_number() {
  return std::integral<N> ? "a whole number within its range" : "a number";
}

}  // namespace stator::sdk
