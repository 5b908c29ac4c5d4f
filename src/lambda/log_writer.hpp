#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lambda/doors.hpp"
#include "lambda/log_target.hpp"

namespace stator::lambda {

/// Between the collector, which must never wait, and the sink, which may: one queue for each
/// function and one thread that empties them in turn, so that the lines of a function that writes
/// much neither delay nor displace those of another.
///
/// A queue holds kFunctionBytesMax; past that the function's oldest lines go, and a line of its log
/// says how many. Any thread.
class LogWriter {
 public:
  static constexpr std::size_t kFunctionBytesMax = 4u << 20;
  /// What one turn takes of a queue.
  static constexpr std::size_t kBatchBytesMax = 512u << 10;

  explicit LogWriter(LogSink& sink) : sink_(sink) {}
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;

  void start();
  /// Writes what has been added and joins. Safe to call twice.
  void stop();

  void add(const std::shared_ptr<const LogTarget>& target, std::vector<LogEvent> events);

 private:
  struct Line {
    std::shared_ptr<const LogTarget> target;
    LogEvent event;
  };
  struct Queue {
    std::deque<Line> lines;
    std::size_t bytes = 0;
    std::uint64_t dropped_lines = 0;
    std::uint64_t dropped_bytes = 0;
  };
  /// Lines of one stream.
  struct Batch {
    std::shared_ptr<const LogTarget> target;
    std::vector<LogEvent> events;
  };

  void run();
  /// Wants the lock: what the function whose turn it is has in one stream.
  [[nodiscard]] Batch take();
  static void make_room(Queue& queue);

  LogSink& sink_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::map<std::string, Queue> queues_;  ///< by function; those with lines only
  std::deque<std::string> turns_;        ///< the keys of queues_, the next one first
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace stator::lambda
