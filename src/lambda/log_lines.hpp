#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "lambda/doors.hpp"
#include "lambda/pool.hpp"

namespace stator::lambda {

/// START, END and REPORT as Lambda writes them, newline included.
[[nodiscard]] std::string start_line(std::string_view request_id);
[[nodiscard]] std::string end_line(std::string_view request_id);
[[nodiscard]] std::string report_line(const Ending& ending, std::int64_t memory_mb,
                                      std::uint64_t memory_bytes_used);

/// Turns what one instance writes into log events: one a line, cut at kLineBytesMax. Holds at most
/// kPendingBytesMax until they are taken; past that the oldest go, and a line says how many. Also
/// keeps the end of the current invocation's text for its caller. One thread.
class LogLines {
 public:
  static constexpr std::size_t kLineBytesMax = 256u << 10;
  static constexpr std::size_t kPendingBytesMax = 1u << 20;
  static constexpr std::size_t kTailBytesMax = 4u << 10;

  /// Output of the program, in pieces of any size.
  void feed(std::string_view bytes, WallTime now);
  /// Ends a line that the program left open.
  void flush(WallTime now);
  /// A line of Lambda's own.
  void add(std::string line, WallTime now);
  /// The tail starts anew.
  void begin_invocation() { tail_.clear(); }
  [[nodiscard]] std::string tail() const;
  [[nodiscard]] std::vector<LogEvent> take(WallTime now);

 private:
  std::string partial_;
  std::string tail_;
  std::deque<LogEvent> pending_;
  std::size_t pending_bytes_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace stator::lambda
