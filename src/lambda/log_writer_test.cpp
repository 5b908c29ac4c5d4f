#include "lambda/log_writer.hpp"

#include <gtest/gtest.h>

#include <future>

namespace stator::lambda {
namespace {

/// Holds whoever appends until the test lets go, and keeps what it was given.
class SlowSink final : public LogSink {
 public:
  void append(std::string_view, std::string_view, std::string_view group, std::string_view stream,
              std::vector<LogEvent> events) override {
    std::unique_lock lock(mutex_);
    ++appends_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
    for (auto& event : events) {
      lines_.push_back(std::string(group) + "/" + std::string(stream) + " " + event.message);
    }
  }
  void wait_for_an_append() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return appends_ > 0; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  /// To be asked when nobody appends any more.
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  int appends_ = 0;
  std::vector<std::string> lines_;
};

std::shared_ptr<const LogTarget> target(const std::string& function, const std::string& stream) {
  return std::make_shared<const LogTarget>(LogTarget{.account = "000000000000",
                                                     .region = "us-east-1",
                                                     .group = function,
                                                     .stream = stream,
                                                     .function = function});
}

std::vector<LogEvent> lines(std::size_t count, std::size_t bytes, char c) {
  return std::vector<LogEvent>(count, {WallTime(), std::string(bytes, c)});
}

TEST(LogWriter, KeepsTheOrderOfAStream) {
  SlowSink sink;
  sink.open();
  LogWriter writer(sink);
  const auto one = target("f", "one");
  const auto two = target("f", "two");
  writer.start();
  writer.add(one, {{WallTime(), "a"}, {WallTime(), "b"}});
  writer.add(two, {{WallTime(), "c"}});
  writer.add(one, {{WallTime(), "d"}});
  writer.stop();
  EXPECT_EQ(sink.lines(), (std::vector<std::string>{"f/one a", "f/one b", "f/two c", "f/one d"}));
}

TEST(LogWriter, ALoudFunctionLosesItsOwnOldestLinesAndNothingElse) {
  SlowSink sink;
  LogWriter writer(sink);
  const auto loud = target("loud", "s");
  const auto quiet = target("quiet", "s");
  writer.start();
  writer.add(loud, {{WallTime(), "first"}});
  sink.wait_for_an_append();  // The disk hangs, with the first line in its hands.
  writer.add(quiet, {{WallTime(), "said early"}});
  constexpr std::size_t kLine = 1u << 16;
  for (int i = 0; i < 200; ++i) writer.add(loud, lines(1, kLine, 'x'));
  writer.add(loud, {{WallTime(), "last"}});
  writer.add(quiet, {{WallTime(), "said late"}});
  sink.open();
  writer.stop();

  std::size_t kept = 0;
  std::vector<std::string> rest;
  for (const auto& line : sink.lines()) {
    if (line.ends_with("xxx")) {
      ++kept;
    } else {
      rest.push_back(line);
    }
  }
  EXPECT_EQ(kept, LogWriter::kFunctionBytesMax / (kLine + 64));
  const std::string dropped = "loud/s stator: " + std::to_string(200 - kept) +
                              " log lines before this one were dropped: the function writes "
                              "faster than they can be kept\n";
  EXPECT_EQ(rest, (std::vector<std::string>{"loud/s first", "quiet/s said early",
                                            "quiet/s said late", dropped, "loud/s last"}))
      << "the quiet one had its turn before the loud one's backlog";
}

TEST(LogWriter, TakesAQueueInTurnsWithTheOthers) {
  SlowSink sink;
  LogWriter writer(sink);
  const auto loud = target("loud", "s");
  writer.add(loud, lines(40, 1u << 16, 'x'));  // five turns
  writer.add(target("quiet", "s"), {{WallTime(), "hello"}});
  sink.open();
  writer.start();
  writer.stop();
  const auto& all = sink.lines();
  ASSERT_EQ(all.size(), 41u);
  const auto at = std::find(all.begin(), all.end(), "quiet/s hello") - all.begin();
  EXPECT_LT(at, 10) << "one turn of the loud function comes before";
}

}  // namespace
}  // namespace stator::lambda
