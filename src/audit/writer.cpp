#include "audit/writer.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace stator::audit {

struct Writer::State {
  State(LogFiles given_files, GapLine given_gap, OnError given_error, WriterOptions given_options)
      : files(std::move(given_files)),
        gap_line(std::move(given_gap)),
        on_error(std::move(given_error)),
        options(given_options) {}

  void run();
  void write_batch(const std::string& lines, std::uint64_t count, std::uint64_t missing);

  LogFiles files;
  const GapLine gap_line;
  const OnError on_error;
  const WriterOptions options;

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::string queued;  // whole lines
  std::uint64_t queued_count = 0;
  std::uint64_t taken = 0, written = 0;  // batches
  std::uint64_t dropped = 0, dropped_told = 0;
  bool is_stopping = false;
  bool is_failing = false;  // the thread's own
  std::thread thread;
};

void Writer::State::run() {
  std::unique_lock lock(mutex);
  for (;;) {
    changed.wait(lock, [this] { return is_stopping || !queued.empty(); });
    if (queued.empty() && dropped == dropped_told) break;
    std::string lines = std::exchange(queued, {});
    const std::uint64_t count = std::exchange(queued_count, 0);
    const std::uint64_t missing = dropped - dropped_told;
    dropped_told = dropped;
    if (missing > 0) lines += gap_line(missing) + "\n";
    ++taken;
    lock.unlock();
    write_batch(lines, count, missing);
    lock.lock();
    ++written;
    changed.notify_all();
    if (is_stopping && is_failing && queued.empty()) break;
  }
  lock.unlock();
  if (const auto synced = files.sync(); !synced) on_error(synced.error());
}

void Writer::State::write_batch(const std::string& lines, std::uint64_t count,
                                std::uint64_t missing) {
  const auto outcome = files.append(lines);
  if (outcome) {
    is_failing = false;
    return;
  }
  if (!std::exchange(is_failing, true)) on_error(outcome.error());
  const std::lock_guard lock(mutex);
  dropped += count;
  dropped_told -= missing;  // the line that told of them is lost too
}

Writer::Writer(LogFiles files, GapLine gap_line, OnError on_error, WriterOptions options)
    : state_(std::make_unique<State>(std::move(files), std::move(gap_line), std::move(on_error),
                                     options)) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Writer::~Writer() {
  stop();
}

void Writer::write(std::string line, Priority priority) {
  State& state = *state_;
  const std::size_t room = priority == Priority::kManagement ? state.options.queued_bytes_max
                                                             : state.options.queued_bytes_max / 2;
  {
    const std::lock_guard lock(state.mutex);
    if (state.is_stopping || state.queued.size() + line.size() + 1 > room) {
      ++state.dropped;
      return;
    }
    state.queued.append(line).push_back('\n');
    ++state.queued_count;
  }
  state.changed.notify_all();
}

std::uint64_t Writer::dropped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->dropped;
}

void Writer::flush() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  const std::uint64_t wanted = state.taken + (state.queued.empty() ? 0 : 1);
  state.changed.wait(lock, [&] { return state.written >= wanted || state.is_stopping; });
}

void Writer::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_stopping = true;
  }
  state_->changed.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace stator::audit
