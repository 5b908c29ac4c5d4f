#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace stator::lambda {

struct StartQueueOptions {
  std::size_t threads_max = 32;
  std::size_t at_once_max = 4;  ///< of one function
  std::size_t queued_max = 4'096;
};

/// Threads on which instances are started. Functions take turns, and no function has more than a
/// few starts under way, so one whose starts hang (a disk, a large package) holds up itself alone.
/// A thread is made when there is none to spare.
class StartQueue {
 public:
  explicit StartQueue(StartQueueOptions options = {});
  /// As stop().
  ~StartQueue();
  StartQueue(const StartQueue&) = delete;

  /// False, and nothing happens, when too much is queued or the queue has stopped. A task must not
  /// throw. Any thread may call.
  [[nodiscard]] bool post(const std::string& function, std::function<void()> task);

  /// Refuses new tasks, runs what is queued and joins. Safe to call twice.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stator::lambda
