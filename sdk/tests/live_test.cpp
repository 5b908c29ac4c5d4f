// The mapper against a real endpoint: sdk_live_test --url URL, with AWS's variables for the rest.
// It makes tables of its own names and removes them. What the endpoint does not know, it skips.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "ddb/ddb.hpp"

namespace live {

enum class State { kOpen, kPaid };
struct Line {
  std::string article{};
  int count = 0;
  friend bool operator==(const Line&, const Line&) = default;
};
struct Order {
  std::string customer{};
  std::int64_t number = 0;
  ddb::Number total{};
  State state = State::kOpen;
  std::vector<Line> lines{};
  std::set<std::string> tags{};
  std::map<std::string, int> counts{};
  std::optional<std::string> note{};
  ddb::Binary seal{};
  ddb::Null nothing{};
  std::tuple<std::string, double> pair{};
  std::variant<std::string, bool> either{};
  ddb::Json<Line> json{};
  ddb::DateTime made{};
  ddb::Ttl until{};
  int updates = 0;
  std::int64_t revision = 0;
  ddb::Extra rest{};
  friend bool operator==(const Order&, const Order&) = default;
};
struct User {
  std::string id{};
  std::string name{};
  friend bool operator==(const User&, const User&) = default;
};
struct Bill {
  std::string user{};
  int number = 0;
  friend bool operator==(const Bill&, const Bill&) = default;
};
struct Place {
  std::string id{};
  std::string country{}, city{};
  int day = 0, hour = 0;
};

}  // namespace live

template <>
inline constexpr auto ddb::schema<live::Order> = table<"orders">(
    hash<&live::Order::customer>, range<&live::Order::number>, version<&live::Order::revision>,
    created<&live::Order::made>, ttl<&live::Order::until>, counter<&live::Order::updates>,
    gsi<"by_total", &live::Order::customer, &live::Order::total>,
    gsi<"by_note", &live::Order::note, keys_only>, lsi<"by_state", &live::Order::state>, stream<>);
template <>
inline constexpr auto ddb::schema<live::User> =
    table<"app">(hash_key<"pk", "USER#{}", &live::User::id>, range_key<"sk", "PROFILE">);
template <>
inline constexpr auto ddb::schema<live::Bill> =
    table<"app">(hash_key<"pk", "USER#{}", &live::Bill::user>,
                 range_key<"sk", "BILL#{:04}", &live::Bill::number>);
template <>
inline constexpr auto ddb::schema<live::Place> = table<"places">(
    hash<&live::Place::id>, gsi<"by_place", hash<&live::Place::country>, hash<&live::Place::city>,
                                range<&live::Place::day>, range<&live::Place::hour>>);

namespace {

using live::Bill;
using live::Line;
using live::Order;
using live::User;

constexpr auto customer = ddb::col<&Order::customer>;
constexpr auto number = ddb::col<&Order::number>;
constexpr auto total = ddb::col<&Order::total>;
constexpr auto state = ddb::col<&Order::state>;
constexpr auto lines = ddb::col<&Order::lines>;
constexpr auto tags = ddb::col<&Order::tags>;
constexpr auto counts = ddb::col<&Order::counts>;
constexpr auto note = ddb::col<&Order::note>;

std::string url;

template <class T>
class Live : public testing::Test {
 public:
  void SetUp() override {
    if (url.empty()) GTEST_SKIP() << "no --url";
    const auto made = ddb::create_table(table);
    // The table is there; an endpoint that knows no expiry is good enough for these tests.
    const bool no_ttl = !made && made.error().type == "UnknownOperationException";
    ASSERT_TRUE(made || no_ttl) << made.error().type << made.error().message;
  }
  void TearDown() override {
    if (url.empty()) return;
    EXPECT_TRUE(ddb::delete_table(table));
  }
  ddb::Client client{{.endpoint = url}};
  ddb::Table<T> table = client.table<T>("mapper-" + ddb::make_uuid4());
};
using Orders = Live<Order>;
using App = Live<User>;
using Places = Live<live::Place>;

Order sample(std::int64_t which) {
  Order order{.customer = "c", .number = which};
  order.total = ddb::Number("12345678901234567890.123456789012345678");
  order.state = live::State::kPaid;
  order.lines = {{"a", 1}, {"\xC3\xA9\n\"", -2}};
  order.tags = {"x", "y"};
  order.counts = {{"a b.c", 5}};
  order.note = "note";
  order.seal = ddb::Binary(std::string("\0\xFF\x01", 3));
  order.pair = {"p", 0.1};
  order.either = true;
  order.json.value = {"j", 7};
  order.until = ddb::Ttl::in(3600);
  order.rest.attributes["unknown"] = ddb::Value::of(std::vector<int>{1, 2});
  return order;
}

TEST_F(Orders, EveryTypeComesBackAsItWent) {
  const auto stored = table.put(sample(1));
  ASSERT_TRUE(stored) << stored.error().message;
  const auto read = table.get("c", 1, ddb::consistent);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(**read, *stored);
  EXPECT_FALSE(table.get("c", 2).value());
  const auto some = table.get("c", 1, ddb::consistent, ddb::only<total, note>).value().value();
  EXPECT_EQ(std::get<0>(some), stored->total);
}

TEST_F(Orders, VersionsAndVerbsHold) {
  const Order first = table.create(sample(1)).value();
  EXPECT_TRUE(ddb::condition_failed(table.create(sample(1))));
  const Order second = table.put(first).value();
  EXPECT_EQ(second.revision, 2);
  EXPECT_TRUE(ddb::condition_failed(table.put(first)));
  EXPECT_TRUE(ddb::condition_failed(table.erase_item(first)));
  EXPECT_TRUE(ddb::condition_failed(table.patch("c", 9, set(note, "x"))));

  ddb::Tracked<Order> tracked(second);
  tracked->note.reset();
  tracked->lines[0].count = 8;
  const Order saved = table.save(tracked).value();
  EXPECT_EQ(saved.lines[0].count, 8);
  EXPECT_FALSE(saved.note);
  EXPECT_EQ(saved.updates, second.updates + 1);
  EXPECT_TRUE(ddb::condition_failed(table.save(tracked)));

  Order whole = sample(1);
  whole.tags.clear();
  const Order upserted = table.upsert(whole).value();
  EXPECT_TRUE(upserted.tags.empty());
  EXPECT_EQ(upserted.made, first.made);
  EXPECT_EQ(table.take("c", 1).value()->number, 1);
  EXPECT_FALSE(table.take("c", 1).value());
}

TEST_F(Orders, UpdatesDoWhatTheySay) {
  ASSERT_TRUE(table.put(sample(1)));
  const auto done = table.update(
      "c", 1, set(total, total - ddb::Number("345678901234567890.123456789012345678")),
      prepend(lines, {{"first", 3}}), add(tags, {"z"}), set(counts["new"], 9), remove(note),
      if_(size(lines) == 2 && contains(tags, "x") && counts["a b.c"] == 5 && exists(note) &&
          is_in(state, {live::State::kPaid}) && has_own_type(total)));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->total.digits, "12000000000000000000");
  EXPECT_EQ(done->lines.at(0).article, "first");
  EXPECT_EQ(done->tags.size(), 3u);
  EXPECT_EQ(done->counts.at("new"), 9);
  EXPECT_FALSE(done->note);
  const auto more = table.update("c", 1, set(lines[0] / ddb::in<&Line::count>, 4), remove(lines[2]),
                                 take_out(tags, {"x", "y"}), set(note, if_missing(note, "n")));
  ASSERT_TRUE(more) << more.error().message;
  EXPECT_EQ(more->lines.size(), 2u);
  EXPECT_EQ(more->lines[0].count, 4);
  EXPECT_EQ(more->note, "n");
  const auto failed = table.update("c", 1, set(note, "x"), if_(total < 0), ddb::with_old_item);
  ASSERT_TRUE(ddb::condition_failed(failed));
  // Older endpoints have no ReturnValuesOnConditionCheckFailure and send no item.
  const auto old = ddb::old_item<Order>(failed.error()).value();
  EXPECT_EQ(old ? old->note : "n", "n");
}

TEST_F(Orders, ManyAreWrittenQueriedAndCounted) {
  std::vector<Order> many;
  for (int i = 0; i < 60; ++i) {
    many.push_back({.customer = i < 40 ? "c" : "d", .number = i, .total = ddb::Number(100 - i)});
    if (i % 2 == 0) many.back().note = "even";
  }
  ddb::batch_write(client, ddb::puts(table, many, ddb::unchecked)).value();
  EXPECT_EQ(table.count().value(), 60u);
  EXPECT_EQ(table.count(customer == "c" && number < 10).value(), 10u);
  EXPECT_EQ(table.count_index<"by_note">(note == "even").value(), 30u);

  std::int64_t last = 40;
  for (const auto& order : table.query_all(customer == "c", ddb::descending, ddb::limit(7))) {
    EXPECT_EQ(order.value().number, --last);
  }
  EXPECT_EQ(last, 0);
  const auto cheap = table.query_index<"by_total">(customer == "c" && total < 70, ddb::limit(3));
  ASSERT_TRUE(cheap) << cheap.error().message;
  EXPECT_EQ(cheap->items.at(0).number, 39);
  const auto next = table.query_index<"by_total">(customer == "c" && total < 70, ddb::limit(3),
                                                  ddb::from(*cheap->cursor));
  EXPECT_EQ(next.value().items.at(0).number, 36);
  EXPECT_EQ(table
                .query_index<"by_state">(customer == "d" && state == live::State::kOpen,
                                         ddb::consistent, ddb::filter(number > 50))
                .value()
                .items.size(),
            9u);
  std::size_t in_segments = 0;
  for (std::uint32_t i = 0; i < 3; ++i) {
    in_segments += table.scan_all(ddb::segment(i, 3)).collect().value().size();
  }
  EXPECT_EQ(in_segments, 60u);
  double units = 0;
  EXPECT_TRUE(table.get("c", 1, ddb::consumed(units)));
  EXPECT_GT(units, 0);

  std::vector<ddb::Key<Order>> keys;
  for (int i = 0; i < 110; ++i) keys.emplace_back("c", i);
  auto found = ddb::batch_get(client, ddb::gets(table, keys, ddb::only<number>));
  found.report.value();
  EXPECT_EQ(found.of().size(), 40u);
  ddb::batch_write(client, ddb::erases(table, keys)).value();
  EXPECT_EQ(table.count().value(), 20u);
}

TEST_F(Orders, TransactionsHappenTogetherOrNotAtAll) {
  ASSERT_TRUE(table.put({.customer = "c", .number = 1, .total = ddb::Number(5)}));
  const auto failed = ddb::transact(
      client, ddb::put(table, {.customer = "c", .number = 2}),
      ddb::update(table, "c", 1, add(total, -10), if_(total >= 10), ddb::with_old_item),
      ddb::check(table, "c", 3, if_(not_exists(customer))));
  ASSERT_FALSE(failed);
  if (failed.error().type == "UnknownOperationException") GTEST_SKIP() << "no transactions";
  ASSERT_EQ(failed.error().code, ddb::ErrorCode::kCancelled) << failed.error().message;
  using Code = ddb::CancellationReason::Code;
  ASSERT_EQ(failed.error().reasons.size(), 3u);
  EXPECT_EQ(failed.error().reasons[0].code, Code::kNone);
  EXPECT_EQ(failed.error().reasons[1].code, Code::kConditionFailed);
  EXPECT_EQ(ddb::old_item<Order>(failed.error().reasons[1]).value()->total, ddb::Number(5));
  EXPECT_FALSE(table.get("c", 2, ddb::consistent).value());

  ddb::Transaction again;
  again.add(ddb::update(table, "c", 1, add(total, 1))).token("the-same");
  EXPECT_TRUE(again.send(client));
  EXPECT_TRUE(again.send(client));
  const auto both =
      ddb::transact_get(client, ddb::get(table, "c", 1), ddb::get(table, "c", 2)).value();
  EXPECT_EQ(std::get<0>(both)->total, ddb::Number(6));
  EXPECT_FALSE(std::get<1>(both));
}

TEST_F(Orders, StatementsFindTheItems) {
  ASSERT_TRUE(table.put(sample(1)));
  const auto page =
      ddb::Statement("SELECT * FROM \"" + table.name() + "\" WHERE customer = ? AND number = ?")
          .bind("c", 1)
          .read<Order>(client);
  if (!page && page.error().type == "UnknownOperationException") GTEST_SKIP() << "no PartiQL";
  ASSERT_EQ(page.value().items.size(), 1u);
  EXPECT_EQ(page->items[0].number, 1);
}

TEST_F(App, APartitionHoldsSeveralModels) {
  const ddb::Collection<User, Bill> app(client, table.name());
  ASSERT_TRUE(table.put({"u", "Al"}));
  for (int i = 1; i < 12; ++i) ASSERT_TRUE(app.table<Bill>().put({"u", i}));
  const auto all = app.query_all(ddb::partition("u"), ddb::limit(5)).collect().value();
  ASSERT_EQ(all.size(), 12u);
  EXPECT_EQ(std::get<Bill>(all[0]), (Bill{"u", 1}));
  EXPECT_EQ(std::get<User>(all[11]), (User{"u", "Al"}));
  EXPECT_EQ(app.table<Bill>().get("u", 7).value(), (Bill{"u", 7}));
}

TEST(LivePlaces, AnIndexMayHaveSeveralKeyAttributes) {
  if (url.empty()) GTEST_SKIP() << "no --url";
  const ddb::Client client({.endpoint = url});
  const auto places = client.table<live::Place>("mapper-" + ddb::make_uuid4());
  const auto made = ddb::create_table(places);
  if (!made && made.error().code == ddb::ErrorCode::kInvalid) {
    GTEST_SKIP() << "no indexes of several key attributes: " << made.error().message;
  }
  ASSERT_TRUE(made) << made.error().message;
  for (int i = 0; i < 9; ++i) {
    ASSERT_TRUE(places.put({std::to_string(i), "CH", i < 6 ? "Bern" : "Chur", i / 2, i}));
  }
  const auto page = places.query_index<"by_place">(
      ddb::col<&live::Place::country> == "CH" && ddb::col<&live::Place::city> == "Bern" &&
      ddb::col<&live::Place::day> == 1 && ddb::col<&live::Place::hour> >= 3);
  EXPECT_TRUE(page) << page.error().message;
  EXPECT_EQ(page ? page->items.size() : 0, 1u);
  EXPECT_TRUE(ddb::delete_table(places));
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string_view(argv[i]) == "--url") url = argv[i + 1];
  }
  return RUN_ALL_TESTS();
}
