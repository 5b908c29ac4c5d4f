#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "ddb/schema.hpp"
#include "stator/json_codec.hpp"
#include "stator/reflect.hpp"

/// Types of attributes that C++ has not, and how a program adds its own.
namespace ddb {

/// How a type of one's own is stored, as a type that can be:
///   template <> struct ddb::Converter<Color> {
///     using As = std::string;
///     static As to(const Color&);
///     static bool from(const As&, Color&);  // false: the stored value is none
///   };
template <class V>
struct Converter;
template <class V>
concept Converted = requires {
  typename Converter<V>::As;
};

template <class E>
concept EnumValue = std::is_enum_v<E> && !Converted<E>;

/// NULL, which is not the same as an attribute that is absent.
using Null = std::monostate;

/// The texts that a scoped enum's values 0, 1 ... are stored as: the enumerators' names, or
///   template <> inline constexpr auto ddb::texts<Color> = ddb::enum_texts("red", "green");
template <class E>
inline constexpr auto texts = stator::sdk::kEnumeratorNames<E>;
template <class... Text>
[[nodiscard]] consteval auto enum_texts(Text... text) {
  return std::array<std::string_view, sizeof...(Text)>{text...};
}

/// Any attribute, as it came: DynamoDB's JSON, {"S":"text"}.
struct Value {
  std::string json = R"({"NULL":true})";

  template <class V>
  [[nodiscard]] static Value of(const V& value);
  /// Nothing when it is of another type.
  template <class V>
  [[nodiscard]] std::optional<V> as() const;
  friend bool operator==(const Value&, const Value&) = default;
};

/// A member of this type keeps the attributes that the struct has no member for.
struct Extra {
  std::map<std::string, Value> attributes;
  friend bool operator==(const Extra&, const Extra&) = default;
};

/// A value of any shape, stored as the text of its JSON.
template <class T>
struct Json {
  T value{};
  friend bool operator==(const Json&, const Json&) = default;
};

/// A moment in UTC, stored as PynamoDB stores it: 2026-01-02T03:04:05.678900+0000, which sorts.
struct DateTime {
  std::int64_t micros = 0;  ///< since 1970

  constexpr DateTime() = default;
  constexpr explicit DateTime(std::int64_t micros_since_1970) : micros(micros_since_1970) {}
  /// Of a std::chrono::sys_time, or any time point whose clock counts from 1970.
  template <class TimePoint>
  requires requires(TimePoint t) { t.time_since_epoch().count(); }
  constexpr DateTime(TimePoint t)  // NOLINT: meant
      : micros(static_cast<std::int64_t>(t.time_since_epoch().count() *
                                         (1'000'000 * TimePoint::period::num) /
                                         TimePoint::period::den)) {}
  friend auto operator<=>(const DateTime&, const DateTime&) = default;

  /// Years 0 to 9999.
  [[nodiscard]] std::string text() const;
  /// Nothing for a text of any other form.
  [[nodiscard]] static std::optional<DateTime> parse(std::string_view text);
};

/// When DynamoDB may delete an item, in seconds since 1970. 0 is never, and not stored.
struct Ttl {
  std::int64_t seconds = 0;

  constexpr Ttl() = default;
  constexpr explicit Ttl(std::int64_t since_1970) : seconds(since_1970) {}
  [[nodiscard]] static Ttl in(std::int64_t seconds_from_now) {
    return Ttl(stator1_now_ms() / 1000 + seconds_from_now);
  }
  friend auto operator<=>(const Ttl&, const Ttl&) = default;
};

namespace detail {

// Days from 1970-01-01 of a date of the Gregorian calendar, and back.
// http://howardhinnant.github.io/date_algorithms.html
constexpr std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}
struct Date {
  std::int64_t year, month, day;
};
constexpr Date date_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t of_era = days - era * 146097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t part = (5 * of_year + 2) / 153;
  const std::int64_t month = part + (part < 10 ? 3 : -9);
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * part + 2) / 5 + 1};
}

inline void put_digits(char* out, std::int64_t value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace detail

inline std::string DateTime::text() const {
  constexpr std::int64_t kDay = 86'400'000'000;
  const std::int64_t days = micros / kDay - (micros % kDay < 0 ? 1 : 0);
  const std::int64_t rest = micros - days * kDay;
  const detail::Date date = detail::date_of(days);
  std::string text = "0000-00-00T00:00:00.000000+0000";
  const auto put = [&](std::size_t at, std::int64_t value, int width) {
    detail::put_digits(text.data() + at, value, width);
  };
  put(0, date.year, 4);
  put(5, date.month, 2);
  put(8, date.day, 2);
  put(11, rest / 3'600'000'000, 2);
  put(14, rest / 60'000'000 % 60, 2);
  put(17, rest / 1'000'000 % 60, 2);
  put(20, rest % 1'000'000, 6);
  return text;
}

inline std::optional<DateTime> DateTime::parse(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000000+0000";
  if (text.size() != kForm.size() || text.substr(26) != kForm.substr(26)) return std::nullopt;
  for (std::size_t i = 0; i < 26; ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !digit : text[i] != kForm[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t width) {
    std::int64_t value = 0;
    for (const char c : text.substr(at, width)) value = value * 10 + (c - '0');
    return value;
  };
  const std::int64_t days = detail::days_of(number(0, 4), number(5, 2), number(8, 2));
  const DateTime time(((days * 24 + number(11, 2)) * 60 + number(14, 2)) * 60'000'000 +
                      number(17, 2) * 1'000'000 + number(20, 6));
  // What does not come back, such as the 31st of June, is no date.
  return time.text() == text ? std::optional(time) : std::nullopt;
}

template <>
struct Converter<DateTime> {
  using As = std::string;
  static As to(const DateTime& time) { return time.text(); }
  static bool from(const As& text, DateTime& out) {
    const auto time = DateTime::parse(text);
    if (time) out = *time;
    return time.has_value();
  }
};
template <>
struct Converter<Ttl> {
  using As = std::int64_t;
  static As to(const Ttl& ttl) { return ttl.seconds; }
  static bool from(const As& seconds, Ttl& out) { return out = Ttl(seconds), true; }
};
template <class T>
struct Converter<Json<T>> {
  using As = std::string;
  static As to(const Json<T>& json) { return stator::sdk::to_json(json.value); }
  static bool from(const As& text, Json<T>& out) {
    stator::sdk::JsonReader json(text);
    return stator::sdk::read_json(json, out.value) && json.finish();
  }
};

}  // namespace ddb
