#include "iam/condition_values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>
#include <system_error>

#include "base/strings.hpp"

namespace stator::iam {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::optional<std::int64_t> parse_digits(std::string_view text, std::int64_t low,
                                         std::int64_t high) {
  std::int64_t value = 0;
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value >= low && value <= high ? std::optional(value) : std::nullopt;
}

/// Days since 1970 of the proleptic Gregorian calendar's day; a day beyond its month's end is one
/// of the next month.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468 + day - 1;
}

std::optional<std::int64_t> parse_days(std::string_view text) {
  // The years that a signed count of milliseconds reaches.
  constexpr std::int64_t kYearMax = 292'278'000;
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const auto parts = split(text, '-');
  if (parts.size() > 3) return std::nullopt;
  const auto year = parse_digits(parts[0], 0, kYearMax);
  const auto month =
      parts.size() > 1 ? parse_digits(parts[1], 1, 12) : std::optional<std::int64_t>(1);
  const auto day =
      parts.size() > 2 ? parse_digits(parts[2], 1, 31) : std::optional<std::int64_t>(1);
  if (!year || !month || !day) return std::nullopt;
  return days_of(is_negative ? -*year : *year, *month, *day);
}

/// "Z", "+01:00", "-0530" or nothing, in milliseconds.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  const std::int64_t sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = parse_digits(text.substr(0, 2), 0, 23);
  auto rest = text.substr(std::min<std::size_t>(2, text.size()));
  if (rest.starts_with(':')) rest.remove_prefix(1);
  const auto minutes = rest.empty() ? std::optional<std::int64_t>(0) : parse_digits(rest, 0, 59);
  if (!hours || !minutes) return std::nullopt;
  return sign * (*hours * 60 + *minutes) * 60'000;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  const auto dot = text.find('.');
  const auto whole = parse_digits(text.substr(0, dot), 0, 59);
  if (!whole) return std::nullopt;
  if (dot == kNone) return *whole * 1'000;
  const auto fraction = text.substr(dot + 1);
  if (fraction.size() > 9 || !parse_digits(fraction, 0, 999'999'999)) return std::nullopt;
  std::string thousandths(fraction.substr(0, 3));
  thousandths.resize(3, '0');
  return *whole * 1'000 + *parse_digits(thousandths, 0, 999);
}

/// "03:04:05.678Z" in milliseconds; minutes and seconds may be missing.
std::optional<std::int64_t> parse_time(std::string_view text) {
  const auto zone = text.find_first_of("Zz+-");
  const auto offset = parse_offset(zone == kNone ? std::string_view() : text.substr(zone));
  const auto parts = split(text.substr(0, zone), ':');
  if (parts.size() > 3 || !offset) return std::nullopt;
  const auto hours = parse_digits(parts[0], 0, 23);
  const auto minutes =
      parts.size() > 1 ? parse_digits(parts[1], 0, 59) : std::optional<std::int64_t>(0);
  const auto ms = parts.size() > 2 ? parse_seconds(parts[2]) : std::optional<std::int64_t>(0);
  if (!hours || !minutes || !ms) return std::nullopt;
  return (*hours * 60 + *minutes) * 60'000 + *ms - *offset;
}

}  // namespace

std::optional<long double> parse_condition_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  constexpr std::size_t kDigitsMax = 64;
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  long double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> parse_condition_date(std::string_view text) {
  const auto t = text.find_first_of("Tt");
  if (t == kNone && text.find('-') == kNone) {
    constexpr std::int64_t kSecondsMax = std::int64_t{9'223'372'036'854'775};
    const auto seconds = parse_digits(text, 0, kSecondsMax);
    return seconds ? std::optional(*seconds * 1'000) : std::nullopt;
  }
  const auto days = parse_days(text.substr(0, t));
  const auto time = t == kNone || t + 1 == text.size() ? std::optional<std::int64_t>(0)
                                                       : parse_time(text.substr(t + 1));
  if (!days || !time) return std::nullopt;
  constexpr std::int64_t kDayMs = 86'400'000;
  return *days * kDayMs + *time;
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
  const auto slash = text.find('/');
  const std::string address(text.substr(0, slash));
  IpRange range;
  if (address.size() > INET6_ADDRSTRLEN || address.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  range.is_v6_ = address.find(':') != std::string::npos;
  if (inet_pton(range.is_v6_ ? AF_INET6 : AF_INET, address.c_str(), range.bytes_.data()) != 1) {
    return std::nullopt;
  }
  const unsigned bits_max = range.is_v6_ ? 128 : 32;
  range.bits_ = bits_max;
  if (slash != kNone) {
    const auto bits = parse_digits(text.substr(slash + 1), 0, bits_max);
    if (!bits) return std::nullopt;
    range.bits_ = static_cast<unsigned>(*bits);
  }
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (range.is_v6_ && range.bits_ >= 96 &&
      std::equal(kMapped.begin(), kMapped.end(), range.bytes_.begin())) {
    std::memmove(range.bytes_.data(), range.bytes_.data() + 12, 4);
    range.is_v6_ = false;
    range.bits_ -= 96;
  }
  return range;
}

bool IpRange::contains(const IpRange& other) const {
  if (is_v6_ != other.is_v6_ || other.bits_ < bits_) return false;
  const std::size_t whole = bits_ / 8;
  if (std::memcmp(bytes_.data(), other.bytes_.data(), whole) != 0) return false;
  const unsigned rest = bits_ % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xffu << (8 - rest);
  return ((bytes_[whole] ^ other.bytes_[whole]) & mask & 0xffu) == 0;
}

}  // namespace stator::iam
