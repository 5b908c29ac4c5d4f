#include "lambda/log_writer.hpp"

#include <utility>

#include "lambda/system_log.hpp"

namespace stator::lambda {
namespace {

/// A line's own bytes and about what it costs to keep it.
std::size_t cost(const LogEvent& event) {
  return event.message.size() + 64;
}

}  // namespace

LogWriter::~LogWriter() {
  stop();
}

void LogWriter::start() {
  thread_ = std::thread([this] { run(); });
}

void LogWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void LogWriter::add(const std::shared_ptr<const LogTarget>& target, std::vector<LogEvent> events) {
  if (events.empty()) return;
  std::string function = target->function_arn();
  {
    const std::lock_guard lock(mutex_);
    const auto [at, is_new] = queues_.try_emplace(function);
    Queue& queue = at->second;
    for (LogEvent& event : events) {
      queue.bytes += cost(event);
      queue.lines.push_back({target, std::move(event)});
    }
    make_room(queue);
    if (is_new) turns_.push_back(std::move(function));
  }
  changed_.notify_one();
}

void LogWriter::make_room(Queue& queue) {
  while (queue.bytes > kFunctionBytesMax) {
    const LogEvent& oldest = queue.lines.front().event;
    queue.bytes -= cost(oldest);
    queue.dropped_bytes += oldest.message.size();
    ++queue.dropped_lines;
    queue.lines.pop_front();
  }
}

LogWriter::Batch LogWriter::take() {
  const auto at = queues_.find(turns_.front());
  std::string function = std::move(turns_.front());
  turns_.pop_front();
  Queue& queue = at->second;
  Batch batch;
  batch.target = queue.lines.front().target;
  if (queue.dropped_lines > 0) {
    const WallTime time = queue.lines.front().event.time;
    for (auto& line : SystemLog(*batch.target)
                          .dropped(std::exchange(queue.dropped_lines, 0),
                                   std::exchange(queue.dropped_bytes, 0), time)) {
      batch.events.push_back({time, std::move(line)});
    }
  }
  std::size_t bytes = 0;
  while (!queue.lines.empty() && queue.lines.front().target == batch.target &&
         bytes < kBatchBytesMax) {
    bytes += cost(queue.lines.front().event);
    batch.events.push_back(std::move(queue.lines.front().event));
    queue.lines.pop_front();
  }
  queue.bytes -= bytes;
  if (queue.lines.empty()) {
    queues_.erase(at);
  } else {
    turns_.push_back(std::move(function));
  }
  return batch;
}

void LogWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_stopping_ || !turns_.empty(); });
    if (turns_.empty()) return;
    Batch batch = take();
    lock.unlock();
    const LogTarget& target = *batch.target;
    sink_.append(target.account, target.region, target.group, target.stream,
                 std::move(batch.events));
    lock.lock();
  }
}

}  // namespace stator::lambda
