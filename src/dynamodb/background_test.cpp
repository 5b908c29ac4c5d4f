#include "dynamodb/background.hpp"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace stator::dynamodb {
namespace {

using std::chrono::milliseconds;

TEST(Background, RunsWhatIsPostedInOrder) {
  const FakeClock clock;
  Background background(clock);
  std::vector<int> ran;
  background.post([&] {
    ran.push_back(1);
    background.post([&] { ran.push_back(3); });
  });
  background.post([&] { ran.push_back(2); });
  EXPECT_TRUE(ran.empty());
  background.run_all();
  EXPECT_EQ(ran, (std::vector{1, 2, 3}));
}

TEST(Background, RunsPeriodicWorkWhenTheClockSaysSo) {
  FakeClock clock;
  Background background(clock);
  int runs = 0;
  background.every(milliseconds(100), [&] { ++runs; });
  background.run_all();
  EXPECT_EQ(runs, 0);
  clock.advance(milliseconds(100));
  background.run_all();
  background.run_all();
  EXPECT_EQ(runs, 1);
  clock.advance(milliseconds(250));
  background.run_all();
  EXPECT_EQ(runs, 2) << "what was missed is not made up for";
}

TEST(Background, ALongTaskDoesNotHoldUpPeriodicWork) {
  const SystemClock clock;
  Background background(clock);
  std::promise<void> is_due;
  std::promise<void> may_end;
  bool has_run = false;
  background.every(milliseconds(1), [&] {
    if (!std::exchange(has_run, true)) is_due.set_value();
  });
  background.post([&] { may_end.get_future().wait(); });
  background.start();
  is_due.get_future().wait();
  may_end.set_value();
  background.stop();
}

TEST(Background, StoppingDropsWhatHasNotBegun) {
  const SystemClock clock;
  Background background(clock);
  std::promise<void> has_begun;
  bool has_run = false;
  background.post([&] {
    has_begun.set_value();
    while (!background.is_stopping()) std::this_thread::yield();
  });
  background.post([&] { has_run = true; });
  background.start();
  has_begun.get_future().wait();
  background.stop();
  background.post([&] { has_run = true; });
  background.run_all();
  EXPECT_FALSE(has_run);
}

}  // namespace
}  // namespace stator::dynamodb
