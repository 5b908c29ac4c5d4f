#include "storage/syncer.hpp"

#include <gtest/gtest.h>

#include <future>

namespace stator::storage {
namespace {

/// A log whose syncs wait for the test.
struct FakeLog {
  Syncer::Log log() {
    return {[this] { return last.load(); }, [this] { return sync(); }};
  }
  Result<void> sync() {
    syncs.fetch_add(1);
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return permits > 0; });
    --permits;
    return fails ? Result<void>(internal("disk full")) : Result<void>();
  }
  void permit(int more) {
    const std::lock_guard lock(mutex);
    permits += more;
    changed.notify_all();
  }

  std::atomic<Sequence> last = 0;
  std::atomic<int> syncs = 0;
  std::atomic<bool> fails = false;
  std::mutex mutex;
  std::condition_variable changed;
  int permits = 0;
};

/// A callback that can be waited for and that notes when it is called twice.
struct Answer {
  Store::Done done() {
    return [this](Result<void> outcome) { promise.set_value(outcome.has_value()); };
  }
  bool get() { return promise.get_future().get(); }
  std::promise<bool> promise;
};

TEST(Syncer, AnswersAtOnceWhatIsDurable) {
  FakeLog log;
  Syncer syncer(log.log(), 7);
  Answer answer;
  syncer.when_durable(7, answer.done());
  EXPECT_TRUE(answer.get());
  EXPECT_EQ(log.syncs, 0);
}

TEST(Syncer, OneSyncServesAllThatCameDuringTheLast) {
  FakeLog log;
  Syncer syncer(log.log(), 0);
  log.last = 1;
  Answer first;
  syncer.when_durable(1, first.done());
  while (log.syncs == 0) std::this_thread::yield();
  log.last = 3;
  Answer second, third;
  syncer.when_durable(3, third.done());
  syncer.when_durable(2, second.done());
  EXPECT_EQ(syncer.durable(), 0u);
  log.permit(2);
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(third.get());
  EXPECT_EQ(log.syncs, 2);
  EXPECT_EQ(syncer.durable(), 3u);
}

TEST(Syncer, WhatIsWrittenDuringASyncIsNotTakenForDurable) {
  FakeLog log;
  Syncer syncer(log.log(), 0);
  log.last = 1;
  Answer answer;
  syncer.when_durable(1, answer.done());
  while (log.syncs == 0) std::this_thread::yield();
  log.last = 5;
  log.permit(1);
  EXPECT_TRUE(answer.get());
  EXPECT_EQ(syncer.durable(), 1u);
}

TEST(Syncer, CallsBackInTheOrderOfSequences) {
  FakeLog log;
  std::vector<Sequence> order;
  {
    Syncer syncer(log.log(), 0);
    log.last = 9;
    for (const Sequence sequence : {9, 3, 5, 3, 1}) {
      syncer.when_durable(sequence, [&, sequence](Result<void>) { order.push_back(sequence); });
    }
    log.permit(5);
  }
  // The first sync may start with the first waiter alone; the rest share the next one or find
  // themselves durable.
  EXPECT_EQ(order.size(), 5u);
  EXPECT_TRUE(std::is_sorted(order.begin() + 1, order.end())) << testing::PrintToString(order);
}

TEST(Syncer, AFailedSyncFailsEveryoneFromThenOn) {
  FakeLog log;
  Syncer syncer(log.log(), 0);
  log.last = 2;
  log.fails = true;
  log.permit(100);
  Answer before, after, durable;
  syncer.when_durable(2, before.done());
  EXPECT_FALSE(before.get());
  EXPECT_TRUE(syncer.has_failed());
  log.fails = false;
  syncer.when_durable(1, after.done());
  EXPECT_FALSE(after.get()) << "a later sync says nothing about what the failed one lost";
  syncer.when_durable(0, durable.done());
  EXPECT_TRUE(durable.get());
}

TEST(Syncer, FailAnswersThoseWhoWait) {
  FakeLog log;
  Syncer syncer(log.log(), 0);
  log.last = 2;
  Answer first, second;
  syncer.when_durable(1, first.done());
  while (log.syncs == 0) std::this_thread::yield();
  log.last = 3;
  syncer.when_durable(3, second.done());
  syncer.fail();
  log.permit(1);
  EXPECT_TRUE(first.get()) << "its sync did succeed";
  EXPECT_FALSE(second.get());
}

TEST(Syncer, ServesWhoStillWaitsBeforeItEnds) {
  FakeLog log;
  Answer answer;
  {
    Syncer syncer(log.log(), 0);
    log.last = 1;
    syncer.when_durable(1, answer.done());
    log.permit(1);
  }
  EXPECT_TRUE(answer.get());
}

}  // namespace
}  // namespace stator::storage
