#include "storage/syncer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace stator::storage {

namespace {
constexpr std::chrono::milliseconds kGatherTimeMax{1};
}  // namespace

Error store_failed() {
  return unavailable("The store has failed to write to its disk and needs a restart");
}

Syncer::Syncer(Log log, Sequence durable)
    : log_(std::move(log)), durable_(durable), thread_([this] { run(); }) {}

Syncer::~Syncer() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Syncer::when_durable(Sequence sequence, Store::Done done) {
  if (sequence <= durable()) return done({});
  {
    const std::lock_guard lock(mutex_);
    if (!has_failed() && sequence > durable()) {
      waiting_.push_back({sequence, std::move(done)});
      if (waiting_.size() == wake_at_) changed_.notify_one();
      return;
    }
  }
  done(sequence <= durable() ? Result<void>() : store_failed());
}

void Syncer::fail() {
  const std::lock_guard lock(mutex_);
  has_failed_.store(true, std::memory_order_release);
  changed_.notify_one();
}

void Syncer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_at_ = 1;
    changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    if (!has_failed()) {
      gather(lock);
      sync(lock);
    }
    crowd_ = waiting_.size();
    auto ready = take_ready();
    if (ready.size() < 2) crowd_ = 0;
    lock.unlock();
    for (auto& waiter : ready) {
      waiter.done(waiter.sequence <= durable() ? Result<void>() : store_failed());
    }
    ready.clear();
    lock.lock();
  }
}

void Syncer::gather(std::unique_lock<std::mutex>& lock) {
  if (waiting_.size() >= crowd_) return;
  const auto time = std::min<std::chrono::nanoseconds>(sync_duration_, kGatherTimeMax);
  wake_at_ = crowd_;
  changed_.wait_for(lock, time,
                    [this] { return is_stopping_ || has_failed() || waiting_.size() >= crowd_; });
}

void Syncer::sync(std::unique_lock<std::mutex>& lock) {
  wake_at_ = kNobody;
  lock.unlock();
  // Read before the sync: what is written meanwhile may or may not be in it.
  const Sequence target = log_.last();
  const auto begin = std::chrono::steady_clock::now();
  const auto outcome = log_.sync();
  sync_duration_ = std::chrono::steady_clock::now() - begin;
  lock.lock();
  if (outcome) {
    durable_.store(target, std::memory_order_release);
  } else {
    has_failed_.store(true, std::memory_order_release);
  }
}

/// Those whose answer is known, by sequence; all of them once the store has failed.
std::vector<Syncer::Waiter> Syncer::take_ready() {
  const auto is_pending = [this](const Waiter& waiter) {
    return !has_failed() && waiter.sequence > durable();
  };
  const auto first = std::partition(waiting_.begin(), waiting_.end(), is_pending);
  std::vector<Waiter> ready(std::make_move_iterator(first),
                            std::make_move_iterator(waiting_.end()));
  waiting_.erase(first, waiting_.end());
  std::stable_sort(ready.begin(), ready.end(),
                   [](const Waiter& a, const Waiter& b) { return a.sequence < b.sequence; });
  return ready;
}

}  // namespace stator::storage
