#include "lambda/events/dispatcher.hpp"

#include <gtest/gtest.h>

#include "lambda/errors.hpp"
#include "lambda/events/dispatcher_world.hpp"
#include "lambda/events/lineage.hpp"

namespace stator::lambda::events {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Error kThrottle = too_many_requests();

TEST(Dispatcher, AnEventIsInvokedOnceAndGone) {
  World world;
  world.create("f");
  world.add("f", "a");
  ASSERT_EQ(world.running.size(), 1u);
  EXPECT_EQ(world.running[0].invocation.function, "f");
  EXPECT_EQ(world.running[0].invocation.request_id, "a");
  EXPECT_EQ(world.running[0].invocation.payload, "{}");
  world.succeed();
  EXPECT_EQ(world.queue->size(), 0u);
  world.pass(hours(7));
  EXPECT_EQ(world.invoked, "a ");
}

TEST(Dispatcher, AFailureIsTriedTwiceMoreWithTheSameRequestId) {
  World world;
  world.create("f");
  world.add("f", "a");
  world.fail();
  world.pass(seconds(59));
  EXPECT_EQ(world.invoked, "a ");
  world.pass(seconds(1));
  EXPECT_EQ(world.invoked, "a a ");
  world.fail();
  world.pass(seconds(119));
  EXPECT_EQ(world.invoked, "a a ");
  world.pass(seconds(1));
  EXPECT_EQ(world.invoked, "a a a ");
  world.fail();
  EXPECT_EQ(world.queue->size(), 0u);
}

TEST(Dispatcher, ARefusalIsTriedAgainUntilTheEventIsTooOld) {
  World world;
  world.create("f");
  world.destinations("f", {.age_s_max = 60, .on_failure = world.create("g")});
  world.add("f", "a");
  // Tried after 1, 3, 7, 15 and 31 seconds; the next would be at 63.
  for (const int wait_s : {1, 2, 4, 8, 16, 29}) {
    world.refuse(kThrottle);
    world.pass(seconds(wait_s));
  }
  EXPECT_EQ(world.invoked.substr(0, 12), "a a a a a a ");
  const auto record = world.take_record("g");
  EXPECT_EQ(World::condition(record), "EventAgeExceeded");
  EXPECT_EQ(json::dump(record.at("responseContext")), R"({"statusCode":429})");
}

TEST(Dispatcher, AThrottledFunctionsOtherEventsWaitASecond) {
  World world;
  world.options.function_deliveries_max = 1;
  world.restart();
  world.create("f");
  world.add("f", "a");
  world.add("f", "b");
  world.refuse(kThrottle);
  EXPECT_EQ(world.invoked, "a ");
  world.pass(seconds(1));
  EXPECT_TRUE(world.is_running());
  world.succeed();
  EXPECT_EQ(world.invoked.size(), 6u) << world.invoked;
}

TEST(Dispatcher, TellsTheDestinationOfASuccess) {
  World world;
  world.create("f");
  world.destinations("f", {.on_success = world.create("g")});
  world.add("f", "a", R"({"x":1})");
  world.succeed(R"({"y":2})");
  const auto record = world.take_record("g");
  EXPECT_EQ(World::condition(record), "Success");
  EXPECT_EQ(json::dump(record.at("requestPayload")), R"({"x":1})");
  EXPECT_EQ(json::dump(record.at("responsePayload")), R"({"y":2})");
  EXPECT_EQ(world.queue->size(), 0u);
}

TEST(Dispatcher, TellsTheDestinationAndTheDeadLetterTargetOfAFailure) {
  World world;
  world.create("f", world.create("d"));
  world.destinations("f", {.retries_max = 0, .on_failure = world.create("g")});
  world.add("f", "a", R"({"x":1})");
  world.fail(R"({"errorMessage":"boom"})");
  const auto record = world.take_record("g");
  EXPECT_EQ(World::condition(record), "RetriesExhausted");
  const auto letter = world.take_record("d");
  EXPECT_EQ(json::find_string(letter.at("Records").at(0).as_object(), "body"), R"({"x":1})");
  EXPECT_EQ(world.queue->size(), 0u);
}

TEST(Dispatcher, UsesTheConfigurationOfTheQualifier) {
  World world;
  world.create("f");
  world.destinations("f", {.retries_max = 0}, "live");
  Event event = world.event("f", "a");
  event.qualifier = "live";
  ASSERT_TRUE(world.queue->add(event));
  world.dispatcher->wake();
  EXPECT_EQ(world.running.at(0).invocation.qualifier, "live");
  world.fail();
  EXPECT_EQ(world.queue->size(), 0u);
}

TEST(Dispatcher, ADestinationThatTheRoleMayNotInvokeIsNotTold) {
  World world;
  world.create("f");
  world.destinations("f", {.on_success = world.create("g")});
  world.authorizer.denied = "lambda:InvokeFunction";
  world.add("f", "a");
  world.succeed();
  EXPECT_EQ(world.queue->size(), 0u);
  EXPECT_EQ(world.invoked, "a ");
  EXPECT_EQ(world.authorizer.asked.back(), "lambda:InvokeFunction " + World::arn("g"));
}

TEST(Dispatcher, ARecordThatIsTooLargeIsNotSent) {
  World world;
  world.create("f");
  world.destinations("f", {.on_success = world.create("g")});
  world.add("f", "a");
  world.succeed("\"" + std::string(kEventPayloadBytesMax, 'x') + "\"");
  EXPECT_EQ(world.queue->size(), 0u);
}

TEST(Dispatcher, WithoutReservedConcurrencyEventsGoToTheDestinationAtOnce) {
  World world;
  world.create("f");
  world.destinations("f", {.on_failure = world.create("g")});
  world.reserve("f", 0);
  world.add("f", "a");
  const auto record = world.take_record("g");
  EXPECT_EQ(World::condition(record), "ZeroReservedConcurrency");
  EXPECT_EQ(world.invoked.find("a "), std::string::npos);
}

TEST(Dispatcher, NeverDeliversMoreAtOnceThanIsReserved) {
  World world;
  world.create("f");
  world.reserve("f", 2);
  for (const char* id : {"a", "b", "c"}) world.add("f", id);
  EXPECT_EQ(world.invoked, "a b ");
  world.succeed();
  EXPECT_EQ(world.invoked, "a b c ");
}

TEST(Dispatcher, SharesWhatItMayDeliver) {
  World world;
  world.options = {.deliveries_max = 3, .function_deliveries_max = 2};
  world.restart();
  world.create("f");
  world.create("g");
  for (const char* id : {"a", "b", "c"}) world.add("f", id);
  world.add("g", "d");
  world.add("g", "e");
  EXPECT_EQ(world.invoked, "a b d ");
  world.succeed();
  EXPECT_EQ(world.invoked, "a b d c ") << "the other function's turn";
  world.succeed();
  EXPECT_EQ(world.invoked, "a b d c e ");
}

TEST(Dispatcher, ALoopOfDestinationsEnds) {
  World world;
  const std::string f = world.create("f");
  const std::string g = world.create("g");
  world.destinations("f", {.on_success = g});
  world.destinations("g", {.on_success = f});
  world.add("f", "a");
  int rounds = 0;
  for (; world.is_running(); ++rounds) {
    ASSERT_LT(rounds, 100);
    world.succeed();
  }
  EXPECT_EQ(rounds, 2 * kRoundsMax);
  EXPECT_EQ(world.queue->size(), 0u);
}

TEST(Dispatcher, AFunctionInALoopIsNotInvoked) {
  World world;
  world.create("f");
  world.destinations("f", {.on_failure = world.create("g")});
  Event event = world.event("f", "a");
  for (int i = 0; i < kRoundsMax; ++i) event.trace_id = with_round(event.trace_id, World::arn("f"));
  ASSERT_TRUE(world.queue->add(event));
  world.dispatcher->wake();
  EXPECT_EQ(World::condition(world.take_record("g")), "RecursiveInvocation");
  EXPECT_EQ(world.invoked.find("a "), std::string::npos);
  world.change("f", [](FunctionSettings& settings) { settings.allows_recursion = true; });
  ASSERT_TRUE(world.queue->add(event));
  world.dispatcher->wake();
  EXPECT_NE(world.invoked.find("a "), std::string::npos);
}

TEST(Dispatcher, EventsOfADeletedFunctionAreDropped) {
  World world;
  world.create("f");
  world.add("f", "a");
  world.add("f", "b");
  ASSERT_TRUE(world.catalog->remove(world.key("f").view()));
  world.refuse(function_missing(World::arn("f")));
  EXPECT_EQ(world.queue->size(), 0u);
}

TEST(Dispatcher, AfterARestartWhatWasRunningIsDeliveredAgain) {
  World world;
  world.create("f");
  world.add("f", "a");
  world.add("f", "b");
  world.succeed();
  world.restart();
  EXPECT_EQ(world.invoked, "a b b ");
  world.fail();
  world.restart();
  EXPECT_EQ(world.invoked, "a b b ") << "due in a minute";
  world.pass(minutes(1));
  EXPECT_EQ(world.invoked, "a b b b ");
}

TEST(Dispatcher, WhatAStopRefusesStaysAsItWas) {
  World world;
  world.create("f");
  world.add("f", "a");
  world.dispatcher->stop();
  world.refuse(unavailable("Lambda is stopping."));
  EXPECT_EQ(world.invoked, "a ");
  world.restart();
  EXPECT_EQ(world.invoked, "a a ") << "without waiting";
}

TEST(Dispatcher, WhatEndsAfterAStopIsDone) {
  World world;
  world.create("f");
  world.add("f", "a");
  world.dispatcher->stop();
  world.succeed();
  world.restart();
  EXPECT_EQ(world.invoked, "a ");
}

}  // namespace
}  // namespace stator::lambda::events
