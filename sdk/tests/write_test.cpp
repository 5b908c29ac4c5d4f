#include <gtest/gtest.h>

#include <string>

#include "fake_server.hpp"
#include "model.hpp"

namespace app {

/// Models that share a table, with keys made of members.
struct User {
  std::string id{};
  std::string name{};
  std::optional<std::string> email{};
  friend bool operator==(const User&, const User&) = default;
};
struct Invoice {
  std::string user{};
  int year = 0;
  int number = 0;
  ddb::Number total{};
  friend bool operator==(const Invoice&, const Invoice&) = default;
};

/// Models of one kind of item, told apart by an attribute.
struct Cat {
  std::string id{};
  int lives = 9;
  friend bool operator==(const Cat&, const Cat&) = default;
};
struct Dog {
  std::string id{};
  std::string master{};
  ddb::Extra rest{};
  friend bool operator==(const Dog&, const Dog&) = default;
};

/// What the mapper fills in.
struct Stamped {
  std::string id{};
  ddb::DateTime made{};
  std::int64_t changed = 0;
  int hits = 0;
  std::string first_seen{};
  ddb::Ttl until{};
  std::int64_t revision = 0;
  friend bool operator==(const Stamped&, const Stamped&) = default;
};

}  // namespace app

template <>
inline constexpr auto ddb::schema<app::User> =
    table<"app">(hash_key<"pk", "USER#{}", &app::User::id>, range_key<"sk", "PROFILE">,
                 gsi<"by_email", hash_key<"gsi1", "EMAIL#{}", &app::User::email>>);
template <>
inline constexpr auto ddb::schema<app::Invoice> = table<"app">(
    hash_key<"pk", "USER#{}", &app::Invoice::user>,
    range_key<"sk", "INVOICE#{:04}#{:06}", &app::Invoice::year, &app::Invoice::number>);
template <>
inline constexpr auto ddb::schema<app::Cat> = table<"pets">(hash<&app::Cat::id>,
                                                            discriminator<"kind", "cat", "kitten">);
template <>
inline constexpr auto ddb::schema<app::Dog> = table<"pets">(hash<&app::Dog::id>,
                                                            discriminator<"kind", "dog">);
template <>
inline constexpr auto ddb::schema<app::Stamped> = table<"stamped">(
    hash<&app::Stamped::id>, uuid7<&app::Stamped::id>, created<&app::Stamped::made>,
    updated<&app::Stamped::changed>, counter<&app::Stamped::hits, 10, 2>,
    write_once<&app::Stamped::first_seen>, ttl<&app::Stamped::until>,
    version<&app::Stamped::revision>,
    gsi<"by_hits", &app::Stamped::hits, &app::Stamped::id, include<&app::Stamped::made>>,
    provisioned<3, 4>, stream<>, tag<"team", "blue">);

namespace {

using namespace shop;  // NOLINT: the model under test
using app::Cat;
using app::Dog;
using app::Invoice;
using app::Stamped;
using app::User;
using stator::sdk::testing::aws_error;
using stator::sdk::testing::FakeServer;
using stator::sdk::testing::ok;
using stator::sdk::testing::Seen;

const ddb::Client offline({.endpoint = "http://127.0.0.1:1", .region = "eu-west-1"});
const auto orders = offline.table<Order>("t");
const auto users = offline.table<User>();
const auto invoices = offline.table<Invoice>();
const auto stamped = offline.table<Stamped>();

std::string sent(const ddb::RequestText& operation) {
  return operation.params().value();
}
bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
template <class C>
std::string text_of(const C& condition) {
  ddb::Placeholders placeholders;
  std::string text;
  condition.write(placeholders, text);
  return text;
}
template <class... Actions>
std::string update_of(const Actions&... actions) {
  ddb::Placeholders placeholders;
  ddb::UpdateText update;
  (actions.write(placeholders, update), ...);
  return update.text();
}

constexpr auto flags = ddb::col<&Order::flags>;
constexpr auto seal = ddb::col<&Order::seal>;
constexpr auto weight = ddb::col<&Order::weight>;
constexpr auto changed = ddb::col<&Order::changed>;
constexpr auto home = ddb::col<&Order::from>;

TEST(Expression, ReachesIntoListsAndMaps) {
  EXPECT_EQ(text_of(lines[2] == "x"), "#0[2] = :0");
  EXPECT_EQ(text_of(flags["a b.c"] == true), "#0.#1 = :0");
  EXPECT_EQ(text_of(home / ddb::in<&Address::zip> > 5), "#0.#1 > :0");
  EXPECT_EQ(text_of(exists(lines[0]) && exists(flags["x"])),
            "(attribute_exists(#0[0]) AND attribute_exists(#1.#2))");
}

TEST(Expression, HasEveryOperator) {
  EXPECT_EQ(text_of(is_in(number, {1, 2, 3})), "#0 IN (:0, :1, :2)");
  EXPECT_EQ(text_of(size(lines) > 5), "size(#0) > :0");
  EXPECT_EQ(text_of(size(note) != 5), "size(#0) <> :0");
  EXPECT_EQ(text_of(note == changed), "#0 = #1");
  EXPECT_EQ(text_of(zip <= ddb::col<&Order::from, &Address::zip>), "#0.#1 <= #2.#1");
  EXPECT_EQ(text_of(has_own_type(lines)), "attribute_type(#0, :0)");
  EXPECT_EQ(text_of(is_null(note)), "attribute_type(#0, :0)");
  EXPECT_EQ(text_of(begins_with(seal, ddb::Binary("a"))), "begins_with(#0, :0)");
  ddb::Where<Order> where;
  EXPECT_TRUE(where.empty());
  where.add(total > 5).add(total < 9 || exists(note));
  EXPECT_EQ(text_of(where), "(#0 > :0 AND (#0 < :1 OR attribute_exists(#1)))");
  EXPECT_TRUE(has(sent(ddb::scan(orders, ddb::filter(where))), "FilterExpression"));
}

TEST(Update, HasEveryOperand) {
  EXPECT_EQ(update_of(set(total, total + 5)), "SET #0 = #0 + :0");
  EXPECT_EQ(update_of(set(total, total - 5)), "SET #0 = #0 - :0");
  EXPECT_EQ(update_of(set(weight, if_missing(weight, 1) + 0.5)),
            "SET #0 = if_not_exists(#0, :0) + :1");
  EXPECT_EQ(update_of(set(zip, zip + ddb::col<&Order::from, &Address::zip>)),
            "SET #0.#1 = #0.#1 + #2.#1");
  EXPECT_EQ(update_of(set(note, changed)), "SET #0 = #1");
  EXPECT_EQ(update_of(prepend(lines, {"x"})), "SET #0 = list_append(:0, #0)");
  EXPECT_EQ(update_of(set(lines, concat(if_missing(lines, {}), {"x"}))),
            "SET #0 = list_append(if_not_exists(#0, :0), :1)");
  EXPECT_EQ(update_of(set(lines[1], "x"), remove(lines[0]), set(flags["k"], true)),
            "SET #0[1] = :0, #1.#2 = :1 REMOVE #0[0]");
}

TEST(KeyTemplate, MakesTheKeysOfAnItem) {
  EXPECT_EQ(sent(ddb::put(invoices, {.user = "u1", .year = 2026, .number = 7})),
            R"({"TableName":"app","Item":{"user":{"S":"u1"},"year":{"N":"2026"},)"
            R"("number":{"N":"7"},"total":{"N":"0"},"pk":{"S":"USER#u1"},)"
            R"("sk":{"S":"INVOICE#2026#000007"}}})");
  EXPECT_EQ(sent(ddb::get(invoices, "u1", 2026, 7)),
            R"({"TableName":"app","Key":{"pk":{"S":"USER#u1"},"sk":{"S":"INVOICE#2026#000007"}}})");
  EXPECT_EQ(sent(ddb::get(users, "u1")),
            R"({"TableName":"app","Key":{"pk":{"S":"USER#u1"},"sk":{"S":"PROFILE"}}})");
  EXPECT_TRUE(has(sent(ddb::create(users, {.id = "u1"})), R"~("attribute_not_exists(#0)")~"));
}

TEST(KeyTemplate, OfAnIndexIsWrittenWhereItsMembersAre) {
  EXPECT_FALSE(has(sent(ddb::put(users, {.id = "u"})), "gsi1"));
  EXPECT_TRUE(has(sent(ddb::put(users, {.id = "u", .email = "e"})), R"("gsi1":{"S":"EMAIL#e"})"));
  EXPECT_TRUE(has(sent(ddb::query_index<"by_email">(users, ddb::partition("e"))),
                  R"(":0":{"S":"EMAIL#e"})"));
  const User before{.id = "u", .email = "e"};
  User now = before;
  now.email = "f";
  const auto text = sent(ddb::save(users, before, now));
  EXPECT_TRUE(has(text, R"("UpdateExpression":"SET #0 = :0, #1 = :1")")) << text;
  EXPECT_TRUE(has(text, R"(":1":{"S":"EMAIL#f"})")) << text;
  now.email.reset();
  EXPECT_TRUE(has(sent(ddb::save(users, before, now)), R"("REMOVE #0, #1")"));
}

TEST(KeyTemplate, RefusesAKeyThatCouldBeAnother) {
  EXPECT_FALSE(ddb::get(invoices, "u1", 20260, 7).params());
  EXPECT_FALSE(ddb::get(invoices, "u1", -1, 7).params());
  ddb::detail::KeyFormatter key("A#{}#{}");
  key.add("x#y");
  EXPECT_FALSE(key.problem().empty());
  using ddb::detail::fits_format;
  EXPECT_TRUE(fits_format("INVOICE#2026#7", "INVOICE#{:04}#{}"));
  EXPECT_FALSE(fits_format("INVOICE#2026", "INVOICE#{:04}#{}"));
  EXPECT_TRUE(fits_format("PROFILE", "PROFILE"));
  EXPECT_FALSE(fits_format("PROFILES", "PROFILE"));
  EXPECT_TRUE(fits_format("a#b", "{}#b"));
}

TEST(KeyTemplate, APartitionIsQueriedByItsParts) {
  const auto text = sent(ddb::query(invoices, ddb::partition("u1").starting(2026)));
  EXPECT_TRUE(has(text, R"~("KeyConditionExpression":"#0 = :0 AND begins_with(#1, :1)")~")) << text;
  EXPECT_TRUE(has(text, R"({":0":{"S":"USER#u1"},":1":{"S":"INVOICE#2026#"}})")) << text;
  EXPECT_TRUE(has(sent(ddb::query(orders, ddb::partition("c"))), R"(":0":{"S":"c"})"));
}

TEST(Discriminator, SaysWhichModelAnItemIs) {
  const auto cats = offline.table<Cat>();
  EXPECT_TRUE(has(sent(ddb::put(cats, {"a", 9})), R"("kind":{"S":"cat"})"));
  EXPECT_TRUE(has(sent(ddb::scan(cats)), R"~("FilterExpression":"#0 IN (:0, :1)")~"));
  const auto get = ddb::get(cats, "a");
  EXPECT_TRUE(get.read(R"({"Item":{"id":{"S":"a"},"kind":{"S":"kitten"}}})").value());
  EXPECT_EQ(get.read(R"({"Item":{"id":{"S":"a"},"kind":{"S":"dog"}}})").error().code,
            ddb::ErrorCode::kDecode);
}

TEST(Extra, KeepsWhatTheModelDoesNotKnow) {
  const auto dogs = offline.table<Dog>();
  const auto dog = ddb::get(dogs, "d")
                       .read(R"({"Item":{"id":{"S":"d"},"kind":{"S":"dog"},"age":{"N":"3"}}})")
                       .value();
  ASSERT_TRUE(dog);
  EXPECT_EQ(dog->rest.attributes.at("age").as<int>(), 3);
  EXPECT_EQ(sent(ddb::put(dogs, *dog)),
            R"({"TableName":"pets","Item":{"id":{"S":"d"},"master":{"S":""},"age":{"N":"3"},)"
            R"("kind":{"S":"dog"}}})");
}

TEST(Stamp, FillsInIdsTimesAndVersions) {
  const auto put = ddb::put(stamped, {});
  EXPECT_EQ(put.item.id.size(), 36u);
  EXPECT_EQ(put.item.id[14], '7');
  EXPECT_GT(put.item.made.micros, 0);
  EXPECT_EQ(put.item.changed, put.item.made.micros / 1'000'000);
  EXPECT_EQ(put.item.revision, 1);
  EXPECT_FALSE(has(sent(put), "until"));
  EXPECT_EQ(ddb::put(stamped, {.id = "mine"}).item.id, "mine");
}

TEST(Ids, SortByTimeAndAreTheirOwn) {
  ddb::detail::IdBytes bytes{};
  bytes.fill(0xFF);
  EXPECT_EQ(ddb::detail::ulid_text(bytes), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  bytes.fill(0);
  bytes[15] = 1;
  EXPECT_EQ(ddb::detail::ulid_text(bytes), "00000000000000000000000001");
  EXPECT_EQ(ddb::detail::uuid_text(bytes, 4), "00000000-0000-4000-8000-000000000001");
  EXPECT_LT(ddb::detail::ulid_text(ddb::detail::timed_id(1000)),
            ddb::detail::ulid_text(ddb::detail::timed_id(1001)));
  EXPECT_NE(ddb::make_uuid4(), ddb::make_uuid4());
}

TEST(Upsert, SetsEverythingAndKeepsWhatIsWrittenOnce) {
  const auto text =
      sent(ddb::upsert(stamped, {.id = "a", .made = ddb::DateTime(0), .first_seen = "x"}));
  EXPECT_TRUE(has(text, R"("UpdateExpression":"SET #0 = if_not_exists(#0, :0), )"
                        R"(#1 = if_not_exists(#1, :1), #3 = :2, #4 = if_not_exists(#4, :3) + :4 )"
                        R"(REMOVE #2 ADD #5 :5")"))
      << text;
  EXPECT_TRUE(has(text, R"("#2":"until")")) << text;
  EXPECT_FALSE(has(text, "ConditionExpression"));
}

TEST(Save, SendsWhatChangedOverTheVersionThatWasRead) {
  Order order{.customer = "c", .number = 7, .note = "x", .revision = 3};
  ddb::Tracked<Order> tracked(order);
  EXPECT_EQ(orders.save(tracked).value(), order);  // nothing is sent
  tracked->note.reset();
  tracked->to.zip = 5;
  const auto text = sent(ddb::save(orders, tracked.before(), *tracked));
  EXPECT_TRUE(has(text, R"("Key":{"customer":{"S":"c"},"number":{"N":"7"}})"));
  EXPECT_TRUE(has(text, R"("ConditionExpression":"#0 = :0")")) << text;
  EXPECT_TRUE(has(text, R"("UpdateExpression":"SET #2 = :1, #3 = :2 REMOVE #1 ADD #0 :3")"))
      << text;
}

TEST(Verbs, RequireWhatTheySay) {
  EXPECT_TRUE(has(sent(ddb::patch(orders, "c", 7, set(note, "x"))), "attribute_exists(#0)"));
  EXPECT_TRUE(has(sent(ddb::create(orders, {.customer = "c", .revision = 5})),
                  R"~("ConditionExpression":"attribute_not_exists(#0)")~"));
  EXPECT_TRUE(has(sent(ddb::take(orders, "c", 7)), R"("ReturnValues":"ALL_OLD")"));
  EXPECT_TRUE(has(sent(ddb::erase_item(orders, {.customer = "c", .number = 1, .revision = 2})),
                  R"("ConditionExpression":"#0 = :0")"));
  const auto replace = ddb::replace(orders, {.customer = "c"});
  EXPECT_TRUE(has(sent(replace), R"("ReturnValues":"ALL_OLD")"));
}

struct AppTest : testing::Test {
  std::string answer = "{}";
  FakeServer server{[this](const Seen& seen, int number) {
    if (answer.starts_with('!')) return aws_error(400, answer.substr(1), "m");
    const auto& target = seen.headers.at("x-amz-target");
    if (has(target, "DescribeTable")) {
      return ok(number < 2 ? R"({"Table":{"TableStatus":"CREATING"}})"
                           : R"({"Table":{"TableStatus":"ACTIVE","ItemCount":3}})");
    }
    return ok(answer);
  }};
  ddb::Client client{{.endpoint = server.url(),
                      .region = "eu-west-1",
                      .access_key_id = "A",
                      .secret_access_key = "S",
                      .attempts_max = 1}};
};

TEST_F(AppTest, ACollectionYieldsEachItemAsWhatItIs) {
  answer = R"({"Items":[{"pk":{"S":"USER#u"},"sk":{"S":"INVOICE#2026#000001"},"number":{"N":"1"}},)"
           R"({"pk":{"S":"USER#u"},"sk":{"S":"PROFILE"},"name":{"S":"Al"}},)"
           R"({"pk":{"S":"USER#u"},"sk":{"S":"OTHER"}}],"Count":3})";
  const ddb::Collection<User, Invoice> both(client);
  const auto page = both.query(ddb::partition("u"), ddb::limit(9));
  ASSERT_EQ(page.value().items.size(), 2u);
  EXPECT_EQ(std::get<Invoice>(page->items[0]).number, 1);
  EXPECT_EQ(std::get<User>(page->items[1]).name, "Al");
  EXPECT_EQ(both.query_all(ddb::partition("u")).collect().value().size(), 2u);

  answer = R"({"Items":[{"id":{"S":"a"},"kind":{"S":"dog"}},{"id":{"S":"b"},"kind":{"S":"cat"}}]})";
  const ddb::Collection<Cat, Dog> pets(client);
  const auto found = pets.query(ddb::partition("a"));
  EXPECT_EQ(found.value().items.at(0).index(), 1u);
  EXPECT_EQ(found->items.at(1).index(), 0u);
  EXPECT_FALSE(has(server.seen().back().body, "FilterExpression"));
}

TEST_F(AppTest, ATableIsMadeAsItsSchemaSays) {
  EXPECT_TRUE(ddb::create_table(client.table<Stamped>()));
  const auto seen = server.seen();
  EXPECT_EQ(
      seen.at(0).body,
      R"({"TableName":"stamped","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},)"
      R"({"AttributeName":"hits","AttributeType":"N"}],)"
      R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":4},)"
      R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},)"
      R"("BillingMode":"PROVISIONED","GlobalSecondaryIndexes":[{"IndexName":"by_hits",)"
      R"("KeySchema":[{"AttributeName":"hits","KeyType":"HASH"},)"
      R"({"AttributeName":"id","KeyType":"RANGE"}],)"
      R"("Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["made"]},)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":4}}],)"
      R"("Tags":[{"Key":"team","Value":"blue"}]})");
  EXPECT_EQ(seen.back().body, R"({"TableName":"stamped","TimeToLiveSpecification":)"
                              R"({"AttributeName":"until","Enabled":true}})");
  EXPECT_EQ(ddb::describe_table(client.table<Stamped>()).value().item_count, 3u);
  EXPECT_EQ(
      ddb::create_table_params(client.table<shop::Trip>()),
      R"({"TableName":"trips","AttributeDefinitions":[{"AttributeName":"id",)"
      R"("AttributeType":"S"},{"AttributeName":"country","AttributeType":"S"},)"
      R"({"AttributeName":"city","AttributeType":"S"},{"AttributeName":"day",)"
      R"("AttributeType":"N"},{"AttributeName":"hour","AttributeType":"N"}],)"
      R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
      R"("BillingMode":"PAY_PER_REQUEST","GlobalSecondaryIndexes":[{"IndexName":"by_place",)"
      R"("KeySchema":[{"AttributeName":"country","KeyType":"HASH"},)"
      R"({"AttributeName":"city","KeyType":"HASH"},{"AttributeName":"day","KeyType":"RANGE"},)"
      R"({"AttributeName":"hour","KeyType":"RANGE"}],)"
      R"("Projection":{"ProjectionType":"ALL"}}]})");
}

TEST_F(AppTest, StatementsBindTheirValues) {
  answer = R"({"Items":[{"id":{"S":"a"},"count":{"N":"3"}}],"NextToken":"more"})";
  const auto page = ddb::Statement("SELECT * FROM counters WHERE id = ? AND count > ?")
                        .bind("a", 2)
                        .limit(5)
                        .read<Counter>(client);
  EXPECT_EQ(page.value().items, (std::vector<Counter>{{"a", 3}}));
  EXPECT_EQ(page->cursor, "more");
  EXPECT_EQ(server.seen().at(0).body,
            R"({"Statement":"SELECT * FROM counters WHERE id = ? AND count > ?",)"
            R"("Parameters":[{"S":"a"},{"N":"2"}],"Limit":5})");
  EXPECT_FALSE(ddb::Statement("x").bind("caf\xE9").run(client));
}

}  // namespace
