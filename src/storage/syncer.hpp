#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/store.hpp"

namespace stator::storage {

/// Makes written batches durable: one thread that syncs the log once for all that wait, at once
/// when it is idle, so that what arrives during a sync shares the next one. Sleeps while nobody
/// waits. Any thread may call.
///
/// A sync costs the same for one as for many. Under load, when the last one served several, those
/// it served are about to come again: the next one waits until as many are there as were then, but
/// never longer than the last one took, and never longer than a millisecond.
class Syncer {
 public:
  struct Log {
    std::function<Sequence()> last;      ///< the newest batch that the log holds
    std::function<Result<void>()> sync;  ///< puts all of it on disk
  };

  /// Everything up to `durable` is on disk already.
  Syncer(Log log, Sequence durable);
  /// Serves those who still wait, then ends the thread. Nobody may call any more.
  ~Syncer();
  Syncer(const Syncer&) = delete;

  [[nodiscard]] Sequence durable() const { return durable_.load(std::memory_order_acquire); }
  [[nodiscard]] bool has_failed() const { return has_failed_.load(std::memory_order_acquire); }

  /// As Store::when_durable.
  void when_durable(Sequence sequence, Store::Done done);

  /// From now on nothing becomes durable: those who wait and those who come get kUnavailable.
  void fail();

 private:
  struct Waiter {
    Sequence sequence;
    Store::Done done;
  };

  void run();
  void gather(std::unique_lock<std::mutex>& lock);
  void sync(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] std::vector<Waiter> take_ready();

  Log log_;
  std::atomic<Sequence> durable_;
  std::atomic<bool> has_failed_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiter> waiting_;
  static constexpr std::size_t kNobody = 0;
  std::size_t wake_at_ = kNobody;  ///< the thread sleeps until so many wait
  bool is_stopping_ = false;
  std::size_t crowd_ = 0;                     ///< who waited when the last sync ended
  std::chrono::nanoseconds sync_duration_{};  ///< of the last one
  std::thread thread_;                        // Last: it starts when all else is there.
};

/// What callers of a failed store get.
[[nodiscard]] Error store_failed();

}  // namespace stator::storage
