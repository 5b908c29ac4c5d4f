#pragma once

#include <charconv>
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
  } else {
    const char* const end = digits.data() + digits.size();
    const auto [at, problem] = std::from_chars(digits.data(), end, out);
    return problem == std::errc() && at == end && !digits.empty();
  }
}

/// What a number of that type is called in messages.
template <NumberValue N>
[[nodiscard]] constexpr std::string_view kind_of_number() {
  return std::integral<N> ? "a whole number within its range" : "a number";
}

}  // namespace stator::sdk
