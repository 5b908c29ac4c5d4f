#include "lambda/log_collector.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <future>
#include <mutex>

#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

using std::chrono::microseconds;

Ending make_ending(std::string id) {
  Ending ending;
  ending.request_id = std::move(id);
  ending.duration = microseconds(1'234);
  return ending;
}

TEST(LogLines, SplitsAndCuts) {
  LogLines lines;
  const WallTime now;
  lines.feed("one\ntw", now);
  lines.feed("o\nopen", now);
  auto events = lines.take();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].message, "one\n");
  EXPECT_EQ(events[1].message, "two\n");
  lines.flush(now);
  EXPECT_EQ(lines.take().at(0).message, "open\n");
  lines.feed(std::string(LogLines::kLineBytesMax + 100, 'x') + "\nnext\n", now);
  events = lines.take();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].message.size(), LogLines::kLineBytesMax);
  EXPECT_EQ(events[1].message, "next\n");
}

TEST(LogLines, CarriageReturnsMakeAnEventOfSeveralLines) {
  LogLines lines;
  lines.feed("[ERROR] first\rsecond\r\nnext\n\r\n", WallTime{});
  const auto events = lines.take();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].message, "[ERROR] first\nsecond\r\n");
  EXPECT_EQ(events[1].message, "next\n");
  EXPECT_EQ(events[2].message, "\r\n");
}

TEST(LogLines, TimeNeverGoesBack) {
  LogLines lines;
  lines.feed("a\n", from_epoch_ms(5));
  lines.feed("b\n", from_epoch_ms(3));
  lines.feed("c\n", from_epoch_ms(7));
  std::vector<std::int64_t> times;
  for (const auto& event : lines.take()) times.push_back(epoch_ms(event.time));
  EXPECT_EQ(times, (std::vector<std::int64_t>{5, 5, 7}));
}

TEST(LogLines, LeavesOutLinesBelowTheLevel) {
  LogLines lines(LogLevel::kWarn);
  const std::string time = R"(,"timestamp":"2024-11-02T16:51:31Z"})";
  lines.feed("plain text\n{\"level\":\"info\"" + time + "\n{\"level\":\"error\"" + time + "\n",
             WallTime());
  lines.add("{\"type\":\"platform.start\"}\n", WallTime());
  const auto events = lines.take();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].message, "plain text\n");
  EXPECT_NE(events[1].message.find("error"), std::string::npos);
  EXPECT_NE(events[2].message.find("platform.start"), std::string::npos);
  EXPECT_EQ(lines.tail().find("info"), std::string::npos);
}

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    out = UniqueFd(ends[0]);
    in = UniqueFd(ends[1]);
  }
  void write(std::string_view text) const {
    EXPECT_EQ(::write(in.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  UniqueFd in;
  UniqueFd out;
};

struct Collecting {
  Collecting() { collector.start(); }
  std::shared_ptr<InstanceLog> open(Pipe& pipe) {
    LogTarget target{"000000000000", "us-east-1", "/aws/lambda/f", "s", 128, "f"};
    return collector.open(std::move(target), std::move(pipe.out),
                          [] { return std::uint64_t{5} << 20; });
  }
  SystemClock clock;
  FakeLogs logs;
  LogCollector collector{logs, clock};
};

TEST(LogCollector, PutsOutputBetweenStartAndEndOfItsInvocation) {
  Collecting all;
  Pipe pipe;
  const auto log = all.open(pipe);
  // All is noted before the collector can look: only positions keep the two apart.
  pipe.write("starting up\n");
  log->begin("A");
  pipe.write("from a, ");
  pipe.write("unfinished");
  log->finish(make_ending("A"));
  log->begin("B");
  pipe.write("from b\n");
  log->finish(make_ending("B"));
  const std::string text = all.logs.wait_for("REPORT RequestId: B");
  EXPECT_TRUE(text.starts_with("INIT_START Runtime Version: "));
  const std::string expected =
      "starting up\n"
      "START RequestId: A Version: $LATEST\nfrom a, unfinished\nEND RequestId: A\n"
      "REPORT RequestId: A\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t"
      "Max Memory Used: 5 MB\t\n"
      "START RequestId: B Version: $LATEST\nfrom b\nEND RequestId: B\n";
  EXPECT_EQ(text.substr(text.find('\n') + 1, expected.size()), expected);
}

TEST(LogCollector, GivesACallerTheTailOfItsOwnInvocation) {
  Collecting all;
  Pipe pipe;
  const auto log = all.open(pipe);
  log->begin("A");
  pipe.write("before\n");
  log->finish(make_ending("A"));
  log->begin("B");
  pipe.write(std::string(5'000, 'x') + "\nlast words\n");
  std::promise<std::string> promise;
  Ending ending = make_ending("B");
  ending.on_tail = [&promise](std::string tail) { promise.set_value(std::move(tail)); };
  log->finish(std::move(ending));
  auto future = promise.get_future();
  ASSERT_EQ(future.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  const std::string tail = future.get();
  EXPECT_EQ(tail.size(), LogLines::kTailBytesMax);
  EXPECT_EQ(tail.find("before"), std::string::npos);
  EXPECT_NE(tail.find("last words\nEND RequestId: B\nREPORT RequestId: B"), std::string::npos);
}

TEST(LogCollector, ReadsADeadInstanceToItsLastByte) {
  Collecting all;
  Pipe pipe;
  const auto log = all.open(pipe);
  log->begin("A");
  pipe.write("dying");
  pipe.in.reset();
  Ending ending = make_ending("A");
  ending.status = Ending::Status::kError;
  ending.error_type = "Runtime.ExitError";
  ending.error_text = "Runtime exited with error: exit status 1";
  log->finish(std::move(ending));
  log->close();
  const std::string text = all.logs.wait_for("REPORT");
  EXPECT_NE(text.find("dying\nRequestId: A Error: Runtime exited with error: exit status 1\n"
                      "Runtime.ExitError\nEND RequestId: A\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("Status: error\tError Type: Runtime.ExitError\n"), std::string::npos);
}

/// Takes nothing until it is opened, as a disk that hangs.
class HangingSink final : public LogSink {
 public:
  void append(std::string_view, std::string_view, std::string_view, std::string_view,
              std::vector<LogEvent>) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

TEST(LogCollector, ASinkThatHangsHoldsUpNobody) {
  SystemClock clock;
  HangingSink sink;
  LogCollector collector(sink, clock);
  collector.start();
  for (const char* function : {"f", "g"}) {
    Pipe pipe;
    LogTarget target{"000000000000", "us-east-1", "/group", "s", 128, function};
    const auto log = collector.open(std::move(target), std::move(pipe.out), {});
    log->begin("A");
    // Far more than a pipe holds: it is read though nothing is written.
    const std::string line(1'000, 'x');
    for (int i = 0; i < 200; ++i) {
      std::size_t sent = 0;
      while (sent < line.size()) {
        const auto wrote = ::write(pipe.in.get(), line.data() + sent, line.size() - sent);
        if (wrote > 0) sent += static_cast<std::size_t>(wrote);
      }
    }
    std::promise<std::string> promise;
    Ending ending = make_ending("A");
    ending.on_tail = [&promise](std::string tail) { promise.set_value(std::move(tail)); };
    log->finish(std::move(ending));
    EXPECT_EQ(promise.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready)
        << function;
  }
  sink.open();
  collector.stop();
}

TEST(LogCollector, StoppingWritesWhatHasArrived) {
  Collecting all;
  Pipe pipe;
  const auto log = all.open(pipe);
  pipe.write("written\n");
  all.collector.stop();
  EXPECT_TRUE(all.logs.text().ends_with("\nwritten\n"));
}

}  // namespace
}  // namespace stator::lambda::test
