#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "fake_server.hpp"
#include "model.hpp"

namespace {

using namespace shop;  // NOLINT: the model under test
using stator::sdk::testing::aws_error;
using stator::sdk::testing::FakeServer;
using stator::sdk::testing::ok;
using stator::sdk::testing::Seen;
using stator::sdk::testing::status;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
std::size_t times(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

struct BatchTest : testing::Test {
  std::function<stator::sdk::testing::Answer(const Seen&, int)> script = [](const Seen&, int) {
    return ok("{}");
  };
  FakeServer server{[this](const Seen& seen, int number) { return script(seen, number); }};
  ddb::Client client{{.endpoint = server.url(),
                      .region = "eu-west-1",
                      .access_key_id = "A",
                      .secret_access_key = "S",
                      .attempts_max = 1}};
  ddb::Table<Order> orders = client.table<Order>();
  ddb::Table<Counter> counters = client.table<Counter>();
};

TEST_F(BatchTest, WritesInPiecesOfTwentyFive) {
  std::vector<Counter> many;
  for (int i = 0; i < 60; ++i) many.push_back({std::to_string(i), i});
  const auto report = ddb::batch_write(client, ddb::puts(counters, many),
                                       ddb::erases(orders, {{"c", 1}, {"c", 2}}));
  EXPECT_TRUE(report);
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(times(seen[0].body, "PutRequest"), 25u);
  EXPECT_EQ(times(seen[2].body, "PutRequest"), 10u);
  EXPECT_TRUE(
      has(seen[2].body,
          R"("orders":[{"DeleteRequest":{"Key":{"customer":{"S":"c"},"number":{"N":"1"}}}})"))
      << seen[2].body;
}

TEST_F(BatchTest, OfSeveralWritesToOneItemTheLastCounts) {
  EXPECT_TRUE(ddb::batch_write(client, ddb::puts(counters, {{"a", 1}, {"b", 1}, {"a", 2}}),
                               ddb::erases(counters, {{"b"}})));
  EXPECT_EQ(server.seen().at(0).body,
            R"({"RequestItems":{"counters":[)"
            R"({"PutRequest":{"Item":{"id":{"S":"a"},"count":{"N":"2"}}}},)"
            R"({"DeleteRequest":{"Key":{"id":{"S":"b"}}}}]}})");
}

TEST_F(BatchTest, WhatIsLeftOverIsSentAgain) {
  script = [](const Seen&, int number) {
    return ok(number == 0 ? R"({"UnprocessedItems":{"orders":[{"PutRequest":{"Item":)"
                            R"({"number":{"N":"2.0"},"customer":{"S":"c"}}}}]}})"
                          : R"({"UnprocessedItems":{}})");
  };
  EXPECT_TRUE(ddb::batch_write(
      client, ddb::puts(orders, {{.customer = "c", .number = 1}, {.customer = "c", .number = 2}},
                        ddb::unchecked)));
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(times(seen[1].body, "PutRequest"), 1u);
  EXPECT_TRUE(has(seen[1].body, R"("number":{"N":"2"})"));
}

TEST_F(BatchTest, WhatIsLeftAtLastIsHandedBack) {
  script = [](const Seen&, int) {
    return ok(R"({"UnprocessedItems":{"counters":[{"DeleteRequest":{"Key":{"id":{"S":"b"}}}}]}})");
  };
  const auto report = ddb::batch_write(client.with(ddb::CallOptions{.batch_rounds_max = 3}),
                                       ddb::erases(counters, {{"a"}, {"b"}}));
  EXPECT_FALSE(report);
  EXPECT_EQ(report.left(), std::vector<std::size_t>{1});
  EXPECT_FALSE(report.error());
  EXPECT_THROW(report.value(), ddb::Exception);
  EXPECT_EQ(server.seen().size(), 3u);
}

TEST_F(BatchTest, LosesNothingSilently) {
  for (const std::string_view bad :
       {"nonsense",
        R"({"UnprocessedItems":{"counters":[{"DeleteRequest":{"Key":{"id":{"S":"x"}}}}]}})",
        R"({"UnprocessedItems":{"other":[]}})", R"({"UnprocessedItems":[]})",
        R"({"UnprocessedItems":{"counters":[{"DeleteRequest":{"Key":{"id":5}}}]}})"}) {
    script = [&](const Seen&, int) { return ok(bad); };
    const auto report = ddb::batch_write(client, ddb::erases(counters, {{"a"}, {"b"}}));
    EXPECT_EQ(report.left(), (std::vector<std::size_t>{0, 1})) << bad;
    EXPECT_TRUE(report.error()) << bad;
  }
  script = [](const Seen&, int) { return status(500, ""); };
  std::vector<Counter> many;
  for (int i = 0; i < 30; ++i) many.push_back({std::to_string(i), i});
  const auto report = ddb::batch_write(client, ddb::puts(counters, many));
  EXPECT_EQ(report.left().size(), 30u);
  EXPECT_EQ(report.error()->code, ddb::ErrorCode::kUnavailable);
}

TEST_F(BatchTest, ReadsItemsOfSeveralModels) {
  script = [](const Seen&, int number) {
    return ok(number == 0 ? R"({"Responses":{"counters":[{"id":{"S":"a"},"count":{"N":"3"}}],)"
                            R"("orders":[{"total":{"N":"5"}}]},)"
                            R"("UnprocessedKeys":{"counters":{"Keys":[{"id":{"S":"b"}}]}}})"
                          : R"({"Responses":{"counters":[{"id":{"S":"b"}}]}})");
  };
  auto found = ddb::batch_get(client, ddb::gets(counters, {{"a"}, {"b"}, {"a"}}),
                              ddb::gets(orders, {{"c", 1}}, ddb::consistent, ddb::only<total>));
  EXPECT_TRUE(found.report);
  EXPECT_EQ(found.of<0>(), (std::vector<Counter>{{"a", 3}, {"b", 0}}));
  EXPECT_EQ(std::get<0>(found.of<1>().at(0)), ddb::Number(5));
  const auto seen = server.seen();
  EXPECT_EQ(seen.at(0).body,
            R"({"RequestItems":{"counters":{"Keys":[{"id":{"S":"a"}},{"id":{"S":"b"}}]},)"
            R"("orders":{"Keys":[{"customer":{"S":"c"},"number":{"N":"1"}}],)"
            R"("ProjectionExpression":"#0","ConsistentRead":true,)"
            R"("ExpressionAttributeNames":{"#0":"total"}}}})");
  EXPECT_EQ(seen.at(1).body, R"({"RequestItems":{"counters":{"Keys":[{"id":{"S":"b"}}]}}})");
}

TEST_F(BatchTest, TransactionsKeepTheOrderOfTheirOperations) {
  const auto done = ddb::transact(
      client, ddb::update(orders, "c", 7, add(total, -10), if_(total >= 10), ddb::with_old_item),
      ddb::put(counters, Counter{"a", 1}), ddb::check(counters, "b", if_(count > 0)),
      ddb::erase(counters, "d"));
  EXPECT_TRUE(done);
  const auto body = server.seen().at(0).body;
  const auto update = body.find(R"({"Update":{"TableName":"orders")");
  const auto put = body.find(R"({"Put":{"TableName":"counters")");
  const auto check = body.find(R"({"ConditionCheck":{"TableName":"counters")");
  const auto erase = body.find(R"({"Delete":{"TableName":"counters")");
  EXPECT_TRUE(update < put && put < check && check < erase && erase != std::string::npos) << body;
  EXPECT_FALSE(has(body, R"("ReturnValues":)"));
  EXPECT_TRUE(has(body, R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD")"));
  EXPECT_TRUE(has(body, R"("ClientRequestToken":")"));
}

TEST_F(BatchTest, ACancelledTransactionSaysWhyForEachOperation) {
  script = [](const Seen&, int) {
    return status(400,
                  R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
                  R"("Message":"m","CancellationReasons":[{"Code":"None"},)"
                  R"({"Code":"ConditionalCheckFailed","Message":"The conditional request failed",)"
                  R"("Item":{"id":{"S":"a"},"count":{"N":"9"}}},)"
                  R"({"Code":"TransactionConflict","Message":null},{"Code":"Novel"}]})");
  };
  const auto done = ddb::transact(client, ddb::put(counters, Counter{"x", 1}),
                                  ddb::erase(counters, "a", if_(count == 0), ddb::with_old_item));
  ASSERT_FALSE(done);
  using Code = ddb::CancellationReason::Code;
  EXPECT_EQ(done.error().code, ddb::ErrorCode::kCancelled);
  const auto& reasons = done.error().reasons;
  ASSERT_EQ(reasons.size(), 4u);
  EXPECT_EQ(reasons[0].code, Code::kNone);
  EXPECT_EQ(reasons[1].code, Code::kConditionFailed);
  EXPECT_EQ(ddb::old_item<Counter>(reasons[1]).value(), (Counter{"a", 9}));
  EXPECT_EQ(reasons[2].code, Code::kConflict);
  EXPECT_EQ(reasons[3].code, Code::kOther);
  EXPECT_EQ(reasons[3].type, "Novel");
}

TEST_F(BatchTest, ATransactionHasOneToAHundredOperations) {
  ddb::Transaction all;
  EXPECT_FALSE(all.params());
  for (int i = 0; i < 100; ++i) all.add(ddb::erase(counters, std::to_string(i)));
  EXPECT_TRUE(has(all.token("T").params().value(), R"("ClientRequestToken":"T")"));
  EXPECT_EQ(all.add(ddb::erase(counters, "x")).params().error().code, ddb::ErrorCode::kInvalid);
  ddb::Transaction bad;
  bad.add(ddb::put(counters, Counter{"caf\xE9", 1})).add(ddb::erase(counters, "a"));
  EXPECT_FALSE(bad.send(client));
  EXPECT_TRUE(server.seen().empty());
}

TEST_F(BatchTest, ReadsOfATransactionComeInTheirOrder) {
  script = [](const Seen&, int) {
    return ok(R"({"Responses":[{"Item":{"id":{"S":"a"}}},{},{"Item":{"total":{"N":"5"}}}]})");
  };
  const auto got = ddb::transact_get(client, ddb::get(counters, "a"), ddb::get(counters, "b"),
                                     ddb::get(orders, "c", 7, ddb::only<total>));
  const auto& [first, second, third] = got.value();
  EXPECT_EQ(first->id, "a");
  EXPECT_FALSE(second);
  EXPECT_EQ(std::get<0>(*third), ddb::Number(5));
  script = [](const Seen&, int) { return ok(R"({"Responses":[{}]})"); };
  EXPECT_EQ(
      ddb::transact_get(client, ddb::get(counters, "a"), ddb::get(counters, "b")).error().code,
      ddb::ErrorCode::kBadReply);
}

}  // namespace
