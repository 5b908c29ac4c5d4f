#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace stator::lambda {

/// Somebody who waits for a place in the budget.
class PlaceSeeker {
 public:
  virtual ~PlaceSeeker() = default;
  /// A place has come free. Takes it over, or answers false when there is no use for it any more.
  /// Called without a lock, perhaps on the thread of another function.
  [[nodiscard]] virtual bool take_place() = 0;
};

/// How many instances may stand at once, of all functions. Whoever finds no place waits in the
/// order of asking. Any thread.
class Budget {
 public:
  /// `make_room` is called, without a lock, when somebody has begun to wait: it may end an instance
  /// that nobody uses.
  explicit Budget(std::size_t instances_max, std::function<void()> make_room = {})
      : most_(instances_max), make_room_(std::move(make_room)) {}

  /// Not when somebody waits.
  [[nodiscard]] bool take() {
    const std::lock_guard lock(mutex_);
    return take_locked();
  }
  /// False when there is none now: then the seeker is asked to take one later, once.
  [[nodiscard]] bool take_or_wait(std::weak_ptr<PlaceSeeker> seeker) {
    const std::lock_guard lock(mutex_);
    if (take_locked()) return true;
    seekers_.push_back(std::move(seeker));
    return false;
  }
  /// The place goes to whoever has waited longest and still wants it. Not under a pool's lock.
  void give_back() {
    for (;;) {
      std::shared_ptr<PlaceSeeker> seeker;
      {
        const std::lock_guard lock(mutex_);
        if (seekers_.empty()) {
          --used_;
          if (used_ == 0) empty_.notify_all();
          return;
        }
        seeker = seekers_.front().lock();
        seekers_.pop_front();
      }
      if (seeker != nullptr && seeker->take_place()) return;
    }
  }
  /// Not under a lock.
  void make_room() const {
    if (make_room_) make_room_();
  }
  [[nodiscard]] std::size_t seekers() const {
    const std::lock_guard lock(mutex_);
    return seekers_.size();
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
  bool take_locked() {
    if (used_ >= most_ || !seekers_.empty()) return false;
    ++used_;
    return true;
  }

  const std::size_t most_;
  const std::function<void()> make_room_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t used_ = 0;
  std::deque<std::weak_ptr<PlaceSeeker>> seekers_;
};

}  // namespace stator::lambda
