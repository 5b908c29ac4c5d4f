#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace stator {

/// A few threads for work that would hold up an event loop: unpacking code, building stacks.
class WorkerPool {
 public:
  /// Starts `threads` threads; at most `queued_max` tasks wait for one.
  WorkerPool(std::size_t threads, std::size_t queued_max);
  /// Runs what is queued, then joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;

  /// False, and nothing happens, when the queue is full or the pool is stopping. A task must not
  /// throw. Any thread may call.
  [[nodiscard]] bool post(std::function<void()> task);

  /// Refuses new tasks, runs the queued ones and joins. Safe to call twice.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stator
