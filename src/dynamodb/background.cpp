#include "dynamodb/background.hpp"

#include <algorithm>

namespace stator::dynamodb {

namespace {

/// How long the periodic thread sleeps at most before it looks at the clock again.
constexpr std::chrono::milliseconds kSleepMax{1'000};

}  // namespace

Background::~Background() {
  stop();
}

void Background::post(std::function<void()> task) {
  const std::scoped_lock lock(mutex_);
  if (is_stopping_) return;
  posted_.push_back(std::move(task));
  changed_.notify_all();
}

void Background::every(std::chrono::milliseconds period, std::function<void()> task) {
  const std::scoped_lock lock(mutex_);
  periodic_.push_back({period, std::move(task), clock_.steady() + period});
}

void Background::start() {
  threads_.emplace_back([this] { run_posted(); });
  threads_.emplace_back([this] { run_periodic(); });
}

void Background::stop() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
    posted_.clear();
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Background::is_stopping() const {
  const std::scoped_lock lock(mutex_);
  return is_stopping_;
}

void Background::run_all() {
  for (auto task = take_posted(); task; task = take_posted()) task();
  run_due();
  for (auto task = take_posted(); task; task = take_posted()) task();
}

std::function<void()> Background::take_posted() {
  const std::scoped_lock lock(mutex_);
  if (posted_.empty()) return {};
  auto task = std::move(posted_.front());
  posted_.pop_front();
  return task;
}

void Background::run_posted() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_stopping_ || !posted_.empty(); });
      if (is_stopping_) return;
    }
    if (const auto task = take_posted()) task();
  }
}

void Background::run_due() {
  // The list does not change once the threads run.
  for (Periodic& periodic : periodic_) {
    if (periodic.due > clock_.steady()) continue;
    periodic.task();
    periodic.due = clock_.steady() + periodic.period;
  }
}

void Background::run_periodic() {
  for (;;) {
    {
      SteadyTime next = clock_.steady() + kSleepMax;
      for (const Periodic& periodic : periodic_) next = std::min(next, periodic.due);
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, next - clock_.steady(), [this] { return is_stopping_; });
      if (is_stopping_) return;
    }
    run_due();
  }
}

}  // namespace stator::dynamodb
