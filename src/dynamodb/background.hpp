#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"

namespace stator::dynamodb {

/// What tables do without being asked: fill indexes, expire items, trim streams, copy backups. Two
/// threads, so that a backup of gigabytes does not hold up what is due every second. Without
/// start() nothing runs but in run_all(), which is how tests decide when.
class Background {
 public:
  explicit Background(const Clock& clock) : clock_(clock) {}
  /// Stops.
  ~Background();
  Background(const Background&) = delete;

  /// Runs `task` once, after those posted before it. It must not throw, must look at is_stopping()
  /// every few milliseconds, and whatever it leaves undone must be found again at the next start of
  /// the server. What control-plane operations post is all there is, so the queue needs no bound of
  /// its own. Any thread may call.
  void post(std::function<void()> task);
  /// Runs `task` every `period`, counted from the end of the run before. It must not throw. Only
  /// before start().
  void every(std::chrono::milliseconds period, std::function<void()> task);

  void start();
  /// Lets the running tasks end and drops the others. Safe to call twice.
  void stop();
  [[nodiscard]] bool is_stopping() const;

  /// Runs, on this thread, all that was posted (and is posted meanwhile) and each periodic task
  /// that is due by the clock. For tests, which do not start().
  void run_all();

 private:
  struct Periodic {
    std::chrono::milliseconds period;
    std::function<void()> task;
    SteadyTime due;
  };

  void run_posted();
  void run_periodic();
  [[nodiscard]] std::function<void()> take_posted();
  void run_due();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
  std::deque<std::function<void()>> posted_;
  std::vector<Periodic> periodic_;
  std::vector<std::thread> threads_;
};

}  // namespace stator::dynamodb
