// Filter patterns of CloudWatch Logs: the input is a pattern and, behind a newline, a message.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "logs/filter_pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto split = input.find('\n');
  const auto pattern = stator::logs::FilterPattern::parse(input.substr(0, split));
  if (!pattern) return 0;
  const auto message = split == std::string_view::npos ? input : input.substr(split + 1);
  if (pattern->matches(message) != pattern->matches(message)) __builtin_trap();
  return 0;
}
