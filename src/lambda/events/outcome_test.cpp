#include "lambda/events/outcome.hpp"

#include <gtest/gtest.h>

#include "json/json.hpp"

namespace stator::lambda::events {
namespace {

Event make_event() {
  Event event;
  event.function = {"000000000000", "us-east-1", "f"};
  event.request_id = "e4b46cbf";
  event.payload = R"({"n":1.50})";
  return event;
}

const WallTime kNow = from_epoch_ms(1'767'323'045'678);

TEST(InvocationRecord, TellsOfASuccess) {
  const Outcome outcome{.status = 200, .executed_version = "$LATEST", .response = "[1e2]"};
  EXPECT_EQ(invocation_record(make_event(), outcome, kNow),
            R"({"version":"1.0","timestamp":"2026-01-02T03:04:05.678Z","requestContext":)"
            R"({"requestId":"e4b46cbf","functionArn":)"
            R"("arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST","condition":"Success",)"
            R"("approximateInvokeCount":1},"requestPayload":{"n":1.50},"responseContext":)"
            R"({"statusCode":200,"executedVersion":"$LATEST"},"responsePayload":[1e2]})");
}

TEST(InvocationRecord, TellsOfAFailure) {
  Event event = make_event();
  event.qualifier = "live";
  event.failures = 3;
  const Outcome outcome{.condition = Condition::kRetriesExhausted,
                        .status = 200,
                        .executed_version = "7",
                        .function_error = "Unhandled",
                        .response = R"({"errorMessage":"boom"})"};
  const auto record = json::parse_object(invocation_record(event, outcome, kNow));
  ASSERT_TRUE(record);
  EXPECT_EQ(json::dump(record->at("requestContext")),
            R"({"requestId":"e4b46cbf","functionArn":)"
            R"("arn:aws:lambda:us-east-1:000000000000:function:f:live",)"
            R"("condition":"RetriesExhausted","approximateInvokeCount":3})");
  EXPECT_EQ(json::dump(record->at("responseContext")),
            R"({"statusCode":200,"executedVersion":"7","functionError":"Unhandled"})");
  EXPECT_EQ(json::dump(record->at("responsePayload")), R"({"errorMessage":"boom"})");
}

TEST(InvocationRecord, LeavesOutWhatThereWasNot) {
  const auto untried = json::parse_object(
      invocation_record(make_event(), {.condition = Condition::kEventAgeExceeded}, kNow));
  ASSERT_TRUE(untried);
  EXPECT_FALSE(untried->contains("responseContext"));
  EXPECT_FALSE(untried->contains("responsePayload"));
  EXPECT_EQ(json::find_int(untried->at("requestContext").as_object(), "approximateInvokeCount"), 0);
  const auto throttled = json::parse_object(invocation_record(
      make_event(), {.condition = Condition::kEventAgeExceeded, .status = 429}, kNow));
  ASSERT_TRUE(throttled);
  EXPECT_EQ(json::dump(throttled->at("responseContext")), R"({"statusCode":429})");
}

TEST(InvocationRecord, QuotesAnswersThatAreNoJson) {
  for (const auto& [answer, expected] : std::vector<std::pair<std::string, std::string>>{
           {"", "null"}, {"plain", R"("plain")"}, {"a\"b", R"("a\"b")"}, {"\"s\"", R"("s")"}}) {
    const Outcome outcome{.status = 200, .response = answer};
    const auto record = json::parse_object(invocation_record(make_event(), outcome, kNow));
    ASSERT_TRUE(record) << answer;
    EXPECT_EQ(json::dump(record->at("responsePayload")), expected);
  }
}

const json::Object& attributes_of(const json::Object& letter) {
  return letter.at("Records").at(0).at("messageAttributes").as_object();
}

TEST(DeadLetter, IsTheMessageOfAQueueWithTheAttributesOfAws) {
  const Outcome outcome{.condition = Condition::kRetriesExhausted,
                        .status = 200,
                        .function_error = "Unhandled",
                        .response = R"({"errorMessage":"boom","errorType":"E"})"};
  const auto letter = json::parse_object(dead_letter(make_event(), outcome));
  ASSERT_TRUE(letter);
  const auto& record = letter->at("Records").at(0).as_object();
  EXPECT_EQ(json::find_string(record, "body"), R"({"n":1.50})");
  EXPECT_EQ(json::find_string(record, "eventSourceARN"),
            "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST");
  const auto& attributes = attributes_of(*letter);
  EXPECT_EQ(json::find_string(attributes.at("RequestID").as_object(), "stringValue"), "e4b46cbf");
  EXPECT_EQ(json::find_string(attributes.at("ErrorCode").as_object(), "stringValue"), "200");
  EXPECT_EQ(json::find_string(attributes.at("ErrorCode").as_object(), "dataType"), "Number");
  EXPECT_EQ(json::find_string(attributes.at("ErrorMessage").as_object(), "stringValue"), "boom");
}

TEST(DeadLetter, HasTheFirstKilobyteOfTheMessage) {
  const std::string two_bytes = "\xc3\xa9";
  std::string message = "x";
  for (int i = 0; i < 1'000; ++i) message += two_bytes;
  const Outcome outcome{.status = 429, .error_message = message};
  const auto letter = json::parse_object(dead_letter(make_event(), outcome));
  ASSERT_TRUE(letter);
  const auto kept =
      json::find_string(attributes_of(*letter).at("ErrorMessage").as_object(), "stringValue");
  EXPECT_EQ(kept, message.substr(0, 1'023));
}

}  // namespace
}  // namespace stator::lambda::events
