#include "cloudformation/lanes.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace stator::cloudformation {
namespace {

enum class State { kWaiting, kRunning, kDone, kFailed };

/// What the lanes of one run share. Every member but `run` under the lock.
class Weave {
 public:
  Weave(const Needs& needs, const LaneOptions& options, const Task& task, bool stops_at_failure)
      : needs_(needs),
        options_(options),
        task_(task),
        stops_at_failure_(stops_at_failure),
        states_(needs.size(), State::kWaiting) {}

  Result<bool> run() {
    lane();
    for (std::thread& thread : threads_) thread.join();
    if (error_) return *error_;
    return std::all_of(states_.begin(), states_.end(),
                       [](State state) { return state == State::kDone; });
  }

 private:
  void lane() {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto next = take_next();
      if (next) {
        add_lane();
        run_one(*next, lock);
        changed_.notify_all();
      } else if (running_ > 0) {
        changed_.wait(lock);
      } else {
        changed_.notify_all();
        return;
      }
    }
  }

  void run_one(std::size_t task, std::unique_lock<std::mutex>& lock) {
    states_[task] = State::kRunning;
    ++running_;
    lock.unlock();
    Result<bool> outcome = false;
    try {
      outcome = task_(task);
    } catch (const std::exception& error) {
      outcome = internal(error.what());
    }
    lock.lock();
    --running_;
    states_[task] = outcome && *outcome ? State::kDone : State::kFailed;
    if (states_[task] == State::kFailed && stops_at_failure_) is_halted_ = true;
    if (!outcome) {
      if (!error_) error_ = outcome.error();
      is_halted_ = true;
    }
  }

  [[nodiscard]] bool is_ready(std::size_t task) const {
    return states_[task] == State::kWaiting &&
           std::all_of(needs_[task].begin(), needs_[task].end(),
                       [&](std::size_t need) { return states_[need] == State::kDone; });
  }

  std::optional<std::size_t> take_next() {
    if (is_halted_) return std::nullopt;
    std::vector<std::size_t> ready;
    for (std::size_t task = 0; task < states_.size(); ++task) {
      if (is_ready(task)) ready.push_back(task);
    }
    ready_ = ready.size();
    if (ready.empty()) return running_ == 0 ? enter_ring() : std::nullopt;
    return ready[options_.choose ? options_.choose(ready.size()) : 0];
  }

  /// The first task that waits for no failed one, directly or through others: what it waits for is
  /// a ring. Nothing when there is none.
  std::optional<std::size_t> enter_ring() {
    std::vector<bool> is_blocked(states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) is_blocked[i] = states_[i] == State::kFailed;
    for (bool is_changed = true; is_changed;) {
      is_changed = false;
      for (std::size_t i = 0; i < states_.size(); ++i) {
        if (is_blocked[i]) continue;
        is_blocked[i] = std::any_of(needs_[i].begin(), needs_[i].end(),
                                    [&](std::size_t need) { return is_blocked[need]; });
        is_changed = is_changed || is_blocked[i];
      }
    }
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i] == State::kWaiting && !is_blocked[i]) return i;
    }
    return std::nullopt;
  }

  /// One more lane when more is ready than the one task that this lane is about to run. Where the
  /// machine has no more threads, the lanes that there are do the work.
  void add_lane() {
    if (ready_ < 2 || threads_.size() + 1 >= options_.lanes_max) return;
    if (options_.budget != nullptr && !options_.budget->take()) return;
    try {
      threads_.emplace_back([this] {
        lane();
        if (options_.budget != nullptr) options_.budget->give_back();
      });
    } catch (const std::system_error&) {
      if (options_.budget != nullptr) options_.budget->give_back();
    }
  }

  const Needs& needs_;
  const LaneOptions& options_;
  const Task& task_;
  const bool stops_at_failure_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<State> states_;
  std::vector<std::thread> threads_;
  std::size_t ready_ = 0, running_ = 0;
  bool is_halted_ = false;
  std::optional<Error> error_;
};

}  // namespace

bool LaneBudget::take() {
  if (--free_ >= 0) return true;
  ++free_;
  return false;
}

Result<bool> run_tasks(const Needs& needs, const LaneOptions& options, const Task& task,
                       bool stops_at_failure) {
  return Weave(needs, options, task, stops_at_failure).run();
}

}  // namespace stator::cloudformation
