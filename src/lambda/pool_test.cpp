#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "lambda/pool_test_kit.hpp"

namespace stator::lambda::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Pool, StartsAnInstanceForTheFirstInvocation) {
  World world;
  EXPECT_EQ(world.submit("a"), Pool::Submitted::kAccepted);
  ASSERT_EQ(world.starter.starts, std::vector<InstanceId>{1});
  world.started(1);
  EXPECT_TRUE(world.runners[1]->deliveries.empty());
  EXPECT_TRUE(world.next(1));
  ASSERT_EQ(world.runners[1]->deliveries.size(), 1u);
  EXPECT_EQ(world.runners[1]->deliveries[0].request_id, "a");
  EXPECT_EQ(world.runners[1]->deliveries[0].deadline, world.clock.wall() + seconds(3));
  EXPECT_EQ(world.answer(1, "a", "\"hello\""), Pool::Answered::kAccepted);
  EXPECT_EQ(world.result("a").payload, "\"hello\"");
  EXPECT_EQ(world.result("a").function_error, "");
}

TEST(Pool, AJumpOfTheWallClockNeitherEndsNorProlongsAnInvocation) {
  for (const auto jump : {std::chrono::hours(2), std::chrono::hours(-2)}) {
    World world;
    world.submit("a");
    world.start(1);
    world.clock.set(world.clock.wall() + jump);
    world.scheduler.advance(milliseconds(2'999));
    EXPECT_FALSE(world.is_answered("a"));
    world.scheduler.advance(milliseconds(1));
    EXPECT_TRUE(world.is_answered("a"));
  }
}

TEST(Pool, ReusesTheInstanceThatWasIdleLast) {
  World world;
  world.submit("a");
  world.submit("b");
  world.start(1);
  world.start(2);
  world.answer(1, "a");
  world.next(1);
  world.answer(2, "b");
  world.next(2);
  world.submit("c");
  EXPECT_EQ(world.runners[2]->deliveries.size(), 2u);
  EXPECT_EQ(world.runners[1]->deliveries.size(), 1u);
  EXPECT_EQ(world.starter.starts.size(), 2u);
}

TEST(Pool, AnInstanceThatBecomesFreeServesOneThatWaitsForAStart) {
  World world;
  world.submit("a");
  world.start(1);
  world.submit("b");
  EXPECT_EQ(world.starter.starts.size(), 2u);
  world.answer(1, "a");
  world.next(1);
  ASSERT_EQ(world.runners[1]->deliveries.size(), 2u);
  EXPECT_EQ(world.runners[1]->deliveries[1].request_id, "b");
  // The start that nobody waits for serves the next, and no third is made.
  world.submit("c");
  EXPECT_EQ(world.starter.starts.size(), 2u);
  world.start(2);
  EXPECT_EQ(world.runners[2]->deliveries[0].request_id, "c");
}

TEST(Pool, WaitsBeyondTheBudget) {
  World world(1);
  world.submit("a");
  EXPECT_EQ(world.submit("b"), Pool::Submitted::kAccepted);
  world.start(1);
  world.answer(1, "a");
  world.submit("c");
  world.next(1);
  EXPECT_EQ(world.runners[1]->deliveries.at(1).request_id, "b");
  world.answer(1, "b");
  world.next(1);
  EXPECT_EQ(world.runners[1]->deliveries.at(2).request_id, "c");
  EXPECT_EQ(world.starter.starts.size(), 1u);
}

TEST(Pool, WaitsAMomentForAnInstanceThatHasJustAnswered) {
  World world;
  world.submit("a");
  world.start(1);
  world.answer(1, "a");
  world.submit("b");
  EXPECT_EQ(world.starter.starts.size(), 1u);
  world.submit("c");
  EXPECT_EQ(world.starter.starts.size(), 2u) << "one that settles serves one";
  world.scheduler.advance(milliseconds(4));
  EXPECT_EQ(world.starter.starts.size(), 2u);
  world.scheduler.advance(milliseconds(1));
  EXPECT_EQ(world.starter.starts.size(), 3u) << "it takes its time";
  world.next(1);
  EXPECT_EQ(world.runners[1]->deliveries.at(1).request_id, "b");
}

TEST(Pool, AFailedStartFailsTheLongestWaiting) {
  World world;
  world.submit("a");
  world.submit("b");
  world.pool->start_failed(2, {"Runtime.InvalidEntrypoint", "no bootstrap", std::nullopt});
  ASSERT_TRUE(world.is_answered("a"));
  EXPECT_FALSE(world.is_answered("b"));
  EXPECT_EQ(world.result("a").payload, R"({"errorType":"Runtime.InvalidEntrypoint",)"
                                       R"("errorMessage":"RequestId: a Error: no bootstrap"})");
  EXPECT_EQ(world.result("a").function_error, "Unhandled");
  world.start(1);
  EXPECT_EQ(world.runners[1]->deliveries[0].request_id, "b");
  EXPECT_EQ(world.budget.used(), 1u);
}

TEST(Pool, AFaultOfTheMachineIsAnError) {
  World world;
  world.submit("a");
  world.pool->start_failed(1, {"", "", unavailable("out of processes")});
  ASSERT_FALSE(world.results.at("a"));
  EXPECT_EQ(world.results.at("a").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(world.budget.used(), 0u);
}

TEST(Pool, AnInitErrorReachesTheCallerAsItWasReported) {
  World world;
  world.submit("a");
  world.started(1);
  world.pool->init_error(1, "first");
  EXPECT_FALSE(world.is_answered("a"));
  world.started(2);
  world.pool->init_error(2, R"({"errorType":"Custom"})");
  EXPECT_EQ(world.result("a").payload, R"({"errorType":"Custom"})");
  EXPECT_EQ(world.result("a").function_error, "Unhandled");
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_EQ(world.runners[2]->ended, 1);
  EXPECT_EQ(world.starter.starts.size(), 2u);
}

TEST(Pool, ASecondStartIsPartOfTheInvocation) {
  World world(1);
  world.submit("a");
  world.started(1);
  world.scheduler.advance(seconds(9));
  world.pool->exited(1, "exit status 1", false);
  EXPECT_EQ(world.starter.starts.size(), 2u) << "in the place of the first";
  world.scheduler.advance(seconds(1));
  world.start(2);
  ASSERT_EQ(world.runners[2]->deliveries.size(), 1u);
  EXPECT_EQ(world.runners[2]->deliveries[0].deadline, world.clock.wall() + seconds(2));
  world.scheduler.advance(seconds(1));
  world.answer(2, "a");
  world.next(2);
  ASSERT_EQ(world.runners[2]->endings.size(), 1u);
  EXPECT_EQ(world.runners[2]->endings[0].duration, seconds(2));
  EXPECT_FALSE(world.runners[2]->endings[0].init_duration) << "it is in the duration";
}

TEST(Pool, AStartThatTakesTooLongIsTriedAgainWithinTheTimeout) {
  World world;
  world.submit("a");
  world.started(1);
  world.scheduler.advance(milliseconds(9'999));
  EXPECT_EQ(world.starter.starts.size(), 1u);
  world.scheduler.advance(milliseconds(1));
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_EQ(world.starter.starts.size(), 2u);
  world.started(2);
  world.scheduler.advance(milliseconds(2'999));
  EXPECT_FALSE(world.is_answered("a"));
  world.scheduler.advance(milliseconds(1));
  EXPECT_EQ(world.result("a").payload,
            R"({"errorType":"Sandbox.Timedout",)"
            R"("errorMessage":"RequestId: a Error: Task timed out after 3.00 seconds"})");
  EXPECT_EQ(world.runners[2]->ended, 1);
  EXPECT_EQ(world.budget.used(), 0u);
}

TEST(Pool, AStreamedAnswerIsTheOnlyOne) {
  World world;
  world.submit("a");
  world.start(1);
  EXPECT_EQ(world.pool->end_stream(1, "a", {}), Pool::Answered::kNotRunning);
  EXPECT_EQ(world.pool->open_stream(1, "b").answered, Pool::Answered::kWrongId);
  EXPECT_EQ(world.pool->open_stream(1, "a").answered, Pool::Answered::kAccepted);
  EXPECT_EQ(world.pool->open_stream(1, "a").answered, Pool::Answered::kNotRunning);
  EXPECT_EQ(world.answer(1, "a"), Pool::Answered::kNotRunning);
  EXPECT_FALSE(world.next(1));
  EXPECT_EQ(world.pool->end_stream(1, "a", InvokeResult{"x"}), Pool::Answered::kAccepted);
  EXPECT_EQ(world.result("a").payload, "x");
  world.next(1);
  world.submit("b");
  EXPECT_EQ(world.answer(1, "b"), Pool::Answered::kAccepted);
}

TEST(Pool, AStreamThatBreaksFailsAtTheNextQuestion) {
  World world;
  world.submit("a");
  world.start(1);
  (void)world.pool->open_stream(1, "a");
  world.pool->break_stream(1, "a");
  EXPECT_FALSE(world.is_answered("a")) << "its program may be dying";
  EXPECT_TRUE(world.next(1));
  EXPECT_EQ(world.result("a").function_error, "Unhandled");
  EXPECT_NE(world.result("a").payload.find("Runtime.TruncatedResponse"), std::string::npos);
  world.submit("b");
  EXPECT_EQ(world.runners[1]->deliveries.back().request_id, "b");
}

TEST(Pool, ATimeoutKillsTheInstanceAndKeepsItsWords) {
  World world;
  world.submit("a");
  world.start(1);
  world.scheduler.advance(milliseconds(2'999));
  EXPECT_FALSE(world.is_answered("a"));
  world.scheduler.advance(milliseconds(1));
  EXPECT_EQ(world.result("a").payload,
            R"({"errorType":"Sandbox.Timedout",)"
            R"("errorMessage":"RequestId: a Error: Task timed out after 3.00 seconds"})");
  EXPECT_EQ(world.runners[1]->ended, 1);
  ASSERT_EQ(world.runners[1]->endings.size(), 1u);
  EXPECT_EQ(world.runners[1]->endings[0].status, Ending::Status::kTimeout);
  EXPECT_EQ(world.runners[1]->endings[0].duration, seconds(3));
  EXPECT_EQ(world.answer(1, "a"), Pool::Answered::kNotRunning);
}

TEST(Pool, EachInvocationHasItsOwnTimeout) {
  World world;
  world.submit("a");
  world.start(1);
  for (const auto* id : {"b", "c", "d"}) {
    world.scheduler.advance(seconds(2));
    world.answer(1, world.runners[1]->deliveries.back().request_id);
    world.next(1);
    world.submit(id);
  }
  world.scheduler.advance(milliseconds(2'999));
  EXPECT_FALSE(world.is_answered("d"));
  EXPECT_EQ(world.scheduler.pending(), 1u) << "one timer an instance";
  world.scheduler.advance(milliseconds(1));
  EXPECT_TRUE(world.is_answered("d"));
}

TEST(Pool, ACrashFailsOnlyItsOwnInvocation) {
  World world;
  world.submit("a");
  world.submit("b");
  world.start(1);
  world.start(2);
  world.pool->exited(1, "exit status 127", false);
  EXPECT_EQ(world.result("a").payload,
            R"({"errorType":"Runtime.ExitError",)"
            R"("errorMessage":"RequestId: a Error: Runtime exited with error: exit status 127"})");
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_FALSE(world.is_answered("b"));
  world.answer(2, "b");
  EXPECT_EQ(world.result("b").function_error, "");
}

TEST(Pool, NamesEachKindOfExit) {
  const struct {
    const char* reason;
    bool is_out_of_memory;
    const char* payload;
  } cases[] = {
      {"", false,
       R"({"errorType":"Runtime.ExitError",)"
       R"("errorMessage":"RequestId: a Error: Runtime exited without providing a reason"})"},
      {"signal: killed", true,
       R"({"errorType":"Runtime.OutOfMemory",)"
       R"("errorMessage":"RequestId: a Error: Runtime exited with error: signal: killed"})"},
  };
  for (const auto& one : cases) {
    World world;
    world.submit("a");
    world.start(1);
    world.pool->exited(1, one.reason, one.is_out_of_memory);
    EXPECT_EQ(world.result("a").payload, one.payload);
  }
}

TEST(Pool, AnExitBeforeTheStarterReportsIsNotLost) {
  World world;
  world.submit("a");
  world.pool->exited(1, "exit status 1", false);
  EXPECT_EQ(world.starter.starts.size(), 2u) << "the second try does not wait for the starter";
  EXPECT_EQ(world.budget.used(), 2u) << "which still holds the place of the first";
  world.started(1);
  EXPECT_EQ(world.runners[1]->ended, 1);
  EXPECT_EQ(world.budget.used(), 1u);
  world.pool->exited(2, "exit status 1", false);
  EXPECT_EQ(world.result("a").function_error, "Unhandled");
  world.started(2);
  EXPECT_EQ(world.budget.used(), 0u);
}

TEST(Pool, AnIdleProgramThatExitsIsReplacedWhenNeeded) {
  World world;
  world.submit("a");
  world.start(1);
  world.answer(1, "a");
  world.next(1);
  world.pool->exited(1, "", false);
  EXPECT_EQ(world.budget.used(), 0u);
  world.submit("b");
  EXPECT_EQ(world.starter.starts.size(), 2u);
}

TEST(Pool, RejectsAnswersThatDoNotFit) {
  World world;
  world.submit("a");
  world.start(1);
  EXPECT_EQ(world.answer(1, "b"), Pool::Answered::kWrongId);
  EXPECT_FALSE(world.next(1)) << "asks for work with an invocation unanswered";
  EXPECT_EQ(world.answer(1, "a"), Pool::Answered::kAccepted);
  EXPECT_EQ(world.answer(1, "a"), Pool::Answered::kNotRunning);
  EXPECT_EQ(world.answer(7, "a"), Pool::Answered::kNotRunning);
  EXPECT_FALSE(world.next(7));
}

TEST(Pool, AnInvocationsLogEndsWhenTheProgramAsksAgain) {
  World world;
  world.submit("a");
  world.started(1);
  world.scheduler.advance(milliseconds(20));
  world.next(1);
  world.scheduler.advance(milliseconds(5));
  world.answer(1, "a");
  EXPECT_TRUE(world.runners[1]->endings.empty());
  world.scheduler.advance(milliseconds(5));
  world.next(1);
  ASSERT_EQ(world.runners[1]->endings.size(), 1u);
  const Ending& first = world.runners[1]->endings[0];
  EXPECT_EQ(first.duration, milliseconds(5));
  EXPECT_EQ(first.init_duration, std::chrono::microseconds(milliseconds(20)));
  world.submit("b");
  world.answer(1, "b");
  world.next(1);
  EXPECT_EQ(world.runners[1]->endings.at(1).init_duration, std::nullopt);
}

TEST(Pool, ACallerThatWantsTheLogIsAnsweredWithIt) {
  World world;
  world.submit("a", true);
  world.start(1);
  world.answer(1, "a", "7");
  EXPECT_FALSE(world.is_answered("a"));
  world.next(1);
  world.runners[1]->endings.at(0).on_tail("the log");
  EXPECT_EQ(world.result("a").payload, "7");
  EXPECT_EQ(world.result("a").log_tail, "the log");
}

TEST(Pool, AProgramThatNeverAsksAgainIsKilledAtItsDeadline) {
  World world;
  world.submit("a", true);
  world.start(1);
  world.answer(1, "a");
  world.scheduler.advance(seconds(3));
  EXPECT_EQ(world.runners[1]->ended, 1);
  ASSERT_EQ(world.runners[1]->endings.size(), 1u);
  world.runners[1]->endings[0].on_tail("");
  EXPECT_EQ(world.result("a").function_error, "") << "it had answered in time";
}

/// Whatever happens in whatever order, everyone is answered once and the budget comes back.
RC_GTEST_PROP(Pool, AnswersEveryInvocationExactlyOnce, ()) {
  World world(4);
  std::vector<InstanceId> unresolved;
  std::vector<std::string> accepted;
  std::size_t seen = 0;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1'000));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    while (seen < world.starter.starts.size()) unresolved.push_back(world.starter.starts[seen++]);
    const int choice = steps[i] % 14;
    const InstanceId any = static_cast<InstanceId>(steps[i] / 14) % (seen + 1) + 1;
    const bool is_up = world.runners.contains(any);
    const bool has_work = is_up && !world.runners[any]->deliveries.empty();
    const std::string work = has_work ? world.runners[any]->deliveries.back().request_id : "";
    if (choice <= 2) {
      const std::string id = std::to_string(i);
      if (world.submit(id) == Pool::Submitted::kAccepted) accepted.push_back(id);
    } else if (choice == 3 && !unresolved.empty()) {
      world.started(unresolved.back());
      unresolved.pop_back();
    } else if (choice == 4 && !unresolved.empty()) {
      world.pool->start_failed(unresolved.back(), {"Runtime.X", "x", std::nullopt});
      unresolved.pop_back();
    } else if (choice == 5 && is_up) {
      world.next(any);
    } else if (choice == 6) {
      (void)world.answer(any, work);
    } else if (choice == 7) {
      world.pool->exited(any, "exit status 1", false);
    } else if (choice == 8) {
      world.scheduler.advance(milliseconds(steps[i]));
    } else if (choice == 9) {
      world.pool->replace(World::make_function());
    } else if (choice == 10) {
      (void)world.pool->open_stream(any, work);
    } else if (choice == 11) {
      (void)world.pool->end_stream(any, work, InvokeResult{"x"});
    } else if (choice == 12) {
      world.pool->break_stream(any, work);
    } else if (choice == 13) {
      world.pool->init_error(any, "{}");
    }
    RC_ASSERT(world.budget.used() <= 4u);
  }
  world.pool->end_all();
  while (seen < world.starter.starts.size()) unresolved.push_back(world.starter.starts[seen++]);
  for (const auto id : unresolved) world.started(id);
  for (const auto& id : accepted) RC_ASSERT(world.is_answered(id));
  RC_ASSERT(world.results.size() == accepted.size());
  RC_ASSERT(world.budget.used() == 0u);
  for (const auto& [id, runner] : world.runners) RC_ASSERT(runner->ended == 1);
}

}  // namespace
}  // namespace stator::lambda::test
