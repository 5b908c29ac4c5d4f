#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace stator::cli {

/// "90s", "30m", "1h", "7d", "2w" or a number of seconds, up to ten years; nothing for anything
/// else.
[[nodiscard]] std::optional<std::int64_t> parse_seconds(std::string_view text);

}  // namespace stator::cli
