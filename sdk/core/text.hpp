#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "stator/abi.h"

namespace stator::sdk {

[[nodiscard]] inline std::string_view view(stator1_text text) {
  return {text.data, text.size};
}
[[nodiscard]] inline stator1_text text_of(std::string_view text) {
  return {text.data(), text.size()};
}

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
/// 0 to 15, or -1.
[[nodiscard]] int hex_digit(char c);
/// Bytes of the UTF-8 character that `bytes` begins with, or 0 when it begins with none. Overlong
/// forms, surrogates and what lies beyond U+10FFFF are none.
[[nodiscard]] std::size_t utf8_length(std::string_view bytes);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] std::string_view trim(std::string_view text);
/// The whole text as a number without a sign, or false.
[[nodiscard]] bool parse_unsigned(std::string_view text, std::uint64_t* number);
/// Percent-encodes all but A-Z a-z 0-9 - . _ ~ and, when asked, the slash.
[[nodiscard]] std::string uri_encode(std::string_view text, bool keep_slash);
/// The polynomial of x-amz-crc32 (and of zip and Ethernet).
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);
/// An environment variable; empty when it is not set.
[[nodiscard]] std::string environment(const char* name);

}  // namespace stator::sdk
