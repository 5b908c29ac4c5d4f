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

const ddb::Client offline({.endpoint = "http://127.0.0.1:1", .region = "eu-west-1"});
const auto orders = offline.table<Order>("t");
const auto trips = offline.table<Trip>("trips");

std::string sent(const ddb::RequestText& operation) {
  return operation.params().value();
}
bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Index, IsQueriedByItsKey) {
  const auto text = sent(ddb::query_index<"by_total">(orders, customer == "c" && total > 5));
  EXPECT_TRUE(has(text, R"("IndexName":"by_total")")) << text;
  EXPECT_TRUE(has(text, R"("KeyConditionExpression":"#0 = :0 AND #1 > :1")")) << text;
  EXPECT_TRUE(has(text, R"({"#0":"customer","#1":"total"})")) << text;
  EXPECT_TRUE(has(sent(ddb::query_index<"by_made">(orders, customer == "c", ddb::consistent)),
                  R"("ConsistentRead":true)"));
  EXPECT_TRUE(has(sent(ddb::scan_index<"by_total">(orders)), R"("IndexName":"by_total")"));
}

TEST(Index, MayHaveSeveralHashAndRangeAttributes) {
  const auto text = sent(ddb::query_index<"by_place">(
      trips, trip_country == "CH" && trip_city == "Bern" && trip_day == 3 && trip_hour < 9));
  EXPECT_TRUE(
      has(text, R"("KeyConditionExpression":"#0 = :0 AND #1 = :1 AND #2 = :2 AND #3 < :3")"))
      << text;
}

TEST(Index, CursorHasTheKeysOfTableAndIndex) {
  const std::string key = R"({"customer":{"S":"c"},"number":{"N":"1"},"total":{"N":"5"}})";
  const auto cursor = ddb::detail::cursor_of(key);
  const auto text = sent(ddb::query_index<"by_total">(orders, customer == "c", ddb::from(cursor)));
  EXPECT_TRUE(has(text, R"("ExclusiveStartKey":)" + key)) << text;
  EXPECT_EQ(ddb::query(orders, customer == "c", ddb::from(cursor)).params().error().code,
            ddb::ErrorCode::kBadCursor);
}

TEST(Cursor, CanBeMadeOfAnItem) {
  const auto cursor = orders.cursor_after({.customer = "c", .number = 7});
  EXPECT_TRUE(has(sent(ddb::scan(orders, ddb::from(cursor))),
                  R"("ExclusiveStartKey":{"customer":{"S":"c"},"number":{"N":"7"}})"));
}

TEST(Projection, AsksForWhatItReads) {
  const auto get = ddb::get(orders, "c", 7, ddb::only<total, zip, &Order::note>);
  EXPECT_TRUE(has(sent(get), R"("ProjectionExpression":"#0, #1.#2, #3")")) << sent(get);
  const auto found =
      get.read(R"({"Item":{"total":{"N":"5"},"to":{"M":{"zip":{"N":"3000"}}},"n":{"S":"x"}}})");
  EXPECT_EQ(found.value().value(),
            std::tuple(ddb::Number(5), 3000, std::optional<std::string>("x")));
  EXPECT_FALSE(get.read("{}").value());
}

struct Summary {
  ddb::Number total{};
  std::optional<std::string> note{};
};

TEST(Projection, ReadsIntoASmallerStruct) {
  const auto query = ddb::query(orders, customer == "c", ddb::as<Summary>);
  EXPECT_TRUE(has(sent(query), R"("ProjectionExpression":"#1, #2")")) << sent(query);
  EXPECT_TRUE(has(sent(query), R"("#2":"n")"));
  const auto page = query.read(R"({"Items":[{"total":{"N":"5"},"n":{"S":"x"}}],"Count":1})");
  ASSERT_EQ(page.value().items.size(), 1u);
  EXPECT_EQ(page->items[0].note, "x");
  EXPECT_EQ(page->count, 1u);
}

TEST(Scan, MayBeCutIntoSegments) {
  EXPECT_EQ(sent(ddb::scan(orders, ddb::segment(2, 8))),
            R"({"TableName":"t","Segment":2,"TotalSegments":8})");
}

TEST(RateLimiter, WaitsAsLongAsTheUnitsAreWorth) {
  ddb::RateLimiter limiter(50);
  EXPECT_EQ(limiter.pause_ms(25, 1000), 500);
  EXPECT_EQ(limiter.pause_ms(25, 1500), 500);
  EXPECT_EQ(limiter.pause_ms(0, 9000), 0);
  EXPECT_EQ(ddb::RateLimiter(0).pause_ms(1000, 0), 0);
}

/// Answers what it is told, in order.
struct ReadTest : testing::Test {
  std::deque<std::string> answers;
  FakeServer server{[this](const Seen&, int) {
    if (answers.empty()) return aws_error(400, "ValidationException", "asked once too often");
    std::string answer = answers.front();
    answers.pop_front();
    return answer.starts_with('!') ? aws_error(400, answer.substr(1), "m") : ok(answer);
  }};
  ddb::Client client{{.endpoint = server.url(),
                      .region = "eu-west-1",
                      .access_key_id = "A",
                      .secret_access_key = "S",
                      .attempts_max = 1}};
  ddb::Table<Counter> counters = client.table<Counter>();
};

const std::string kFirstPage =
    R"({"Items":[{"id":{"S":"a"}},{"id":{"S":"b"}}],"Count":2,"ScannedCount":2,)"
    R"("LastEvaluatedKey":{"id":{"S":"b"}},"ConsumedCapacity":{"CapacityUnits":0.5}})";
const std::string kLastPage = R"({"Items":[{"id":{"S":"c"}}],"Count":1,"ScannedCount":3})";

TEST_F(ReadTest, AllPagesAreReadAsTheyAreNeeded) {
  answers = {kFirstPage, R"({"Items":[],"Count":0,"LastEvaluatedKey":{"id":{"S":"b"}}})",
             kLastPage};
  std::string ids;
  for (const auto& counter : counters.scan_all()) ids += counter.value().id;
  EXPECT_EQ(ids, "abc");
  EXPECT_TRUE(has(server.seen().at(1).body, R"("ExclusiveStartKey":{"id":{"S":"b"}})"));

  answers = {kFirstPage};
  EXPECT_EQ(counters.scan_all(ddb::at_most(1)).collect().value().size(), 1u);
}

TEST_F(ReadTest, AnErrorIsTheLastElement) {
  answers = {kFirstPage, "!ResourceNotFoundException"};
  int good = 0;
  int bad = 0;
  for (const auto& counter : counters.scan_all()) counter ? ++good : ++bad;
  EXPECT_EQ(good, 2);
  EXPECT_EQ(bad, 1);
  answers = {"!ResourceNotFoundException"};
  EXPECT_EQ(counters.query_all(counter_id == "a").collect().error().code,
            ddb::ErrorCode::kTableNotFound);
}

TEST_F(ReadTest, ARateAsksForTheCapacity) {
  answers = {kFirstPage, kLastPage};
  EXPECT_EQ(counters.scan_all(ddb::rate(1000)).collect().value().size(), 3u);
  EXPECT_TRUE(has(server.seen().at(0).body, R"("ReturnConsumedCapacity":"TOTAL")"));
}

TEST_F(ReadTest, CountsOverAllPages) {
  answers = {kFirstPage, kLastPage, kLastPage};
  EXPECT_EQ(counters.count().value(), 3u);
  EXPECT_TRUE(has(server.seen().at(0).body, R"("Select":"COUNT")"));
  EXPECT_EQ(counters.count(counter_id == "a", ddb::filter(count > 5)).value(), 1u);
  EXPECT_TRUE(has(server.seen().at(2).body, R"("FilterExpression":"#1 > :1")"));
}

TEST_F(ReadTest, ConsumedCapacityIsAddedUp) {
  double units = 1;
  answers = {R"({"Item":{"id":{"S":"a"}},"ConsumedCapacity":{"CapacityUnits":2.5}})"};
  EXPECT_TRUE(counters.get("a", ddb::consumed(units)).value());
  EXPECT_EQ(units, 3.5);
}

TEST_F(ReadTest, CallsMayHaveHooksAndLimitsOfTheirOwn) {
  std::string log;
  const auto watched = counters.with(
      ddb::Hooks{[&](const ddb::CallInfo& call) { log += ">" + std::string(call.operation); },
                 [&](const ddb::CallInfo&, const ddb::CallOutcome& outcome) {
                   log += outcome.error == nullptr ? "<ok" : "<" + outcome.error->type;
                   throw std::runtime_error("dropped");
                 }});
  answers = {"{}", "!ResourceNotFoundException"};
  EXPECT_FALSE(watched.get("a").value());
  EXPECT_FALSE(watched.erase("a"));
  EXPECT_EQ(log, ">GetItem<ok>DeleteItem<ResourceNotFoundException");

  answers = {"!ThrottlingException", "!ThrottlingException"};
  const auto patient = counters.with(ddb::CallOptions{.attempts_max = 2});
  EXPECT_EQ(patient.get("a").error().attempts, 2u);
}

}  // namespace
