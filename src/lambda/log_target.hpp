#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lambda/record.hpp"

namespace stator::lambda {

/// Whose log an instance's output is, and how it is written.
struct LogTarget {
  std::string account;
  std::string region;
  std::string group;   ///< "/aws/lambda/NAME", or the function's own choice
  std::string stream;  ///< "2026/01/02/[$LATEST]<32 hex>"
  std::int64_t memory_mb = 128;
  std::string function = {};  ///< its name
  std::string version{kLatest};
  std::string runtime = {};  ///< "provided.al2023"
  LoggingConfig logging = {};

  [[nodiscard]] std::string function_arn() const {
    return lambda::function_arn({account, region, function});
  }
};

[[nodiscard]] LogTarget log_target(const FunctionRecord& function, std::string stream);

/// The name of an instance's log stream: "2026/01/02/[$LATEST]HEX", and in a group that the
/// function was given "2026/01/02/NAME[$LATEST]HEX", because other functions may log there too.
/// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
[[nodiscard]] std::string log_stream_name(const FunctionRecord& function, WallTime now,
                                          std::string_view hex);

/// The runtime that stands here, named in the form of AWS's builds: "python:3.12.stator".
[[nodiscard]] std::string runtime_version(std::string_view runtime);
[[nodiscard]] std::string runtime_version_arn(std::string_view region, std::string_view runtime);

/// In the order of severity.
enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kFatal };

/// In upper or lower case; nothing for any other word.
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view word);

/// The level of a line that a program wrote: of a JSON object what its "level" says, kInfo where it
/// says nothing that is a level or gives no RFC 3339 time; nothing for plain text, which has none.
/// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
[[nodiscard]] std::optional<LogLevel> level_of_line(std::string_view line);

}  // namespace stator::lambda
