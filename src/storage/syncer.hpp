#pragma once

#include <atomic>
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
  [[nodiscard]] std::vector<Waiter> take_ready();

  Log log_;
  std::atomic<Sequence> durable_;
  std::atomic<bool> has_failed_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiter> waiting_;
  bool is_stopping_ = false;
  std::thread thread_;  // Last: it starts when all else is there.
};

/// What callers of a failed store get.
[[nodiscard]] Error store_failed();

}  // namespace stator::storage
