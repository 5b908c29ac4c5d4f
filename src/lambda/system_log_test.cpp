#include "lambda/system_log.hpp"

#include <gtest/gtest.h>

namespace stator::lambda {
namespace {

using std::chrono::microseconds;

const WallTime kNow = from_epoch_ms(1'700'000'000'123);

LogTarget make_target(const std::string& system_level = "") {
  LogTarget target{.account = "000000000000",
                   .region = "us-east-1",
                   .group = "g",
                   .stream = "s",
                   .memory_mb = 128,
                   .function = "f",
                   .version = "7",
                   .runtime = "provided.al2023"};
  target.logging.is_json = !system_level.empty();
  target.logging.system_level = system_level;
  return target;
}

Ending make_ending(Ending::Status status = Ending::Status::kOk) {
  Ending ending;
  ending.request_id = "ID";
  ending.status = status;
  ending.duration = microseconds(1'234);
  if (status == Ending::Status::kOk) return ending;
  ending.error_type = status == Ending::Status::kError ? "Runtime.ExitError" : "Sandbox.Timedout";
  ending.error_text = "words";
  return ending;
}

std::string text(const SystemLog::Lines& lines) {
  std::string all;
  for (const auto& line : lines) all += line;
  return all;
}

TEST(SystemLog, WritesTextAsLambdaDoes) {
  const auto target = make_target();
  const SystemLog log(target);
  EXPECT_EQ(text(log.start("ID", kNow)), "START RequestId: ID Version: 7\n");
  EXPECT_TRUE(text(log.init_start(kNow))
                  .starts_with("INIT_START Runtime Version: provided:al2023.stator\t"
                               "Runtime Version ARN: arn:aws:lambda:us-east-1::runtime:"));
  EXPECT_EQ(text(log.end(make_ending(), 41u << 20, kNow)),
            "END RequestId: ID\n"
            "REPORT RequestId: ID\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t"
            "Max Memory Used: 41 MB\t\n");
  Ending first = make_ending();
  first.init_duration = microseconds(10'500);
  EXPECT_TRUE(text(log.end(first, 1, kNow))
                  .ends_with("Billed Duration: 12 ms\tMemory Size: 128 MB\tMax Memory Used: 1 MB\t"
                             "Init Duration: 10.50 ms\t\n"));
  const auto late = text(log.end(make_ending(Ending::Status::kTimeout), 0, kNow));
  EXPECT_TRUE(late.starts_with("2023-11-14T22:13:20.123Z ID words\n\nEND RequestId: ID\n"));
  EXPECT_TRUE(late.ends_with("Max Memory Used: 0 MB\tStatus: timeout\n"));
  EXPECT_TRUE(text(log.end(make_ending(Ending::Status::kError), 0, kNow))
                  .ends_with("\tStatus: error\tError Type: Runtime.ExitError\n"));
  EXPECT_EQ(text(log.init_end({}, kNow)), "");
  EXPECT_EQ(
      text(log.init_end({Ending::Status::kError, "Runtime.ExitError", microseconds(1'500)}, kNow)),
      "INIT_REPORT Init Duration: 1.50 ms\tPhase: init\tStatus: error\t"
      "Error Type: Runtime.ExitError\n");
}

TEST(SystemLog, WritesJsonAsLambdaDoes) {
  const auto target = make_target("DEBUG");
  const SystemLog log(target);
  const std::string time = R"({"time":"2023-11-14T22:13:20.123Z",)";
  EXPECT_EQ(text(log.start("ID", kNow)),
            time + R"("type":"platform.start","record":{"requestId":"ID",)"
                   R"("functionArn":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
                   R"("version":"7"}})"
                   "\n");
  const auto ended = json::parse_object(log.end(make_ending(), 41u << 20, kNow).at(1)).value();
  EXPECT_EQ(json::dump(ended.at("record").at("metrics").at("billedDurationMs")), "2");
  EXPECT_DOUBLE_EQ(ended.at("record").at("metrics").at("durationMs").as_double(), 1.234);
  EXPECT_EQ(json::dump(ended.at("record").at("status")), "\"success\"");
  EXPECT_FALSE(ended.at("record").at("metrics").as_object().contains("initDurationMs"));
  const auto started = json::parse_object(log.init_start(kNow).at(0)).value();
  EXPECT_EQ(json::dump(started.at("record").at("instanceMaxMemory")), "134217728");
  const auto failed = log.end(make_ending(Ending::Status::kError), 0, kNow);
  ASSERT_EQ(failed.size(), 3u) << "what went wrong, runtimeDone, report";
  EXPECT_NE(failed[1].find(R"("status":"error","errorType":"Runtime.ExitError")"),
            std::string::npos);
}

/// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
TEST(SystemLog, LeavesOutWhatIsBelowItsLevel) {
  const auto events = [](const std::string& level, Ending::Status status) {
    const auto target = make_target(level);
    const SystemLog log(target);
    std::string types;
    const auto note = [&types](const SystemLog::Lines& lines) {
      for (const auto& line : lines) {
        const auto event = json::parse_object(line);
        if (event) types += json::find_string(*event, "type").value().substr(9) + " ";
      }
    };
    note(log.init_start(kNow));
    note(log.init_end({status, "", microseconds(1)}, kNow));
    note(log.start("ID", kNow));
    note(log.end(make_ending(status), 0, kNow));
    note(log.dropped(3, 100, kNow));
    return types;
  };
  constexpr auto kOk = Ending::Status::kOk;
  constexpr auto kTimeout = Ending::Status::kTimeout;
  EXPECT_EQ(events("DEBUG", kOk),
            "initStart initRuntimeDone initReport start runtimeDone report logsDropped ");
  EXPECT_EQ(events("INFO", kOk), "initStart start report logsDropped ");
  EXPECT_EQ(events("WARN", kOk), "logsDropped ");
  EXPECT_EQ(events("WARN", kTimeout), "initRuntimeDone initReport runtimeDone report logsDropped ");
}

TEST(LogLevel, IsReadFromALine) {
  const std::string time = R"("timestamp":"2024-11-02T16:51:31.587199Z")";
  struct Case {
    std::string line;
    std::optional<LogLevel> level;
  };
  for (const Case& test :
       {Case{R"({"level":"debug",)" + time + "}\n", LogLevel::kDebug},
        Case{R"({"level":"WARNING","time":"2024-11-02 16:51:31+01:00"})", LogLevel::kWarn},
        Case{R"({"level":"debug"})", LogLevel::kInfo},
        Case{R"({"level":"debug","timestamp":"yesterday"})", LogLevel::kInfo},
        Case{R"({"level":"debug","timestamp":"2024-11-02T16:51:31.Z"})", LogLevel::kInfo},
        Case{R"({"level":7,)" + time + "}", LogLevel::kInfo},
        Case{R"({"msg":"x",)" + time + "}", LogLevel::kInfo},
        Case{"debug: plain text", std::nullopt}, Case{R"({"level":"debug")", std::nullopt},
        Case{R"(["level","debug"])", std::nullopt}, Case{"", std::nullopt}}) {
    EXPECT_EQ(level_of_line(test.line), test.level) << test.line;
  }
}

TEST(LogTarget, NamesStreamsAndRuntimes) {
  FunctionRecord record;
  record.key.name = "f";
  record.version = "3";
  const WallTime day = from_epoch_ms(1'700'000'000'000);
  EXPECT_EQ(log_stream_name(record, day, "ab"), "2023/11/14/[3]ab");
  record.logging.group = "/shared";
  EXPECT_EQ(log_stream_name(record, day, "ab"), "2023/11/14/f[3]ab");
  EXPECT_EQ(runtime_version("provided.al2023"), "provided:al2023.stator");
  EXPECT_EQ(runtime_version("python3.12"), "python:3.12.stator");
  EXPECT_EQ(runtime_version("nodejs22.x"), "nodejs:22.stator");
}

}  // namespace
}  // namespace stator::lambda
