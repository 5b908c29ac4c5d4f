#include "base/time_format.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace stator {
namespace {

constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
  int year, month, day, weekday, hour, minute, second, ms;
};

Parts split(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return {int(date.year()),
          int(unsigned(date.month())),
          int(unsigned(date.day())),
          int(weekday(day).c_encoding()),
          int(clock.hours().count()),
          int(clock.minutes().count()),
          int(clock.seconds().count()),
          int(clock.subseconds().count())};
}

template <class... Args>
std::string print(const char* format, Args... args) {
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::optional<int> digits(std::string_view text, std::size_t offset, std::size_t count) {
  int value = 0;
  const char* begin = text.data() + offset;
  const auto [end, error] = std::from_chars(begin, begin + count, value);
  if (error != std::errc() || end != begin + count || *begin == '-') return std::nullopt;
  return value;
}

std::optional<WallTime> assemble(int year, int month, int day, int hour, int minute, int second) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{unsigned(month)},
                            std::chrono::day{unsigned(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return WallTime(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second);
}

}  // namespace

std::string iso8601(WallTime time) {
  const Parts p = split(time);
  return print("%04d-%02d-%02dT%02d:%02d:%02dZ", p.year, p.month, p.day, p.hour, p.minute,
               p.second);
}

std::string iso8601_ms(WallTime time) {
  const Parts p = split(time);
  return print("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", p.year, p.month, p.day, p.hour, p.minute,
               p.second, p.ms);
}

std::string iso8601_lambda(WallTime time) {
  const Parts p = split(time);
  return print("%04d-%02d-%02dT%02d:%02d:%02d.%03d+0000", p.year, p.month, p.day, p.hour, p.minute,
               p.second, p.ms);
}

std::string iso8601_basic(WallTime time) {
  const Parts p = split(time);
  return print("%04d%02d%02dT%02d%02d%02dZ", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::string http_date(WallTime time) {
  const Parts p = split(time);
  return print("%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[std::size_t(p.weekday)], p.day,
               kMonths[std::size_t(p.month - 1)], p.year, p.hour, p.minute, p.second);
}

std::string common_log_time(WallTime time) {
  const Parts p = split(time);
  return print("%02d/%s/%04d:%02d:%02d:%02d +0000", p.day, kMonths[std::size_t(p.month - 1)],
               p.year, p.hour, p.minute, p.second);
}

std::optional<WallTime> parse_iso8601_basic(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 4, 2), day = digits(text, 6, 2);
  const auto hour = digits(text, 9, 2), minute = digits(text, 11, 2), second = digits(text, 13, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  return assemble(*year, *month, *day, *hour, *minute, *second);
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  int month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (text.substr(8, 3) == kMonths[i]) month = int(i) + 1;
  }
  const auto day = digits(text, 5, 2), year = digits(text, 12, 4);
  const auto hour = digits(text, 17, 2), minute = digits(text, 20, 2), second = digits(text, 23, 2);
  if (month == 0 || !day || !year || !hour || !minute || !second) return std::nullopt;
  return assemble(*year, month, *day, *hour, *minute, *second);
}

}  // namespace stator
