#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambda/doors.hpp"
#include "lambda/log_target.hpp"

namespace stator::lambda {

/// Turns what one instance writes into log events: one a line, cut at kLineBytesMax. Their times
/// never go back, whatever the clock does. Also keeps the end of the current invocation's text for
/// its caller. One thread.
class LogLines {
 public:
  static constexpr std::size_t kLineBytesMax = 256u << 10;
  static constexpr std::size_t kTailBytesMax = 4u << 10;

  /// Sees each line of the program, newline included, whatever its level.
  using Tap = std::function<void(const std::string& line, WallTime now)>;

  /// With a level, the program's lines that say a lower one are left out.
  explicit LogLines(std::optional<LogLevel> least = {}, Tap tap = {})
      : least_(least), tap_(std::move(tap)) {}

  /// Output of the program, in pieces of any size.
  void feed(std::string_view bytes, WallTime now);
  /// Ends a line that the program left open.
  void flush(WallTime now);
  /// A line of Lambda's own.
  void add(std::string line, WallTime now);
  /// The tail starts anew.
  void begin_invocation() { tail_.clear(); }
  [[nodiscard]] std::string tail() const;
  [[nodiscard]] std::vector<LogEvent> take();

 private:
  void add_output(std::string line, WallTime now);

  const std::optional<LogLevel> least_;
  const Tap tap_;
  std::string partial_;
  std::string tail_;
  std::vector<LogEvent> pending_;
  WallTime newest_{};
};

}  // namespace stator::lambda
