#include <gtest/gtest.h>

#include <random>
#include <string>

#include "fake_server.hpp"
#include "model.hpp"

namespace {

using namespace shop;  // NOLINT: the model under test
using stator::sdk::testing::aws_error;
using stator::sdk::testing::FakeServer;
using stator::sdk::testing::ok;
using stator::sdk::testing::Seen;

template <class C>
std::string text_of(const C& condition) {
  ddb::Placeholders placeholders;
  std::string text;
  condition.write(placeholders, text);
  return text;
}

TEST(Expression, IsWrittenWithPlaceholders) {
  EXPECT_EQ(text_of(total == 5), "#0 = :0");
  EXPECT_EQ(text_of(total != 5), "#0 <> :0");
  EXPECT_EQ(text_of(number < 5 && number <= 5), "(#0 < :0 AND #0 <= :1)");
  EXPECT_EQ(text_of(number > 5 || number >= 5), "(#0 > :0 OR #0 >= :1)");
  EXPECT_EQ(text_of(!exists(note)), "(NOT attribute_exists(#0))");
  EXPECT_EQ(text_of(not_exists(customer)), "attribute_not_exists(#0)");
  EXPECT_EQ(text_of(between(number, 1, 9)), "#0 BETWEEN :0 AND :1");
  EXPECT_EQ(text_of(begins_with(note, "x")), "begins_with(#0, :0)");
  EXPECT_EQ(text_of(contains(note, "x")), "contains(#0, :0)");
  EXPECT_EQ(text_of(contains(tags, "x") && contains(lines, "x")),
            "(contains(#0, :0) AND contains(#1, :1))");
  EXPECT_EQ(text_of(zip == 5), "#0.#1 = :0");
  EXPECT_EQ(text_of(not_exists(note) || (total > 5 && begins_with(customer, "a"))),
            "(attribute_not_exists(#0) OR (#1 > :0 AND begins_with(#2, :1)))");
}

const ddb::Client offline({.endpoint = "http://127.0.0.1:1", .region = "eu-west-1"});
const auto orders = offline.table<Order>("t");
const auto counters = offline.table<Counter>("t");

template <class T, class... Options>
std::string put_text(T& item, const char* now, const Options&... options) {
  return ddb::detail::put_text("t", item, now, false, false, options...).params().value();
}

TEST(Request, PutLocksByVersionAndFillsIn) {
  Order order{.customer = "c", .number = 7, .to = {"Bern", 3000}};
  EXPECT_EQ(put_text(order, "NOW", if_(exists(note))),
            R"({"TableName":"t","Item":{"customer":{"S":"c"},"number":{"N":"7"},)"
            R"("total":{"N":"0"},"lines":{"L":[]},)"
            R"("to":{"M":{"city":{"S":"Bern"},"zip":{"N":"3000"}}},"flags":{"M":{}},)"
            R"("seal":{"B":""},"weight":{"N":"0"},"revision":{"N":"1"},"made":{"S":"NOW"},)"
            R"("changed":{"S":"NOW"}},)"
            R"~("ConditionExpression":"attribute_not_exists(#0) AND attribute_exists(#1)",)~"
            R"("ExpressionAttributeNames":{"#0":"customer","#1":"n"}})");
  EXPECT_EQ(order.revision, 1);
  EXPECT_EQ(order.made, "NOW");

  const std::string second = put_text(order, "LATER");
  EXPECT_NE(second.find(R"("ConditionExpression":"#0 = :0",)"
                        R"("ExpressionAttributeNames":{"#0":"revision"},)"
                        R"("ExpressionAttributeValues":{":0":{"N":"1"}})"),
            std::string::npos)
      << second;
  EXPECT_EQ(order.made, "NOW");
  EXPECT_EQ(order.changed, "LATER");
}

TEST(Request, PutOfAModelWithoutVersionHasNoCondition) {
  Counter counter{"a", 1};
  EXPECT_EQ(put_text(counter, "NOW"),
            R"({"TableName":"t","Item":{"id":{"S":"a"},"count":{"N":"1"}}})");
}

TEST(Request, GetAndEraseTakeTheKey) {
  EXPECT_EQ(ddb::get(orders, "c", 7, ddb::consistent).params().value(),
            R"({"TableName":"t","Key":{"customer":{"S":"c"},"number":{"N":"7"}},)"
            R"("ConsistentRead":true})");
  EXPECT_EQ(ddb::erase(counters, "a", if_(count == 0), ddb::with_old_item).params().value(),
            R"({"TableName":"t","Key":{"id":{"S":"a"}},)"
            R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD","ConditionExpression":"#0 = :0",)"
            R"("ExpressionAttributeNames":{"#0":"count"},)"
            R"("ExpressionAttributeValues":{":0":{"N":"0"}}})");
}

TEST(Request, UpdateGathersItsClauses) {
  EXPECT_EQ(
      ddb::detail::update_operation<Order>(
          "t", "NOW", false, "c", 7, remove(zip), set(note, "x"), add(total, 5),
          append(lines, {"l"}), take_out(tags, {"old"}),
          set_if_missing(ddb::col<&Order::weight>, 1), if_(revision == 3))
          .params()
          .value(),
      R"({"TableName":"t","Key":{"customer":{"S":"c"},"number":{"N":"7"}},)"
      R"("UpdateExpression":"SET #2 = :0, #4 = list_append(#4, :2), )"
      R"(#6 = if_not_exists(#6, :4), #7 = :5 REMOVE #0.#1 ADD #3 :1, #8 :6 DELETE #5 :3",)"
      R"("ConditionExpression":"#8 = :7",)"
      R"("ExpressionAttributeNames":{"#0":"to","#1":"zip","#2":"n","#3":"total",)"
      R"("#4":"lines","#5":"tags","#6":"weight","#7":"changed","#8":"revision"},)"
      R"("ExpressionAttributeValues":{":0":{"S":"x"},":1":{"N":"5"},":2":{"L":[{"S":"l"}]},)"
      R"(":3":{"SS":["old"]},":4":{"N":"1"},":5":{"S":"NOW"},":6":{"N":"1"},":7":{"N":"3"}},"ReturnValues":"ALL_NEW"})");
}

TEST(Request, AddTakesElementsOfASet) {
  const auto text = ddb::update(orders, "c", 7, add(tags, {"a", "b"})).params();
  EXPECT_NE(text.value().find(R"(ADD #0 :0)"), std::string::npos);
  EXPECT_NE(text.value().find(R"(":0":{"SS":["a","b"]})"), std::string::npos);
}

TEST(Request, SettingNothingRemoves) {
  const auto text =
      ddb::update(orders, "c", 7, set(note, std::nullopt), set(tags, std::set<std::string>()))
          .params()
          .value();
  EXPECT_NE(text.find(R"("UpdateExpression":"SET #2 = :0 REMOVE #0, #1 ADD #3 :1")"),
            std::string::npos)
      << text;
}

TEST(Request, QueryAndScanPage) {
  EXPECT_EQ(ddb::query(orders, customer == "c" && between(number, 1, 9), ddb::limit(3),
                       ddb::descending, ddb::filter(total > 5), ddb::consistent)
                .params()
                .value(),
            R"({"TableName":"t","KeyConditionExpression":"#0 = :0 AND #1 BETWEEN :1 AND :2",)"
            R"("Limit":3,"ScanIndexForward":false,"ConsistentRead":true,)"
            R"("FilterExpression":"#2 > :3",)"
            R"("ExpressionAttributeNames":{"#0":"customer","#1":"number","#2":"total"},)"
            R"("ExpressionAttributeValues":{":0":{"S":"c"},":1":{"N":"1"},":2":{"N":"9"},)"
            R"(":3":{"N":"5"}}})");
  EXPECT_EQ(ddb::scan(orders, ddb::from("")).params().value(), R"({"TableName":"t"})");
}

TEST(Request, TextThatIsNotUtf8IsRefused) {
  EXPECT_EQ(ddb::get(counters, "caf\xE9").params().error().code, ddb::ErrorCode::kInvalid);
  Counter counter{"caf\xE9", 1};
  EXPECT_FALSE(ddb::put(counters, counter).params());
  EXPECT_FALSE(ddb::scan(orders, ddb::filter(note == "caf\xE9")).params());
}

TEST(Cursor, LeadsToTheNextPageAndNowhereElse) {
  const auto page =
      ddb::scan(orders).read(R"({"Items":[{"customer":{"S":"c"},"number":{"N":"1"}}],"Count":1,)"
                             R"("LastEvaluatedKey":{"customer":{"S":"c"},"number":{"N":"1"}}})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->items.size(), 1u);
  ASSERT_TRUE(page->cursor);
  EXPECT_EQ(page->cursor->find_first_of("+/=&%"), std::string::npos);
  EXPECT_EQ(ddb::scan(orders, ddb::from(*page->cursor)).params().value(),
            R"({"TableName":"t",)"
            R"("ExclusiveStartKey":{"customer":{"S":"c"},"number":{"N":"1"}}})");
  EXPECT_FALSE(ddb::scan(orders).read(R"({"Items":[],"Count":0})")->cursor);

  for (const std::string_view forged :
       {R"({"customer":{"S":"c"}})", R"({"customer":{"N":"1"},"number":{"N":"1"}})",
        R"({"customer":{"S":"c"},"number":{"N":"1"},"total":{"N":"1"}})", "{}", "[]", "x",
        R"({"customer":{"S":"c"},"number":{"N":"1"}} x)"}) {
    const auto request = ddb::scan(orders, ddb::from(ddb::detail::cursor_of(forged))).params();
    ASSERT_FALSE(request) << forged;
    EXPECT_EQ(request.error().code, ddb::ErrorCode::kBadCursor);
  }
  EXPECT_FALSE(ddb::scan(orders, ddb::from("not base64!")).params());
}

Order random_order(std::mt19937& random) {
  const auto text = [&] {
    std::string made;
    for (auto i = random() % 8; i != 0; --i) made += random() % 3 == 0 ? "\xC3\xA9" : "\"";
    return made;
  };
  Order order{.customer = text(), .number = static_cast<std::int64_t>(random()) - 2147483648};
  order.total = ddb::Number(std::to_string(random()) + "." + std::to_string(random()));
  if (random() % 2 != 0) order.note = text();
  for (auto i = random() % 3; i != 0; --i) order.lines.push_back(text());
  order.to = {text(), static_cast<int>(random() % 9999)};
  for (auto i = random() % 3; i != 0; --i) order.tags.insert(text());
  for (auto i = random() % 3; i != 0; --i) order.sizes.insert(static_cast<int>(random() % 90));
  for (auto i = random() % 3; i != 0; --i) order.flags[text()] = random() % 2 != 0;
  if (random() % 2 != 0) order.from = {text(), -1};
  for (auto i = random() % 9; i != 0; --i) order.seal.bytes += static_cast<char>(random());
  order.weight = static_cast<double>(random()) / 7.0;
  order.revision = static_cast<std::int64_t>(random());
  return order;
}

TEST(Codec, ItemsSurviveARoundTrip) {
  std::mt19937 random(11);
  for (int round = 0; round < 1000; ++round) {
    const Order order = random_order(random);
    ddb::JsonWriter writer;
    ddb::encode_attributes(writer, order);
    ddb::JsonReader reader(writer.text());
    Order back;
    ASSERT_TRUE(ddb::decode_attributes(reader, back) && reader.finish())
        << reader.problem() << writer.text();
    ASSERT_EQ(back, order) << writer.text();
  }
}

TEST(Codec, PassesOverWhatTheModelHasNot) {
  const auto item = ddb::detail::read_item<Counter>(
      R"({"Item":{"x":{"M":{"a":{"L":[{"N":"1"}]}}},"id":{"S":"a"}},"ConsumedCapacity":{}})",
      "Item");
  ASSERT_TRUE(item);
  EXPECT_EQ(**item, (Counter{"a", 0}));
  EXPECT_FALSE(ddb::detail::read_item<Counter>("{}", "Item").value());
}

TEST(Codec, SaysWhereAnItemDoesNotFit) {
  const auto problem = [](std::string_view item) {
    return ddb::detail::read_item<Order>(R"({"Item":)" + std::string(item) + "}", "Item")
        .error()
        .message;
  };
  const std::string whole = "the answer does not fit the model: Item";
  const std::string start = whole + ".";
  EXPECT_EQ(problem(R"({"customer":{"N":"1"}})"), start + "customer.N: must be of type S, is N");
  EXPECT_EQ(problem(R"({"to":{"M":{"zip":{"N":"1.5"}}}})"),
            start + "to.M.zip.N: must be a whole number within its range");
  EXPECT_EQ(problem(R"({"lines":{"L":[{"S":"a"},{"BOOL":true}]}})"),
            start + "lines.L[1].BOOL: must be of type S, is BOOL");
  EXPECT_EQ(problem(R"({"seal":{"B":"a"}})"), start + "seal.B: must be base64");
  EXPECT_EQ(problem(R"({"customer":{}})"), start + "customer: has no type");
  EXPECT_EQ(problem(R"({"n":{}})"), start + "n: has no type");
  EXPECT_EQ(problem(R"({"customer":{"S":"a","S":"b"}})"), start + "customer.S: has two types");
  EXPECT_EQ(problem("{"), whole + ": is not JSON: the text ends too early");
}

struct TableTest : testing::Test {
  std::string answer = "{}";
  FakeServer server{[this](const Seen&, int) {
    return answer.starts_with('!') ? aws_error(400, answer.substr(1), "m") : ok(answer);
  }};
  ddb::Client client{{.endpoint = server.url(),
                      .region = "eu-west-1",
                      .access_key_id = "A",
                      .secret_access_key = "S",
                      .attempts_max = 1}};
  ddb::Table<Order> orders = client.table<Order>();
  ddb::Table<Counter> counters = client.table<Counter>("mine");
};

TEST_F(TableTest, PutAnswersTheItemAsStored) {
  const auto stored = orders.put({.customer = "c", .number = 1});
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->revision, 1);
  EXPECT_EQ(stored->made.size(), 24u);
  EXPECT_EQ(server.seen().at(0).headers.at("x-amz-target"), "DynamoDB_20120810.PutItem");
  EXPECT_NE(server.seen().at(0).body.find(R"("TableName":"orders")"), std::string::npos);
}

TEST_F(TableTest, GetTellsAbsentFromFailed) {
  EXPECT_FALSE(counters.get("a").value());
  answer = R"({"Item":{"id":{"S":"a"},"count":{"N":"3"}}})";
  EXPECT_EQ(counters.get(std::string_view("a")).value(), (Counter{"a", 3}));
  EXPECT_NE(server.seen().at(1).body.find(R"("TableName":"mine")"), std::string::npos);
  answer = "!ResourceNotFoundException";
  EXPECT_EQ(counters.get("a").error().code, ddb::ErrorCode::kTableNotFound);
  answer = R"({"Item":{"id":5}})";
  EXPECT_EQ(counters.get("a").error().code, ddb::ErrorCode::kDecode);
  answer = "not JSON";
  EXPECT_EQ(counters.get("a").error().code, ddb::ErrorCode::kDecode);
}

TEST_F(TableTest, UpdateAnswersTheItemAsItIsThen) {
  answer = R"({"Attributes":{"id":{"S":"a"},"count":{"N":"4"}}})";
  EXPECT_EQ(counters.update("a", add(count, 1)).value().count, 4);
  answer = "{}";
  EXPECT_EQ(counters.update("a", add(count, 1)).error().code, ddb::ErrorCode::kBadReply);
}

TEST_F(TableTest, PagesAreRead) {
  answer = R"({"Items":[{"id":{"S":"a"}},{"id":{"S":"b"}}],"LastEvaluatedKey":{"id":{"S":"b"}}})";
  const auto page = counters.scan(ddb::limit(2));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items.size(), 2u);
  EXPECT_TRUE(counters.query(counter_id == "a", ddb::from(*page->cursor)));
  EXPECT_NE(server.seen().at(1).body.find(R"("ExclusiveStartKey":{"id":{"S":"b"}})"),
            std::string::npos);
  EXPECT_EQ(counters.scan(ddb::from("?")).error().code, ddb::ErrorCode::kBadCursor);
}

TEST(Table, AFailedConditionCarriesTheOldItem) {
  FakeServer server([](const Seen&, int number) {
    return stator::sdk::testing::status(
        400, std::string(R"({"__type":"x#ConditionalCheckFailedException","message":"m")") +
                 (number == 0 ? R"(,"Item":{"id":{"S":"a"},"count":{"N":"9"}}})" : "}"));
  });
  const ddb::Client client({.endpoint = server.url(),
                            .region = "eu-west-1",
                            .access_key_id = "A",
                            .secret_access_key = "S"});
  const auto mine = client.table<Counter>();
  const auto first = mine.erase("a", if_(count == 0), ddb::with_old_item);
  ASSERT_TRUE(ddb::condition_failed(first));
  EXPECT_EQ(ddb::old_item<Counter>(first.error()).value(), (Counter{"a", 9}));
  EXPECT_FALSE(ddb::old_item<Counter>(mine.erase("a", if_(count == 0)).error()).value());
}

TEST(Table, ValueThrowsWhatWentWrong) {
  const ddb::Client client({.endpoint = "nonsense", .region = "eu-west-1"});
  try {
    (void)client.table<Counter>().get("a").value();
    FAIL() << "value() of an error returned";
  } catch (const ddb::Exception& thrown) {
    EXPECT_EQ(thrown.error().code, ddb::ErrorCode::kConfiguration);
  }
}

}  // namespace
