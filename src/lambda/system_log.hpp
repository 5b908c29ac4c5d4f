#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "json/json.hpp"
#include "lambda/log_target.hpp"
#include "lambda/pool.hpp"

namespace stator::lambda {

/// How the start of an instance ended.
struct InitEnding {
  Ending::Status status = Ending::Status::kOk;
  std::string error_type = {};  ///< "Runtime.ExitError", where it is known
  std::chrono::microseconds duration{0};
};

/// One event in the form that JSON logs and the Telemetry API share:
/// {"time": ..., "type": "platform.start", "record": {...}}, without a newline.
/// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
[[nodiscard]] std::string platform_event(std::string_view type, json::Object record, WallTime now);
/// "success", "error" or "timeout".
[[nodiscard]] std::string_view status_name(Ending::Status status);

/// Lambda's own lines in a function's log: plain text, or JSON at and above the function's system
/// level. Each call answers the lines to write, newlines included: none where the format or the
/// level leaves the event out.
class SystemLog {
 public:
  /// The target outlives this.
  explicit SystemLog(const LogTarget& target) : target_(target) {}

  using Lines = std::vector<std::string>;
  [[nodiscard]] Lines init_start(WallTime now) const;
  [[nodiscard]] Lines init_end(const InitEnding& ending, WallTime now) const;
  [[nodiscard]] Lines start(std::string_view request_id, WallTime now) const;
  [[nodiscard]] Lines end(const Ending& ending, std::uint64_t memory_bytes_used,
                          WallTime now) const;
  /// So many lines, of so many bytes, came faster than they could be kept.
  [[nodiscard]] Lines dropped(std::uint64_t lines, std::uint64_t bytes, WallTime now) const;

 private:
  void event(Lines& lines, LogLevel level, std::string_view type, json::Object record,
             WallTime now) const;
  [[nodiscard]] Lines end_text(const Ending& ending, std::uint64_t memory_bytes_used,
                               WallTime now) const;
  [[nodiscard]] Lines end_json(const Ending& ending, std::uint64_t memory_bytes_used,
                               WallTime now) const;

  const LogTarget& target_;
};

}  // namespace stator::lambda
