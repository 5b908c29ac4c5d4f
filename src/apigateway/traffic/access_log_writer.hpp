#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "apigateway/traffic/access_log.hpp"
#include "base/clock.hpp"

namespace stator::apigateway {

struct AccessLogLine {
  WallTime time;
  std::string text;
};

/// Where access logs go. The server gives it the log store.
class AccessLogSink {
 public:
  virtual ~AccessLogSink() = default;
  /// Adds lines to one stream. What it cannot take it drops, and says so.
  virtual void append(const AccessLog& log, const std::string& stream,
                      std::vector<AccessLogLine> lines) = 0;
};

/// Between requests, which must never wait, and the sink, which may: one bounded queue and one
/// thread, begun with the first line. A line that finds the queue full is lost, and counted; the
/// log it was for is told how many with the next line that it gets. Any thread.
class AccessLogWriter {
 public:
  static constexpr std::size_t kBytesMax = 8u << 20;
  /// What one call of the sink takes.
  static constexpr std::size_t kBatchLinesMax = 1'000;

  explicit AccessLogWriter(AccessLogSink& sink) : sink_(sink) {}
  /// Writes what has been added and joins.
  ~AccessLogWriter();
  AccessLogWriter(const AccessLogWriter&) = delete;

  void add(const std::shared_ptr<const AccessLog>& log, AccessLogLine line);
  [[nodiscard]] std::uint64_t lines_lost() const { return lines_lost_.load(); }

 private:
  struct Entry {
    std::shared_ptr<const AccessLog> log;
    AccessLogLine line;
  };

  void run();
  void write(std::deque<Entry> entries);

  AccessLogSink& sink_;
  std::atomic<std::uint64_t> lines_lost_ = 0;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t lost_since_ = 0;  ///< lines lost since a log was last told
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace stator::apigateway
