#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "lambda/doors.hpp"
#include "lambda/log_lines.hpp"
#include "lambda/log_target.hpp"
#include "lambda/log_writer.hpp"
#include "lambda/pool.hpp"
#include "lambda/system_log.hpp"
#include "lambda/telemetry.hpp"

namespace stator::lambda {

class LogCollector;

/// The log of one instance, which opens with the line that says its start. What marks a moment of
/// it only notes where in the output it falls (one ioctl) and returns; the collector's thread
/// reads, makes the lines and samples memory. Any thread.
class InstanceLog : public std::enable_shared_from_this<InstanceLog> {
 public:
  /// `memory` gives the instance's memory now; called on the collector's thread.
  using MemorySampler = std::function<std::uint64_t()>;

  /// `telemetry` hears of all that the log does; null where nobody listens.
  InstanceLog(LogCollector& collector, LogTarget target, UniqueFd output, MemorySampler memory,
              std::shared_ptr<Telemetry> telemetry = nullptr);

  /// The program asks for its first event, or will never do so. Later calls say nothing.
  void init_done(InitEnding ending);
  void begin(std::string request_id);
  void finish(Ending ending);
  /// The program is dead: what it wrote until now is all.
  void close();
  void note_memory(std::uint64_t bytes);

 private:
  friend class LogCollector;
  struct Begin {
    std::string request_id;
  };
  struct Close {};
  struct Mark {
    std::uint64_t position = 0;  ///< how much of the output comes before
    std::variant<InitEnding, Begin, Ending, Close> what;
  };

  void mark(decltype(Mark::what) what, bool is_urgent);
  /// On the collector's thread: reads, writes lines, hands events over. False when it is finished.
  [[nodiscard]] bool work();
  [[nodiscard]] std::string read_some(std::vector<Mark>& marks);
  void apply(Mark& mark);
  void write_end(Ending& ending);
  /// Writes what `lines_of` makes of a SystemLog, and tells the telemetry.
  template <class LinesOf>
  void add(const LinesOf& lines_of, WallTime now);
  void tell_output(const std::string& line, WallTime now);

  LogCollector& collector_;
  const std::shared_ptr<const LogTarget> target_;
  const SystemLog system_;
  const std::shared_ptr<Telemetry> telemetry_;
  const LogTarget telemetry_target_;  ///< the same, for all events in JSON
  const SystemLog telemetry_system_;
  const MemorySampler memory_;

  std::mutex mutex_;  ///< guards the four below
  UniqueFd output_;
  std::uint64_t read_ = 0;
  std::deque<Mark> marks_;
  bool is_queued_ = false;

  std::atomic<std::uint64_t> memory_bytes_{0};
  std::atomic<bool> is_init_done_{false};
  // The collector's alone:
  LogLines lines_;
  std::uint64_t written_ = 0;
  SteadyTime sampled_at_{};
  bool is_closed_ = false;
};

/// One thread that reads the output of every instance and hands the lines to a writer, so that no
/// request pays for its log and no program waits for a disk.
class LogCollector {
 public:
  LogCollector(LogSink& sink, const Clock& clock);
  ~LogCollector();
  LogCollector(const LogCollector&) = delete;

  void start();
  /// Writes what has arrived and joins. Safe to call twice.
  void stop();

  [[nodiscard]] std::shared_ptr<InstanceLog> open(LogTarget target, UniqueFd output,
                                                  InstanceLog::MemorySampler memory,
                                                  std::shared_ptr<Telemetry> telemetry = nullptr);

 private:
  friend class InstanceLog;
  void queue(std::shared_ptr<InstanceLog> log, bool is_urgent);
  void wake() const;
  void run();
  void wait_for_work();
  void work_once();
  void forget(const InstanceLog* log);

  LogWriter writer_;
  const Clock& clock_;
  UniqueFd epoll_;
  UniqueFd event_;
  std::atomic<bool> is_pending_{false};
  std::atomic<bool> is_urgent_{false};
  std::atomic<bool> is_stopping_{false};
  std::mutex mutex_;  ///< guards the two below
  std::map<const InstanceLog*, std::shared_ptr<InstanceLog>> logs_;
  std::vector<std::shared_ptr<InstanceLog>> queued_;
  std::thread thread_;
};

}  // namespace stator::lambda
