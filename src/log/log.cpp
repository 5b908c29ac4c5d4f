#include "log/log.hpp"

#include <unistd.h>

#include "base/time_format.hpp"

namespace stator::log {
namespace {

std::string_view name(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "error";
}

/// Control characters would let input forge lines, so they are written as escapes.
void append_safely(std::string& line, std::string_view text, bool quote_spaces) {
  const bool quoted =
      quote_spaces && (text.empty() || text.find_first_of(" \"=") != std::string_view::npos);
  if (quoted) line.push_back('"');
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : text) {
    const auto value = static_cast<unsigned char>(c);
    if (value < 0x20 || value == 0x7f) {
      line += "\\x";
      line.push_back(kHex[value >> 4]);
      line.push_back(kHex[value & 15]);
    } else {
      if (quoted && c == '"') line.push_back('\\');
      line.push_back(c);
    }
  }
  if (quoted) line.push_back('"');
}

}  // namespace

Logger::Logger(const Clock& clock, Level least, Sink sink)
    : clock_(clock), least_(least), sink_(std::move(sink)) {}

void Logger::write(Level level, std::string_view room, std::string_view message,
                   std::initializer_list<Field> fields) const {
  if (level < least_) return;
  std::string line = iso8601_ms(clock_.wall());
  line.append(" ").append(name(level)).append(" ").append(room).append(" ");
  append_safely(line, message, false);
  for (const auto& [key, value] : fields) {
    line.append(" ").append(key).append("=");
    append_safely(line, value, true);
  }
  line.push_back('\n');
  sink_(line);
}

Logger::Sink stderr_sink() {
  return [](std::string_view line) {
    // A full pipe or closed terminal must not stop the server: what cannot be written is lost.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  };
}

}  // namespace stator::log
