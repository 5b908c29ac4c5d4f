#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lambda/sources/pattern.hpp"

using namespace stator;

/// Any text before the first line break is a pattern or an error, and a pattern answers the same
/// for an event, which follows, and for that event alone in a list.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const auto pattern = lambda::sources::Pattern::parse(text.substr(0, line));
  if (!pattern) return 0;
  const auto event =
      json::parse(line == std::string_view::npos ? std::string_view("{}") : text.substr(line + 1));
  if (!event) return 0;
  const bool is_match = pattern->matches(*event);
  if (event->is_object() && pattern->matches(json::Array{*event}) != is_match) std::abort();
  return 0;
}
