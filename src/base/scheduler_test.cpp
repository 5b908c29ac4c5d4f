#include "base/scheduler.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

#include "base/worker_pool.hpp"

namespace stator {
namespace {

using std::chrono::milliseconds;

TEST(FakeScheduler, RunsDueTasksInOrderAtTheirTime) {
  FakeClock clock;
  FakeScheduler scheduler(clock);
  std::vector<int> ran;
  scheduler.after(milliseconds(20), [&] { ran.push_back(2); });
  scheduler.after(milliseconds(10), [&] {
    ran.push_back(1);
    scheduler.after(milliseconds(5), [&] { ran.push_back(15); });
  });
  const auto cancelled = scheduler.after(milliseconds(1), [&] { ran.push_back(0); });
  EXPECT_TRUE(scheduler.cancel(cancelled));
  EXPECT_FALSE(scheduler.cancel(cancelled));
  scheduler.advance(milliseconds(30));
  EXPECT_EQ(ran, (std::vector<int>{1, 15, 2}));
  EXPECT_EQ(scheduler.pending(), 0u);
}

TEST(TimerThread, RunsAndCancels) {
  TimerThread timers;
  std::promise<void> ran;
  std::atomic<bool> late = false;
  const auto never = timers.after(std::chrono::hours(1), [&] { late = true; });
  timers.after(milliseconds(1), [&] { ran.set_value(); });
  ran.get_future().wait();
  EXPECT_TRUE(timers.cancel(never));
  EXPECT_FALSE(late);
}

TEST(WorkerPool, RunsEverythingThatWasAcceptedAndRefusesTheRest) {
  std::promise<void> open;
  std::shared_future<void> gate = open.get_future().share();
  std::promise<void> started;
  std::atomic<int> ran = 0;
  WorkerPool pool(1, 2);
  ASSERT_TRUE(pool.post([&] {
    started.set_value();
    gate.wait();
    ++ran;
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.post([&] { ++ran; }));
  EXPECT_TRUE(pool.post([&] { ++ran; }));
  EXPECT_FALSE(pool.post([&] { ++ran; }));
  open.set_value();
  pool.stop();
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(pool.post([&] { ++ran; }));
}

}  // namespace
}  // namespace stator
