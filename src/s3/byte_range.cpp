#include "s3/byte_range.hpp"

#include <algorithm>
#include <charconv>

namespace stator::s3 {
namespace {

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

ByteRange read_byte_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return {};
  header.remove_prefix(kUnit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = read_number(header.substr(0, dash));
  const auto last = read_number(header.substr(dash + 1));
  const bool has_first = dash != 0;
  const bool has_last = dash + 1 != header.size();
  if (has_first != first.has_value() || has_last != last.has_value()) return {};
  if (!has_first && !has_last) return {};
  if (!has_first) {
    if (*last == 0 || size == 0) return {ByteRange::Kind::kUnsatisfiable};
    return {ByteRange::Kind::kPart, size - std::min(*last, size), size - 1};
  }
  if (has_last && *last < *first) return {};
  if (*first >= size) return {ByteRange::Kind::kUnsatisfiable};
  return {ByteRange::Kind::kPart, *first, has_last ? std::min(*last, size - 1) : size - 1};
}

}  // namespace stator::s3
