#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <vector>

#include "base/result.hpp"

namespace stator::cloudformation {

/// Threads that all runs share, so that many large stacks at once do not exhaust the machine. Any
/// thread.
class LaneBudget {
 public:
  explicit LaneBudget(std::size_t count) : free_(static_cast<std::ptrdiff_t>(count)) {}
  /// False when none is left: the caller goes on with the threads that it has.
  [[nodiscard]] bool take();
  void give_back() { ++free_; }

 private:
  std::atomic<std::ptrdiff_t> free_;
};

/// How the tasks of one run are spread over threads.
struct LaneOptions {
  std::size_t lanes_max = 8;     ///< 1: on the caller's thread alone
  LaneBudget* budget = nullptr;  ///< of the lanes beyond the caller's; null: no bound but lanes_max
  /// Which of so many tasks that are ready comes next; null: the first. Lets a seed decide.
  std::function<std::size_t(std::size_t)> choose = nullptr;
};

/// Tasks 0 to needs.size() - 1, each after those that it needs.
using Needs = std::vector<std::vector<std::size_t>>;

/// A task's answer says whether it succeeded; an error ends the whole run.
using Task = std::function<Result<bool>(std::size_t task)>;

/// Runs every task once, several at a time, and returns when none is running: true when all
/// succeeded. Of a task that failed, those that need it (directly or through others) do not run;
/// with `stops_at_failure` nothing begins any more after a failure. A ring of needs is entered at
/// its first task. A task that throws is an error.
[[nodiscard]] Result<bool> run_tasks(const Needs& needs, const LaneOptions& options,
                                     const Task& task, bool stops_at_failure);

}  // namespace stator::cloudformation
