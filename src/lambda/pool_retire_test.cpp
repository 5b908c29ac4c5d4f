#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lambda/pool_test_kit.hpp"

namespace stator::lambda::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(Pool, NewCodeRetiresTheOldInstances) {
  World world;
  world.submit("a");
  world.submit("b");
  world.start(1);
  world.start(2);
  world.answer(1, "a");
  world.next(1);
  world.pool->replace(World::make_function());
  EXPECT_EQ(world.runners[1]->ended, 1) << "idle: at once";
  EXPECT_EQ(world.runners[2]->ended, 0) << "busy: afterwards";
  world.answer(2, "b");
  EXPECT_EQ(world.result("b").payload, "1");
  world.next(2);
  EXPECT_EQ(world.runners[2]->ended, 1);
  world.submit("c");
  EXPECT_EQ(world.starter.starts.size(), 3u);
}

TEST(Pool, ReplacedByTheSameRecordNoInstanceStays) {
  World world;
  const auto same = World::make_function();
  world.pool->replace(same);
  world.submit("a");
  world.submit("b");
  world.start(1);
  world.start(2);
  world.answer(1, "a");
  world.pool->replace(same);
  world.next(1);
  EXPECT_EQ(world.runners[1]->ended, 1) << "it had answered and not asked for work yet";
  world.answer(2, "b");
  world.next(2);
  EXPECT_EQ(world.runners[2]->ended, 1) << "it was busy";
}

TEST(Pool, WhoWaitsForAStartOfOldCodeGetsNewCode) {
  World world;
  world.submit("a");
  const auto fresh = World::make_function();
  world.pool->replace(fresh);
  ASSERT_EQ(world.starter.starts.size(), 2u);
  EXPECT_EQ(world.starter.functions[2], fresh);
  world.started(1);
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_FALSE(world.is_answered("a"));
  world.start(2);
  EXPECT_EQ(world.runners[2]->deliveries.at(0).request_id, "a");
}

TEST(Pool, ReplacementWithinAFullBudgetWaitsForTheOldStart) {
  World world(1);
  world.submit("a");
  world.pool->replace(World::make_function());
  EXPECT_EQ(world.starter.starts.size(), 1u);
  world.started(1);
  ASSERT_EQ(world.starter.starts.size(), 2u) << "its place is free now";
  world.start(2);
  EXPECT_EQ(world.runners[2]->deliveries.at(0).request_id, "a");
}

TEST(Pool, ClosingFailsWhoWaitsAndLetsWhoRunsFinish) {
  World world;
  world.submit("a");
  world.start(1);
  world.submit("b");
  world.pool->close(not_found("gone"));
  EXPECT_EQ(world.results.at("b").error().message, "gone");
  EXPECT_FALSE(world.is_answered("a"));
  EXPECT_EQ(world.submit("c"), Pool::Submitted::kClosed);
  world.answer(1, "a");
  EXPECT_EQ(world.result("a").payload, "1");
  world.next(1);
  EXPECT_EQ(world.runners[1]->ended, 1);
  world.started(2);
  EXPECT_EQ(world.runners[2]->ended, 1);
  EXPECT_EQ(world.budget.used(), 0u);
}

TEST(Pool, EndingAllAnswersEveryone) {
  World world;
  world.submit("a");
  world.start(1);
  world.submit("b");
  world.pool->end_all();
  EXPECT_FALSE(world.results.at("a"));
  EXPECT_FALSE(world.results.at("b"));
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_EQ(world.budget.used(), 1u) << "the second is still being started";
  world.pool->start_failed(2, {"", "", unavailable("x")});
  EXPECT_EQ(world.budget.used(), 0u);
}

TEST(Pool, ReapsWhatHasBeenIdleTooLong) {
  World world;
  world.submit("a");
  world.submit("b");
  world.start(1);
  world.start(2);
  world.answer(1, "a");
  world.next(1);
  world.scheduler.advance(seconds(1));
  world.answer(2, "b");
  world.next(2);
  world.pool->reap(world.clock.steady() - seconds(1));
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_EQ(world.runners[2]->ended, 0);
  EXPECT_EQ(world.pool->counts().idle, 1u);
}

TEST(Pool, KeysAboutToExpireRetireAnInstance) {
  World world;
  world.submit("a");
  world.started(1, world.clock.steady() + minutes(55));
  world.next(1);
  world.answer(1, "a");
  world.next(1);
  world.scheduler.advance(minutes(55));
  world.submit("b");
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_EQ(world.runners[1]->deliveries.size(), 1u);
  EXPECT_EQ(world.starter.starts.size(), 2u);
}

TEST(Pool, AnInstanceThatTakesLeaveKeepsItsPlace) {
  World world(1);
  world.submit("a");
  world.start(1);
  world.answer(1, "a");
  world.next(1);
  world.runners[1]->takes_leave = true;
  EXPECT_TRUE(world.pool->evict_one());
  EXPECT_EQ(world.budget.used(), 1u);
  world.submit("b");
  EXPECT_EQ(world.starter.starts.size(), 1u);
  world.pool->gone();
  EXPECT_EQ(world.budget.used(), 1u);
  EXPECT_EQ(world.starter.starts.size(), 2u);
}

TEST(Pool, WhatFailsBesideTheProgramFailsTheInvocation) {
  World world;
  world.submit("a");
  world.start(1);
  EXPECT_FALSE(world.pool->may_ask(1));
  world.pool->failed(1, {"Extension.Crash", "exit status 1", std::nullopt});
  EXPECT_EQ(world.result("a").payload, R"({"errorType":"Extension.Crash",)"
                                       R"("errorMessage":"RequestId: a Error: exit status 1"})");
  EXPECT_EQ(world.runners[1]->ended, 1);
}

TEST(Pool, EvictsTheLongestIdle) {
  World world;
  EXPECT_FALSE(world.pool->evict_one());
  world.submit("a");
  world.submit("b");
  world.start(1);
  world.start(2);
  world.answer(2, "b");
  world.next(2);
  world.scheduler.advance(seconds(1));
  world.answer(1, "a");
  world.next(1);
  EXPECT_EQ(world.pool->oldest_idle(), world.clock.steady() - seconds(1));
  EXPECT_TRUE(world.pool->evict_one());
  EXPECT_EQ(world.runners[2]->ended, 1);
}

TEST(Pool, AProgramThatReconnectsGoesOnServing) {
  World world;
  world.submit("a");
  world.start(1);
  world.answer(1, "a");
  world.next(1);
  world.pool->stopped_waiting(1);
  EXPECT_EQ(world.pool->counts().idle, 0u);
  world.scheduler.advance(seconds(1));
  world.next(1);
  world.submit("b");
  EXPECT_EQ(world.runners[1]->deliveries.at(1).request_id, "b");
}

TEST(Pool, AProgramThatDoesNotReconnectIsEnded) {
  World world;
  world.submit("a");
  world.start(1);
  world.answer(1, "a");
  world.next(1);
  world.pool->stopped_waiting(1);
  world.scheduler.advance(seconds(10));
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_EQ(world.budget.used(), 0u);
}

}  // namespace
}  // namespace stator::lambda::test
