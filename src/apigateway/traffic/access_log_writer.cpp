#include "apigateway/traffic/access_log_writer.hpp"

#include <map>
#include <utility>

#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

/// How long lines gather before they are written together.
constexpr std::chrono::milliseconds kGathering{50};

/// A line's own bytes and about what it costs to keep it.
std::size_t cost(const AccessLogLine& line) {
  return line.text.size() + 96;
}

/// "2026/01/02": AWS does not document how it names its streams.
std::string day_of(WallTime time) {
  std::string day = iso8601(time).substr(0, 10);
  day[4] = day[7] = '/';
  return day;
}

}  // namespace

AccessLogWriter::~AccessLogWriter() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void AccessLogWriter::add(const std::shared_ptr<const AccessLog>& log, AccessLogLine line) {
  {
    const std::lock_guard lock(mutex_);
    const std::size_t bytes = cost(line);
    if (bytes_ + bytes > kBytesMax) {
      ++lines_lost_;
      ++lost_since_;
      return;
    }
    if (const auto lost = std::exchange(lost_since_, 0); lost > 0) {
      const std::string told = std::to_string(lost) + " access log lines were lost: too many came";
      entries_.push_back({log, {line.time, told}});
      bytes_ += cost(entries_.back().line);
    }
    bytes_ += bytes;
    entries_.push_back({log, std::move(line)});
    if (!thread_.joinable() && !is_stopping_) thread_ = std::thread([this] { run(); });
    // The thread sleeps only while there is nothing.
    if (entries_.size() > 1) return;
  }
  changed_.notify_one();
}

void AccessLogWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_stopping_ || !entries_.empty(); });
    if (entries_.empty()) return;
    changed_.wait_for(lock, kGathering, [this] { return is_stopping_; });
    // What is being written still takes its room, or the bound would not be one.
    std::deque<Entry> entries = std::exchange(entries_, {});
    const std::size_t bytes = bytes_;
    lock.unlock();
    write(std::move(entries));
    lock.lock();
    bytes_ -= bytes;
  }
}

void AccessLogWriter::write(std::deque<Entry> entries) {
  struct Batch {
    std::shared_ptr<const AccessLog> log;
    std::vector<AccessLogLine> lines;
  };
  using Key = std::pair<const AccessLog*, std::string>;
  std::map<Key, Batch> batches;
  for (Entry& entry : entries) {
    const std::string stream = entry.log->stream_prefix + day_of(entry.line.time);
    Batch& batch = batches[{entry.log.get(), stream}];
    batch.log = std::move(entry.log);
    batch.lines.push_back(std::move(entry.line));
    if (batch.lines.size() < kBatchLinesMax) continue;
    sink_.append(*batch.log, stream, std::exchange(batch.lines, {}));
  }
  for (auto& [key, batch] : batches) {
    if (!batch.lines.empty()) sink_.append(*batch.log, key.second, std::move(batch.lines));
  }
}

}  // namespace stator::apigateway
