#include "cli/duration.hpp"

#include <charconv>
#include <utility>

namespace stator::cli {

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  constexpr std::pair<char, std::int64_t> kUnits[] = {
      {'s', 1}, {'m', 60}, {'h', 3'600}, {'d', 86'400}, {'w', 604'800}};
  std::int64_t unit = 1;
  for (const auto& [letter, seconds] : kUnits) {
    if (!text.ends_with(letter)) continue;
    unit = seconds;
    text.remove_suffix(1);
    break;
  }
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, count);
  constexpr std::int64_t kSecondsMax = std::int64_t{10} * 365 * 86'400;
  if (failure != std::errc() || stopped != end || count < 0 || count > kSecondsMax / unit) {
    return std::nullopt;
  }
  return count * unit;
}

}  // namespace stator::cli
