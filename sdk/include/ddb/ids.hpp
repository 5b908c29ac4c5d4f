#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ddb/schema.hpp"
#include "stator/abi.h"

namespace ddb {

namespace detail {

using IdBytes = std::array<unsigned char, 16>;

inline IdBytes random_id() {
  IdBytes bytes{};
  stator1_random(bytes.data(), bytes.size());
  return bytes;
}
/// Random bytes that begin with the time, in milliseconds, so that they sort by it.
inline IdBytes timed_id(std::int64_t now_ms) {
  IdBytes bytes = random_id();
  for (std::size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<unsigned char>(now_ms >> (40 - 8 * i) & 0xFF);
  }
  return bytes;
}
inline std::string uuid_text(IdBytes bytes, unsigned version) {
  constexpr char kHex[] = "0123456789abcdef";
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | version << 4);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 15];
  }
  return text;
}
/// https://github.com/ulid/spec: 26 digits of Crockford's base 32, 128 bits.
inline std::string ulid_text(const IdBytes& bytes) {
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text(26, '0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned digit = 0;
    for (std::size_t bit = 5 * i; bit < 5 * i + 5; ++bit) {
      // 26 digits are 130 bits: two zeros come first.
      const unsigned one = bit < 2 ? 0 : bytes[(bit - 2) / 8] >> (7 - (bit - 2) % 8) & 1U;
      digit = digit << 1 | one;
    }
    text[i] = kDigits[digit];
  }
  return text;
}

}  // namespace detail

/// A random UUID (RFC 9562, version 4).
[[nodiscard]] inline std::string make_uuid4() {
  return detail::uuid_text(detail::random_id(), 4);
}
/// A UUID that begins with the time (version 7).
[[nodiscard]] inline std::string make_uuid7() {
  return detail::uuid_text(detail::timed_id(stator1_now_ms()), 7);
}
[[nodiscard]] inline std::string make_ulid() {
  return detail::ulid_text(detail::timed_id(stator1_now_ms()));
}
[[nodiscard]] inline std::string make_id(Id kind) {
  return kind == Id::kUuid4 ? make_uuid4() : kind == Id::kUuid7 ? make_uuid7() : make_ulid();
}

}  // namespace ddb
