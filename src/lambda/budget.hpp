#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace stator::lambda {

/// How many instances may stand at once, of all functions. Any thread.
class Budget {
 public:
  explicit Budget(std::size_t instances_max) : most_(instances_max) {}

  [[nodiscard]] bool take() {
    const std::lock_guard lock(mutex_);
    if (used_ >= most_) return false;
    ++used_;
    return true;
  }
  void give_back() {
    const std::lock_guard lock(mutex_);
    --used_;
    if (used_ == 0) empty_.notify_all();
  }
  [[nodiscard]] std::size_t used() const {
    const std::lock_guard lock(mutex_);
    return used_;
  }
  /// False when instances still stand after `timeout`.
  [[nodiscard]] bool wait_until_empty(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, timeout, [this] { return used_ == 0; });
  }

 private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t used_ = 0;
};

}  // namespace stator::lambda
