#include "lambda/events/queue.hpp"

#include <gtest/gtest.h>

#include "lambda/events/retry.hpp"

namespace stator::lambda::events {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Bench {
  explicit Bench(QueueBounds chosen = {}) : bounds(chosen) { restart(); }

  void restart() { queue = std::make_unique<Queue>(*store, clock, bounds); }
  Event event(const std::string& name, const std::string& id, const std::string& payload = "{}") {
    Event made;
    made.function = {"000000000000", "us-east-1", name};
    made.request_id = id;
    made.payload = payload;
    made.accepted = clock.wall();
    return made;
  }
  Result<storage::Sequence> add(const std::string& name, const std::string& id,
                                const std::string& payload = "{}") {
    return queue->add(event(name, id, payload));
  }
  std::optional<Taken> take(std::size_t limit = 10) {
    auto taken = queue->take([limit](const FunctionKeyView&) { return limit; });
    EXPECT_TRUE(taken);
    return taken ? std::move(*taken) : std::nullopt;
  }
  /// The request id of the next event, or "".
  std::string next(std::size_t limit = 10) {
    const auto taken = take(limit);
    return taken ? taken->event.request_id : "";
  }
  std::size_t keys() {
    std::size_t count = 0;
    const auto all = store->iterate(storage::Family::kEvents, {});
    for (all->seek_first(); all->valid(); all->next()) ++count;
    return count;
  }

  FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  QueueBounds bounds;
  std::unique_ptr<Queue> queue;
};

TEST(EventQueue, GivesAFunctionsEventsInTheOrderTheyCame) {
  Bench bench;
  for (const char* id : {"1", "2", "3"}) ASSERT_TRUE(bench.add("f", id));
  EXPECT_EQ(bench.next(), "1");
  EXPECT_EQ(bench.next(), "2");
  EXPECT_EQ(bench.next(), "3");
  EXPECT_EQ(bench.next(), "");
  EXPECT_EQ(bench.queue->taken(), 3u);
}

TEST(EventQueue, KeepsEverythingThatAnEventIs) {
  Bench bench;
  Event event = bench.event("f", "id", "{\"a\":\"\\u00e9\"}");
  event.qualifier = "live";
  event.trace_id = "Root=1";
  ASSERT_TRUE(bench.queue->add(event));
  bench.restart();
  const auto taken = bench.take();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->event.function.name, "f");
  EXPECT_EQ(taken->event.function.region, "us-east-1");
  EXPECT_EQ(taken->event.qualifier, "live");
  EXPECT_EQ(taken->event.request_id, "id");
  EXPECT_EQ(taken->event.trace_id, "Root=1");
  EXPECT_EQ(taken->event.payload, event.payload);
  EXPECT_EQ(taken->event.accepted, event.accepted);
}

TEST(EventQueue, ServesFunctionsInTurn) {
  Bench bench;
  for (const char* id : {"f1", "f2", "f3"}) ASSERT_TRUE(bench.add("f", id));
  for (const char* id : {"g1", "g2"}) ASSERT_TRUE(bench.add("g", id));
  ASSERT_TRUE(bench.add("h", "h1"));
  std::string order;
  for (std::string id = bench.next(); !id.empty(); id = bench.next()) order += id + " ";
  EXPECT_EQ(order, "f1 g1 h1 f2 g2 f3 ");
}

TEST(EventQueue, AFunctionAtItsLimitDoesNotHoldUpOthers) {
  Bench bench;
  for (const char* id : {"f1", "f2"}) ASSERT_TRUE(bench.add("f", id));
  ASSERT_TRUE(bench.add("g", "g1"));
  EXPECT_EQ(bench.next(1), "f1");
  EXPECT_EQ(bench.next(1), "g1");
  EXPECT_EQ(bench.next(1), "");
  EXPECT_EQ(bench.queue->next_due(), std::nullopt);
}

TEST(EventQueue, APostponedEventIsDueLater) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  auto taken = bench.take();
  ++taken->event.failures;
  ASSERT_TRUE(bench.queue->postpone(taken->id, taken->event, minutes(1)));
  EXPECT_EQ(bench.next(), "");
  EXPECT_EQ(bench.queue->next_due(), minutes(1));
  bench.clock.advance(minutes(1));
  taken = bench.take();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->event.failures, 1);
}

TEST(EventQueue, AFunctionThatIsPausedWaits) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  bench.queue->pause({"000000000000", "us-east-1", "f"}, seconds(1));
  EXPECT_EQ(bench.next(), "");
  EXPECT_EQ(bench.queue->next_due(), seconds(1));
  bench.clock.advance(seconds(1));
  EXPECT_EQ(bench.next(), "1");
}

TEST(EventQueue, AFinishedEventLeavesNothing) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  const auto taken = bench.take();
  EXPECT_EQ(bench.queue->finish(taken->id, {}).value(), 0u);
  EXPECT_EQ(bench.keys(), 0u);
  EXPECT_EQ(bench.queue->size(), 0u);
  bench.restart();
  EXPECT_EQ(bench.next(), "");
}

TEST(EventQueue, FollowersComeAsTheEventGoes) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  const auto taken = bench.take();
  EXPECT_EQ(bench.queue->finish(taken->id, {bench.event("g", "2"), bench.event("h", "3")}).value(),
            0u);
  bench.restart();
  EXPECT_EQ(bench.queue->size(), 2u);
  EXPECT_EQ(bench.next(), "2");
  EXPECT_EQ(bench.next(), "3");
}

TEST(EventQueue, ARestartGivesBackWhatWasTaken) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  ASSERT_TRUE(bench.add("f", "2"));
  EXPECT_EQ(bench.next(), "1");
  bench.restart();
  EXPECT_EQ(bench.next(), "1");
  EXPECT_EQ(bench.next(), "2");
  // Ids go on where they were, so nothing is written over.
  ASSERT_TRUE(bench.add("f", "3"));
  EXPECT_EQ(bench.keys(), 6u);
}

TEST(EventQueue, WhatIsGivenBackComesFirstAgain) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  bench.clock.advance(seconds(1));
  ASSERT_TRUE(bench.add("f", "2"));
  const auto taken = bench.take();
  bench.queue->give_back(taken->id);
  EXPECT_EQ(bench.next(), "1");
}

TEST(EventQueue, HasABoundForEachFunction) {
  Bench bench({.events_max = 2, .payload_bytes_max = 10});
  ASSERT_TRUE(bench.add("f", "1"));
  ASSERT_TRUE(bench.add("f", "2"));
  const auto refused = bench.add("f", "3");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().aws_type, "TooManyRequestsException");
  EXPECT_EQ(refused.error().code, ErrorCode::kThrottled);
  EXPECT_TRUE(bench.add("g", "4", "1234567890"));
  EXPECT_FALSE(bench.add("g", "5", "1"));
  // An event that is being delivered counts until it is done.
  const auto taken = bench.take();
  ASSERT_EQ(taken->event.request_id, "1");
  EXPECT_FALSE(bench.add("f", "6"));
  ASSERT_TRUE(bench.queue->finish(taken->id, {}));
  EXPECT_TRUE(bench.add("f", "7"));
  bench.restart();
  EXPECT_FALSE(bench.add("f", "8"));
  EXPECT_FALSE(bench.add("g", "9", "1"));
}

TEST(EventQueue, FollowersPastTheBoundAreCounted) {
  Bench bench({.events_max = 1, .payload_bytes_max = 100});
  ASSERT_TRUE(bench.add("f", "1"));
  ASSERT_TRUE(bench.add("g", "2"));
  const auto taken = bench.take();
  EXPECT_EQ(bench.queue->finish(taken->id, {bench.event("g", "3")}).value(), 1u);
  EXPECT_EQ(bench.queue->size(), 1u);
}

TEST(EventQueue, ForgetsAFunction) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  ASSERT_TRUE(bench.add("f", "2"));
  ASSERT_TRUE(bench.add("g", "3"));
  const auto taken = bench.take();
  ASSERT_TRUE(bench.queue->forget(taken->event.function.view()));
  EXPECT_EQ(bench.keys(), 2u);
  // The delivery that was under way ends without effect.
  EXPECT_EQ(bench.queue->finish(taken->id, {bench.event("g", "4")}).value(), 0u);
  ASSERT_TRUE(bench.queue->postpone(taken->id, taken->event, seconds(1)));
  EXPECT_EQ(bench.keys(), 2u);
  EXPECT_EQ(bench.queue->size(), 1u);
  EXPECT_EQ(bench.queue->taken(), 0u);
}

TEST(EventQueue, AClockThatIsSetNeitherAgesNorDelaysEvents) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  auto taken = bench.take();
  ASSERT_TRUE(bench.queue->postpone(taken->id, taken->event, minutes(1)));
  const SteadyTime accepted = taken->accepted;
  bench.clock.set(bench.clock.wall() + hours(48));
  EXPECT_EQ(bench.next(), "");
  bench.clock.set(bench.clock.wall() - hours(96));
  bench.clock.advance(minutes(1));
  taken = bench.take();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->accepted, accepted);
}

TEST(EventQueue, ARestartUnderAWrongClockKeepsDelaysInBounds) {
  Bench bench;
  ASSERT_TRUE(bench.add("f", "1"));
  const auto taken = bench.take();
  ASSERT_TRUE(bench.queue->postpone(taken->id, taken->event, minutes(1)));
  bench.clock.set(bench.clock.wall() - hours(1'000));
  bench.restart();
  EXPECT_EQ(bench.next(), "");
  EXPECT_LE(bench.queue->next_due(), kDelayMax);
  bench.clock.advance(kDelayMax);
  EXPECT_EQ(bench.next(), "1");
}

TEST(EventQueue, RefusesToStartOnWhatItDidNotWrite) {
  Bench bench;
  storage::Batch batch;
  batch.put(storage::Family::kEvents, std::string("s\0\0\0\0\0\0\0\1", 9), "{}");
  ASSERT_TRUE(bench.store->write(std::move(batch)));
  EXPECT_THROW(bench.restart(), ConfigError);
}

}  // namespace
}  // namespace stator::lambda::events
