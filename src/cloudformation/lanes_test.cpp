#include "cloudformation/lanes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>

namespace stator::cloudformation {
namespace {

/// Runs tasks that write down their numbers; those in `failing` fail.
struct Recorder {
  std::set<std::size_t> failing = {};
  std::mutex mutex = {};
  std::vector<std::size_t> ran = {};

  Task task() {
    return [this](std::size_t number) -> Result<bool> {
      const std::lock_guard lock(mutex);
      ran.push_back(number);
      return !failing.contains(number);
    };
  }
};

TEST(RunTasks, OneLaneKeepsTheOrderAsFarAsNeedsAllow) {
  Recorder recorder;
  EXPECT_TRUE(run_tasks({{2}, {}, {}, {0}}, {.lanes_max = 1}, recorder.task(), true).value());
  EXPECT_EQ(recorder.ran, (std::vector<std::size_t>{1, 2, 0, 3}));
}

TEST(RunTasks, WhatNeedsAFailedTaskDoesNotRun) {
  for (const auto& [stops, expected] :
       {std::pair(false, std::vector<std::size_t>{0, 3}), {true, std::vector<std::size_t>{0}}}) {
    Recorder recorder{.failing = {0}};
    const auto all = run_tasks({{}, {0}, {1}, {}}, {.lanes_max = 1}, recorder.task(), stops);
    EXPECT_FALSE(all.value());
    EXPECT_EQ(recorder.ran, expected);
  }
}

TEST(RunTasks, AnErrorEndsTheRun) {
  int ran = 0;
  const Task task = [&](std::size_t) -> Result<bool> { return ++ran, unavailable("stop"); };
  const auto outcome = run_tasks({{}, {}}, {.lanes_max = 1}, task, false);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "stop");
  EXPECT_EQ(ran, 1);
  const Task thrower = [](std::size_t) -> Result<bool> { throw std::runtime_error("thrown"); };
  EXPECT_EQ(run_tasks({{}}, {}, thrower, false).error().message, "thrown");
}

TEST(RunTasks, ARingIsEnteredAtItsFirst) {
  Recorder recorder;
  EXPECT_TRUE(run_tasks({{1}, {0}, {1}}, {.lanes_max = 1}, recorder.task(), false).value());
  EXPECT_EQ(recorder.ran, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(RunTasks, WhatIsIndependentRunsSideBySide) {
  // Each of three waits until all three have begun: one after the other they would never end.
  std::mutex mutex;
  std::condition_variable all_begun;
  int begun = 0;
  const Task task = [&](std::size_t) -> Result<bool> {
    std::unique_lock lock(mutex);
    ++begun;
    all_begun.notify_all();
    all_begun.wait(lock, [&] { return begun == 3; });
    return true;
  };
  EXPECT_TRUE(run_tasks({{}, {}, {}}, {.lanes_max = 3}, task, true).value());
}

TEST(RunTasks, AnEmptyBudgetLeavesTheCallersThread) {
  LaneBudget budget(0);
  Recorder recorder;
  EXPECT_TRUE(run_tasks({{}, {}}, {.lanes_max = 8, .budget = &budget}, recorder.task(), true));
  EXPECT_EQ(recorder.ran, (std::vector<std::size_t>{0, 1}));
  LaneBudget one(1);
  EXPECT_TRUE(one.take());
  EXPECT_FALSE(one.take());
  one.give_back();
  EXPECT_TRUE(one.take());
}

RC_GTEST_PROP(RunTasks, EachRunsOnceAndAfterItsNeeds, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 30);
  Needs needs(size);
  for (std::size_t i = 1; i < size; ++i) {
    needs[i] = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, i));
  }
  Recorder recorder;
  LaneBudget budget(4);
  const auto lanes = *rc::gen::inRange<std::size_t>(1, 5);
  RC_ASSERT(
      run_tasks(needs, {.lanes_max = lanes, .budget = &budget}, recorder.task(), true).value());
  RC_ASSERT(recorder.ran.size() == size);
  std::vector<std::size_t> place(size);
  for (std::size_t i = 0; i < size; ++i) place[recorder.ran[i]] = i;
  for (std::size_t i = 0; i < size; ++i) {
    for (const std::size_t need : needs[i]) RC_ASSERT(place[need] < place[i]);
  }
}

}  // namespace
}  // namespace stator::cloudformation
