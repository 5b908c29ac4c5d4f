#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <sys/random.h>

namespace stator::sdk {

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::size_t utf8_length(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.empty()) return 0;
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = at(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

bool parse_unsigned(std::string_view text, std::uint64_t* number) {
  const char* const end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, *number);
  return problem == std::errc() && at == end;
}

std::string uri_encode(std::string_view text, bool keep_slash) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const char lower = to_lower(c);
    if ((lower >= 'a' && lower <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_' ||
        c == '~' || (c == '/' && keep_slash)) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[static_cast<unsigned char>(c) >> 4];
      encoded += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return encoded;
}

std::uint32_t crc32(std::string_view bytes) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ ((value & 1) != 0 ? 0xEDB88320u : 0);
      table[i] = value;
    }
    return table;
  }();
  std::uint32_t sum = ~std::uint32_t{0};
  for (const char c : bytes) sum = sum >> 8 ^ kTable[(sum ^ static_cast<unsigned char>(c)) & 255];
  return ~sum;
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

namespace {

constexpr std::string_view kAlphabets[] = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};

}  // namespace
}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

extern "C" {

size_t stator1_base64_encode(stator1_text bytes, int32_t alphabet, char* out) noexcept {
  const std::string_view digits = kAlphabets[alphabet == STATOR1_BASE64_URL ? 1 : 0];
  char* const begin = out;
  for (std::size_t i = 0; i < bytes.size; i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < have ? static_cast<unsigned char>(bytes.data[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= have) {
        *out++ = digits[group >> (18 - 6 * k) & 63];
      } else if (alphabet != STATOR1_BASE64_URL) {
        *out++ = '=';
      }
    }
  }
  return static_cast<size_t>(out - begin);
}

size_t stator1_base64_decode(stator1_text text, int32_t alphabet, char* out) noexcept {
  constexpr auto kBad = static_cast<size_t>(-1);
  const bool url = alphabet == STATOR1_BASE64_URL;
  const std::string_view digits = kAlphabets[url ? 1 : 0];
  std::string_view rest = view(text);
  if (!url) {
    if (rest.size() % 4 != 0) return kBad;
    for (int i = 0; i < 2 && rest.ends_with('='); ++i) rest.remove_suffix(1);
  }
  if (rest.size() % 4 == 1) return kBad;
  char* const begin = out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : rest) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return kBad;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    *out++ = static_cast<char>(bits >> held & 255);
  }
  // Bits beyond the last byte are zero in the one right spelling.
  return (bits & ((1u << held) - 1)) == 0 ? static_cast<size_t>(out - begin) : kBad;
}

int32_t stator1_utf8_valid(stator1_text text) noexcept {
  for (std::string_view rest = view(text); !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0) return 0;
    rest.remove_prefix(length);
  }
  return 1;
}

void stator1_random(void* out, size_t size) noexcept {
  auto* at = static_cast<char*>(out);
  while (size != 0) {
    const ssize_t got = getrandom(at, size, 0);
    if (got < 0 && errno != EINTR) std::abort();
    if (got <= 0) continue;
    at += got;
    size -= static_cast<size_t>(got);
  }
}

int64_t stator1_now_ms(void) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

void stator1_format_time(int64_t epoch_ms, char* out) noexcept {
  const std::time_t seconds = epoch_ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<int>(epoch_ms % 1000));
  std::copy_n(text.begin(), 24, out);
}

}  // extern "C"
