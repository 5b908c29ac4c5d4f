#include "lambda/sources/consumer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lambda/sources/test_lab.hpp"

namespace stator::lambda::sources {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ConsumerLab;
using Numbers = std::vector<std::uint64_t>;
using Batches = std::vector<Numbers>;

std::string text_of(const std::string& document, std::string_view part, std::string_view name) {
  const auto object = json::parse_object(document).value();
  const auto& members = json::find(object, part)->get_object();
  if (const auto text = json::find_string(members, name)) return *text;
  return std::to_string(json::find_int(members, name).value());
}

TEST(Consumer, InvokesWithOneBatchAtATimeAndKeepsHowFarItIs) {
  ConsumerLab lab({.batch_size = 2});
  for (const char* key : {"a", "b", "c"}) lab.add(key);
  lab.start();
  ASSERT_EQ(lab.batches, (Batches{{101, 102}}));
  lab.add("d");
  lab.run();
  EXPECT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(lab.positions().at(0).next, 0u);
  lab.answer(ConsumerLab::success());
  EXPECT_EQ(lab.positions().at(0).next, 103u);
  EXPECT_EQ(lab.batches.back(), (Numbers{103, 104}));
  lab.answer(ConsumerLab::success());
  EXPECT_EQ(lab.consumer->result(), "OK");
  EXPECT_TRUE(lab.calls.empty());
}

TEST(Consumer, SleepsUntilTheBellRings) {
  ConsumerLab lab;
  lab.start();
  EXPECT_EQ(lab.consumer->result(), "No records processed");
  const int reads = lab.streams.reads;
  lab.pass(hours(1), seconds(10));
  EXPECT_EQ(lab.streams.reads, reads);
  EXPECT_EQ(lab.scheduler.pending(), 0u);
  lab.add("a");
  lab.run();
  EXPECT_EQ(lab.batches, (Batches{{101}}));
}

TEST(Consumer, GathersForTheBatchingWindow) {
  ConsumerLab lab({.batch_size = 3, .batching_window_s = 2});
  lab.start();
  lab.add("a");
  lab.run();
  lab.pass(milliseconds(500));
  lab.add("b");
  lab.run();
  lab.pass(milliseconds(1'000));
  EXPECT_TRUE(lab.batches.empty());
  lab.pass(milliseconds(600));
  ASSERT_EQ(lab.batches, (Batches{{101, 102}}));
  // A batch that is whole does not wait.
  lab.answer(ConsumerLab::success());
  for (int i = 0; i < 3; ++i) lab.add("a");
  lab.run();
  EXPECT_EQ(lab.batches.back(), (Numbers{103, 104, 105}));
}

TEST(Consumer, BatchesEndWithTheirShard) {
  ConsumerLab lab({.batching_window_s = 60});
  lab.add("a");
  lab.streams.close_shard();
  lab.add("b");
  lab.start();
  EXPECT_EQ(lab.batches, (Batches{{101}}));
}

TEST(Consumer, BatchesFitIntoAnInvocation) {
  ConsumerLab lab;
  for (int i = 0; i < 5; ++i) lab.add("a", 2u << 20);
  lab.automatic = [](const auto&) { return ConsumerLab::success(); };
  lab.start();
  EXPECT_EQ(lab.batches, (Batches{{101, 102}, {103, 104}, {105}}));
}

TEST(Consumer, FiltersPassRecordsOver) {
  ConsumerLab lab({.filters = {R"({"key":["b"]})", R"({"key":[{"prefix":"c"}]})"}});
  for (const char* key : {"a", "b", "cc", "d"}) lab.add(key);
  lab.start();
  ASSERT_EQ(lab.batches, (Batches{{102, 103}}));
  lab.answer(ConsumerLab::success());
  EXPECT_EQ(lab.positions().at(0).next, 105u);
}

TEST(Consumer, FailedBatchesAreTriedAgainAfterPauses) {
  ConsumerLab lab({.retries_max = 2, .on_failure = "arn:aws:s3:::bucket"});
  lab.add("a");
  lab.add("b");
  lab.start();
  lab.answer(ConsumerLab::failure());
  EXPECT_EQ(lab.consumer->result(), "PROBLEM: Function call failed");
  EXPECT_EQ(lab.batches.size(), 1u);
  lab.pass(milliseconds(200));
  EXPECT_EQ(lab.batches.size(), 2u);
  lab.answer(ConsumerLab::failure());
  lab.pass(milliseconds(350));
  EXPECT_EQ(lab.batches.size(), 2u);
  lab.pass(milliseconds(50));
  EXPECT_EQ(lab.batches, (Batches{{101, 102}, {101, 102}, {101, 102}}));
  EXPECT_TRUE(lab.documents.empty());
  lab.failing_deliveries = 1;
  lab.add("c");
  lab.answer(ConsumerLab::failure());
  EXPECT_TRUE(lab.documents.empty());
  lab.pass(seconds(2));
  ASSERT_EQ(lab.documents.size(), 1u);
  const std::string& document = lab.documents[0];
  EXPECT_EQ(text_of(document, "requestContext", "condition"), "RetryAttemptsExhausted");
  EXPECT_EQ(text_of(document, "requestContext", "approximateInvokeCount"), "3");
  EXPECT_EQ(text_of(document, "responseContext", "functionError"), "Unhandled");
  EXPECT_EQ(text_of(document, "DDBStreamBatchInfo", "startSequenceNumber"), "1101");
  EXPECT_EQ(text_of(document, "DDBStreamBatchInfo", "endSequenceNumber"), "1102");
  EXPECT_EQ(lab.batches.back(), (Numbers{103}));
}

TEST(Consumer, WithoutADestinationGivenUpRecordsAreDropped) {
  ConsumerLab lab({.retries_max = 0});
  lab.add("a");
  lab.start();
  lab.answer(ConsumerLab::failure());
  EXPECT_EQ(lab.positions().at(0).next, 102u);
}

TEST(Consumer, ThrottlesAndMissingFunctionsAreNoTries) {
  ConsumerLab lab({.retries_max = 0});
  lab.add("a");
  lab.start();
  for (int i = 0; i < 5; ++i) {
    lab.answer(Error{ErrorCode::kThrottled, "Rate Exceeded."});
    EXPECT_EQ(lab.consumer->result(), "PROBLEM: Rate Exceeded.");
    lab.pass(seconds(5));
    ASSERT_EQ(lab.calls.size(), 1u);
  }
  lab.answer(ConsumerLab::success());
  EXPECT_EQ(lab.consumer->result(), "OK");
}

TEST(Consumer, OldRecordsAreNotTried) {
  ConsumerLab lab({.age_s_max = 60, .on_failure = "arn:aws:s3:::bucket"});
  lab.add("a");
  lab.clock.advance(seconds(61));
  lab.add("b");
  lab.start();
  EXPECT_EQ(lab.batches, (Batches{{102}}));
  ASSERT_EQ(lab.documents.size(), 1u);
  EXPECT_EQ(text_of(lab.documents[0], "requestContext", "condition"), "RecordAgeExceeded");
  EXPECT_EQ(text_of(lab.documents[0], "DDBStreamBatchInfo", "batchSize"), "1");
  // Nor are they tried again.
  lab.automatic = [](const auto&) { return ConsumerLab::failure(); };
  lab.answer(ConsumerLab::failure());
  lab.pass(seconds(120));
  EXPECT_EQ(lab.documents.size(), 2u);
}

TEST(Consumer, RecordsAreTriedForADayAtMost) {
  ConsumerLab lab;
  lab.add("a");
  lab.automatic = [](const auto&) { return ConsumerLab::failure(); };
  lab.start();
  lab.pass(hours(23), seconds(30));
  EXPECT_EQ(lab.positions().at(0).next, 101u);
  lab.pass(hours(2), seconds(30));
  EXPECT_EQ(lab.positions().at(0).next, 102u);
}

TEST(Consumer, GoesOnWhereItWasAfterACrash) {
  ConsumerLab lab({.batch_size = 1});
  lab.add("a");
  lab.add("b");
  lab.start();
  lab.answer(ConsumerLab::success());
  ASSERT_EQ(lab.batches, (Batches{{101}, {102}}));
  lab.start();
  EXPECT_EQ(lab.batches, (Batches{{101}, {102}, {102}}));
}

TEST(Consumer, AFinishedHalfIsNotTriedAgainAfterACrash) {
  ConsumerLab lab({.bisects = true});
  for (int i = 0; i < 4; ++i) lab.add("a");
  lab.start();
  lab.answer(ConsumerLab::failure());
  lab.pass(seconds(1));
  lab.answer(ConsumerLab::success());
  ASSERT_EQ(lab.batches, (Batches{{101, 102, 103, 104}, {101, 102}, {103, 104}}));
  lab.start();
  EXPECT_EQ(lab.batches.back(), (Numbers{103, 104}));
}

TEST(Consumer, PartialFailuresAreTriedFromTheLowestOn) {
  ConsumerLab lab({.reports_item_failures = true});
  for (int i = 0; i < 4; ++i) lab.add("a");
  lab.start();
  lab.answer(ConsumerLab::success(R"({"batchItemFailures":[{"itemIdentifier":"1103"}]})"));
  EXPECT_EQ(lab.positions().at(0).next, 103u);
  lab.pass(seconds(1));
  EXPECT_EQ(lab.batches.back(), (Numbers{103, 104}));
}

TEST(Consumer, DisabledItRestsAndThenGoesOn) {
  ConsumerLab lab({.batch_size = 1});
  lab.start();
  lab.add("a");
  lab.run();
  lab.change([](MappingSettings& settings) { settings.is_enabled = false; });
  // What runs comes to its end.
  lab.answer(ConsumerLab::success());
  EXPECT_EQ(lab.positions().at(0).next, 102u);
  lab.add("b");
  lab.pass(seconds(10));
  EXPECT_TRUE(lab.calls.empty());
  lab.change([](MappingSettings& settings) { settings.is_enabled = true; });
  EXPECT_EQ(lab.batches, (Batches{{101}, {102}}));
}

TEST(Consumer, ARemovedMappingLeavesNoPosition) {
  ConsumerLab lab;
  lab.start();
  lab.add("a");
  lab.run();
  const auto mapping = lab.mapping();
  ASSERT_TRUE(lab.mappings->remove(*mapping).has_value());
  lab.consumer->apply(nullptr);
  lab.answer(ConsumerLab::success());
  EXPECT_TRUE(lab.mappings->positions(*mapping)->empty());
  EXPECT_TRUE(lab.calls.empty());
}

TEST(Consumer, SaysWhyItCannotRead) {
  ConsumerLab lab;
  lab.access = Error{ErrorCode::kAccessDenied, "not authorized"};
  lab.add("a");
  lab.start();
  EXPECT_EQ(lab.consumer->result(), "PROBLEM: not authorized");
  lab.access = {};
  lab.streams.is_gone = true;
  lab.pass(seconds(1));
  EXPECT_EQ(lab.consumer->result(), "PROBLEM: no such stream");
  lab.streams.is_gone = false;
  lab.pass(seconds(6));
  EXPECT_EQ(lab.batches, (Batches{{101}}));
}

TEST(Consumer, LanesRunBesideEachOther) {
  ConsumerLab lab({.parallelization_factor = 2});
  for (const char* key : {"a", "b", "c", "d", "e", "f"}) lab.add(key);
  lab.start();
  ASSERT_EQ(lab.calls.size(), 2u);
  EXPECT_EQ(lab.batches[0].size() + lab.batches[1].size(), 6u);
  // One that waits holds up no other.
  const Numbers first = lab.calls[0].numbers;
  ConsumerLab::Call second = lab.take_call(1);
  second.done(ConsumerLab::success());
  lab.run();
  for (const char* key : {"a", "b", "c", "d", "e", "f"}) lab.add(key);
  lab.run();
  ASSERT_EQ(lab.calls.size(), 2u);
  EXPECT_EQ(lab.calls[0].numbers, first);
}

TEST(Consumer, OtherLanesBeginWhereTheOldOnesMet) {
  ConsumerLab lab({.batch_size = 1, .parallelization_factor = 2});
  for (const char* key : {"a", "b", "c", "d", "e", "f"}) lab.add(key);
  lab.start();
  ASSERT_EQ(lab.calls.size(), 2u);
  lab.change([](MappingSettings& settings) { settings.parallelization_factor = 1; });
  lab.automatic = [](const auto&) { return ConsumerLab::success(); };
  lab.answer(ConsumerLab::success());
  EXPECT_EQ(lab.positions().size(), 1u);
  Numbers all;
  for (const auto& batch : lab.batches) all.insert(all.end(), batch.begin(), batch.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (Numbers{101, 102, 103, 104, 105, 106}));
}

}  // namespace
}  // namespace stator::lambda::sources
