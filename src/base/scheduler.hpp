#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/clock.hpp"

namespace stator {

/// Runs functions later. Passed in wherever something times out, so that tests own the time.
class Scheduler {
 public:
  using TimerId = std::uint64_t;
  virtual ~Scheduler() = default;

  /// Runs `task` once, `delay` from now, on the scheduler's own thread; the task must be short and
  /// must not throw. Any thread may call, a task too.
  virtual TimerId after(std::chrono::milliseconds delay, std::function<void()> task) = 0;

  /// True when the task will never run; false when it ran, is running, or is unknown.
  virtual bool cancel(TimerId id) = 0;
};

/// One thread that sleeps until the next task is due.
class TimerThread final : public Scheduler {
 public:
  TimerThread();
  /// Drops the tasks that are not yet due and waits for the one that is running.
  ~TimerThread() override;
  TimerThread(const TimerThread&) = delete;

  TimerId after(std::chrono::milliseconds delay, std::function<void()> task) override;
  bool cancel(TimerId id) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Runs what is due when the test says how far time moves. One thread only.
class FakeScheduler final : public Scheduler {
 public:
  explicit FakeScheduler(FakeClock& clock) : clock_(clock) {}
  TimerId after(std::chrono::milliseconds delay, std::function<void()> task) override;
  bool cancel(TimerId id) override;
  /// Moves the clock in steps from one due task to the next, running each at its time.
  void advance(std::chrono::milliseconds by);
  [[nodiscard]] std::size_t pending() const { return tasks_.size(); }

 private:
  using Due = std::pair<SteadyTime, TimerId>;
  FakeClock& clock_;
  std::map<Due, std::function<void()>> tasks_;
  TimerId next_ = 1;
};

}  // namespace stator
