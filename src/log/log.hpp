#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"

/// The server's own log: one line an event on standard error, "time level room message key=value".
/// Functions' logs are another matter: see `logs/`.
namespace stator::log {

enum class Level { kDebug, kInfo, kWarn, kError };

using Field = std::pair<std::string_view, std::string_view>;

/// Any thread may write. Lines are whole: one write call each.
class Logger {
 public:
  using Sink = std::function<void(std::string_view line)>;

  /// Writes lines at `least` and above to `sink`, which must be callable from any thread.
  Logger(const Clock& clock, Level least, Sink sink);

  void write(Level level, std::string_view room, std::string_view message,
             std::initializer_list<Field> fields = {}) const;

  void debug(std::string_view room, std::string_view message,
             std::initializer_list<Field> fields = {}) const {
    write(Level::kDebug, room, message, fields);
  }
  void info(std::string_view room, std::string_view message,
            std::initializer_list<Field> fields = {}) const {
    write(Level::kInfo, room, message, fields);
  }
  void warn(std::string_view room, std::string_view message,
            std::initializer_list<Field> fields = {}) const {
    write(Level::kWarn, room, message, fields);
  }
  void error(std::string_view room, std::string_view message,
             std::initializer_list<Field> fields = {}) const {
    write(Level::kError, room, message, fields);
  }

 private:
  const Clock& clock_;
  Level least_;
  Sink sink_;
};

/// Writes to standard error with one write(2) a line.
[[nodiscard]] Logger::Sink stderr_sink();

}  // namespace stator::log
