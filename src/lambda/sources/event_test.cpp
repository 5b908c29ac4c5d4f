#include "lambda/sources/event.hpp"

#include <gtest/gtest.h>

#include "json/json.hpp"
#include "lambda/sources/test_doors.hpp"

namespace stator::lambda::sources {
namespace {

using Kind = Attempt::Kind;

std::vector<StreamRecord> make_records() {
  std::vector<StreamRecord> records;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    records.push_back({number, test::FakeStreams::sequence(number), from_epoch_ms(1'000'000),
                       test::FakeStreams::json("a", number)});
  }
  return records;
}

TEST(Event, HoldsTheRecords) {
  const auto records = make_records();
  EXPECT_EQ(event_of({}, nullptr), R"({"Records":[]})");
  const auto event = json::parse_object(event_of(records, nullptr));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(json::find(*event, "Records")->get_array().size(), 3u);
  std::size_t bytes = envelope_bytes(nullptr) + 2;
  for (const auto& record : records) bytes += record.json.size();
  EXPECT_EQ(event_of(records, nullptr).size(), bytes);
}

TEST(Event, OfAWindowSaysWhichAndHandsTheStateOn) {
  const OpenWindow window{1'596'128'400, 300, R"({"sum":7})", false};
  const WindowEvent said{window, "shardId-1", test::kStream, true, false};
  const auto event = json::parse_object(event_of({}, &said));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(
      json::dump(*event),
      R"({"Records":[],"window":{"start":"2020-07-30T17:00:00Z","end":"2020-07-30T17:05:00Z"},)"
      R"("state":{"sum":7},"shardId":"shardId-1","eventSourceARN":")" +
          std::string(test::kStream) +
          R"(","isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false})");
}

TEST(Event, AnswersSayWhatFailed) {
  struct Case {
    const char* payload;
    Kind kind;
    std::size_t first_failed;
  };
  const Case cases[] = {
      {"", Kind::kSucceeded, 0},
      {"null", Kind::kSucceeded, 0},
      {"{}", Kind::kSucceeded, 0},
      {R"({"batchItemFailures":[]})", Kind::kSucceeded, 0},
      {R"({"batchItemFailures":null})", Kind::kSucceeded, 0},
      {R"({"batchItemFailures":[{"itemIdentifier":"12"}]})", Kind::kPartly, 1},
      {R"({"batchItemFailures":[{"itemIdentifier":"13"},{"itemIdentifier":"12"}]})", Kind::kPartly,
       1},
      {R"({"batchItemFailures":[{"itemIdentifier":"11"}]})", Kind::kPartly, 0},
      {R"({"batchItemFailures":[{"itemIdentifier":""}]})", Kind::kFailed, 0},
      {R"({"batchItemFailures":[{"itemIdentifier":null}]})", Kind::kFailed, 0},
      {R"({"batchItemFailures":[{"wrongName":"12"}]})", Kind::kFailed, 0},
      {R"({"batchItemFailures":[{"itemIdentifier":"99"}]})", Kind::kFailed, 0},
      {R"({"batchItemFailures":["12"]})", Kind::kFailed, 0},
      {R"({"batchItemFailures":"12"})", Kind::kFailed, 0},
      {"[1]", Kind::kFailed, 0},
      {"{", Kind::kFailed, 0},
  };
  const auto records = make_records();
  for (const Case& one : cases) {
    const Answer answer = read_answer(one.payload, records, true);
    EXPECT_EQ(answer.attempt.kind, one.kind) << one.payload;
    EXPECT_EQ(answer.attempt.first_failed, one.first_failed) << one.payload;
    EXPECT_EQ(read_answer(one.payload, records, false).attempt.kind, Kind::kSucceeded);
  }
}

TEST(Event, AnswersOfWindowsHaveAState) {
  EXPECT_EQ(read_answer(R"({"state":{"a":[1]}})", {}, false).state_json, R"({"a":[1]})");
  EXPECT_EQ(read_answer(R"({"state":1})", {}, false).state_json, "{}");
  EXPECT_EQ(read_answer("null", {}, false).state_json, "{}");
}

TEST(Event, FailuresAreDescribedAsAwsDoes) {
  Mapping mapping;
  mapping.stream_arn = test::kStream;
  mapping.settings.function_arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  mapping.settings.on_failure = "arn:aws:s3:::bucket";
  const auto records = make_records();
  const Discarded discarded{
      records,     "RetryAttemptsExhausted",        3, "shardId-1", "request", "$LATEST",
      "Unhandled", from_epoch_ms(1'573'690'429'717)};
  EXPECT_EQ(failure_document(mapping, discarded, "{}"),
            R"({"requestContext":{"requestId":"request","functionArn":)"
            R"("arn:aws:lambda:us-east-1:000000000000:function:f","condition":)"
            R"("RetryAttemptsExhausted","approximateInvokeCount":3},"version":"1.0",)"
            R"("timestamp":"2019-11-14T00:13:49.717Z","DDBStreamBatchInfo":{"shardId":"shardId-1",)"
            R"("batchSize":3,"streamArn":")" +
                std::string(test::kStream) +
                R"(","startSequenceNumber":"11","endSequenceNumber":"13",)"
                R"("approximateArrivalOfFirstRecord":"1970-01-01T00:16:40Z",)"
                R"("approximateArrivalOfLastRecord":"1970-01-01T00:16:40Z"},)"
                R"("responseContext":{"statusCode":200,"executedVersion":"$LATEST",)"
                R"("functionError":"Unhandled"},"payload":"{}"})");
  mapping.settings.on_failure = "arn:aws:lambda:us-east-1:000000000000:function:g";
  const auto without = json::parse_object(failure_document(
      mapping, {records, "RecordAgeExceeded", 0, "s", "r", "", "", from_epoch_ms(0)}, "{}"));
  EXPECT_EQ(json::find(*without, "payload"), nullptr);
  EXPECT_EQ(json::find(*without, "responseContext"), nullptr);
}

}  // namespace
}  // namespace stator::lambda::sources
