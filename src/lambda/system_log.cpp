#include "lambda/system_log.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/time_format.hpp"

namespace stator::lambda {
namespace {

using std::chrono::microseconds;

double milliseconds(microseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

/// A number of JSON with at most three decimals; whole ones have none.
json::Value json_milliseconds(microseconds duration) {
  if (duration.count() % 1000 == 0) return duration.count() / 1000;
  return milliseconds(duration);
}

/// A custom runtime's start is billed with its first invocation.
std::int64_t billed_ms(const Ending& ending) {
  const auto init = ending.init_duration.value_or(microseconds(0));
  return std::chrono::ceil<std::chrono::milliseconds>(ending.duration + init).count();
}

std::uint64_t megabytes(std::uint64_t bytes) {
  constexpr std::uint64_t kMegabyte = 1u << 20;
  return (bytes + kMegabyte - 1) / kMegabyte;
}

std::string report_line(const Ending& ending, std::int64_t memory_mb,
                        std::uint64_t memory_bytes_used) {
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\t"
      "Max Memory Used: {} MB\t",
      ending.request_id, milliseconds(ending.duration), billed_ms(ending), memory_mb,
      megabytes(memory_bytes_used));
  if (ending.init_duration) {
    line += fmt::format("Init Duration: {:.2f} ms\t", milliseconds(*ending.init_duration));
  }
  if (ending.status == Ending::Status::kTimeout) line += "Status: timeout";
  if (ending.status == Ending::Status::kError) {
    line += fmt::format("Status: error\tError Type: {}", ending.error_type);
  }
  return line + "\n";
}

/// What the log says of an invocation that its runtime did not end, in either format.
std::string failure_text(const Ending& ending, WallTime now) {
  if (ending.status == Ending::Status::kTimeout) {
    return iso8601_ms(now) + " " + ending.request_id + " " + ending.error_text + "\n\n";
  }
  return "RequestId: " + ending.request_id + " Error: " + ending.error_text + "\n" +
         ending.error_type + "\n";
}

void put_status(json::Object& record, Ending::Status status, const std::string& error_type) {
  record["status"] = status_name(status);
  if (!error_type.empty()) record["errorType"] = error_type;
}

/// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
LogLevel level_unless_ok(Ending::Status status, LogLevel level_of_success) {
  return status == Ending::Status::kOk ? level_of_success : LogLevel::kWarn;
}

}  // namespace

std::string platform_event(std::string_view type, json::Object record, WallTime now) {
  return json::dump(
      json::Object{{"time", iso8601_ms(now)}, {"type", type}, {"record", std::move(record)}});
}

std::string_view status_name(Ending::Status status) {
  switch (status) {
    case Ending::Status::kOk:
      return "success";
    case Ending::Status::kError:
      return "error";
    case Ending::Status::kTimeout:
      return "timeout";
  }
  return "error";
}

void SystemLog::event(Lines& lines, LogLevel level, std::string_view type, json::Object record,
                      WallTime now) const {
  const auto least = parse_log_level(target_.logging.system_level).value_or(LogLevel::kInfo);
  if (level < least) return;
  lines.push_back(platform_event(type, std::move(record), now) + "\n");
}

SystemLog::Lines SystemLog::init_start(WallTime now) const {
  const std::string version = runtime_version(target_.runtime);
  const std::string arn = runtime_version_arn(target_.region, target_.runtime);
  if (!target_.logging.is_json) {
    return {"INIT_START Runtime Version: " + version + "\tRuntime Version ARN: " + arn + "\n"};
  }
  Lines lines;
  event(lines, LogLevel::kInfo, "platform.initStart",
        {{"initializationType", "on-demand"},
         {"phase", "init"},
         {"runtimeVersion", version},
         {"runtimeVersionArn", arn},
         {"functionName", target_.function},
         {"functionVersion", target_.version},
         {"instanceId", target_.stream},
         {"instanceMaxMemory", target_.memory_mb << 20}},
        now);
  return lines;
}

SystemLog::Lines SystemLog::init_end(const InitEnding& ending, WallTime now) const {
  if (!target_.logging.is_json) {
    // A start that went well is told of by the first REPORT.
    if (ending.status == Ending::Status::kOk) return {};
    std::string line = fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: init\tStatus: {}",
                                   milliseconds(ending.duration), status_name(ending.status));
    if (!ending.error_type.empty() && ending.status == Ending::Status::kError) {
      line += "\tError Type: " + ending.error_type;
    }
    return {line + "\n"};
  }
  Lines lines;
  const LogLevel level = level_unless_ok(ending.status, LogLevel::kDebug);
  json::Object record{{"initializationType", "on-demand"}, {"phase", "init"}};
  put_status(record, ending.status, ending.error_type);
  event(lines, level, "platform.initRuntimeDone", record, now);
  record["metrics"] = json::Object{{"durationMs", json_milliseconds(ending.duration)}};
  event(lines, level, "platform.initReport", std::move(record), now);
  return lines;
}

SystemLog::Lines SystemLog::start(std::string_view request_id, WallTime now) const {
  if (!target_.logging.is_json) {
    return {fmt::format("START RequestId: {} Version: {}\n", request_id, target_.version)};
  }
  Lines lines;
  event(lines, LogLevel::kInfo, "platform.start",
        {{"requestId", request_id},
         {"functionArn", target_.function_arn()},
         {"version", target_.version}},
        now);
  return lines;
}

SystemLog::Lines SystemLog::end(const Ending& ending, std::uint64_t memory_bytes_used,
                                WallTime now) const {
  return target_.logging.is_json ? end_json(ending, memory_bytes_used, now)
                                 : end_text(ending, memory_bytes_used, now);
}

SystemLog::Lines SystemLog::end_text(const Ending& ending, std::uint64_t memory_bytes_used,
                                     WallTime now) const {
  Lines lines;
  if (ending.status != Ending::Status::kOk) lines.push_back(failure_text(ending, now));
  lines.push_back("END RequestId: " + ending.request_id + "\n");
  lines.push_back(report_line(ending, target_.memory_mb, memory_bytes_used));
  return lines;
}

SystemLog::Lines SystemLog::end_json(const Ending& ending, std::uint64_t memory_bytes_used,
                                     WallTime now) const {
  Lines lines;
  if (ending.status != Ending::Status::kOk) lines.push_back(failure_text(ending, now));
  json::Object done{{"requestId", ending.request_id}};
  put_status(done, ending.status, ending.error_type);
  done["metrics"] = json::Object{{"durationMs", json_milliseconds(ending.duration)}};
  event(lines, level_unless_ok(ending.status, LogLevel::kDebug), "platform.runtimeDone",
        std::move(done), now);
  json::Object metrics{{"durationMs", json_milliseconds(ending.duration)},
                       {"billedDurationMs", billed_ms(ending)},
                       {"memorySizeMB", target_.memory_mb},
                       {"maxMemoryUsedMB", megabytes(memory_bytes_used)}};
  if (ending.init_duration) metrics["initDurationMs"] = json_milliseconds(*ending.init_duration);
  json::Object report{{"requestId", ending.request_id}, {"metrics", std::move(metrics)}};
  put_status(report, ending.status, ending.error_type);
  event(lines, level_unless_ok(ending.status, LogLevel::kInfo), "platform.report",
        std::move(report), now);
  return lines;
}

SystemLog::Lines SystemLog::dropped(std::uint64_t lines, std::uint64_t bytes, WallTime now) const {
  if (!target_.logging.is_json) {
    return {fmt::format(
        "stator: {} log lines before this one were dropped: the function writes faster than they "
        "can be kept\n",
        lines)};
  }
  Lines out;
  event(out, LogLevel::kWarn, "platform.logsDropped",
        {{"droppedBytes", bytes},
         {"droppedRecords", lines},
         {"reason", "The function writes faster than its lines can be kept."}},
        now);
  return out;
}

}  // namespace stator::lambda
