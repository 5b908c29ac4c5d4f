#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stator::cli {

/// What a line of a function's log is, and so how it is coloured.
enum class LineStyle : std::uint8_t {
  kPlain,
  kPlatform,  ///< START, END, REPORT and their like: dim
  kFaint,     ///< DEBUG and TRACE: dim
  kWarning,   ///< yellow
  kError      ///< red; also a REPORT that tells of a failure
};

/// Knows Lambda's lines in both formats, levels in JSON ("level": ...), in brackets
/// ("[ERROR]\t...", as Python writes them), between tabs ("...\tERROR\t...", as Node.js does), and
/// crashes.
[[nodiscard]] LineStyle style_of(std::string_view message);

/// The text between the terminal's marks for its style; the text itself for kPlain.
[[nodiscard]] std::string coloured(std::string_view text, LineStyle style);
/// A name in one of six colours, always the same for the same number.
[[nodiscard]] std::string coloured_name(std::string_view name, std::size_t number);

}  // namespace stator::cli
