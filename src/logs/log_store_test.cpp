#include "logs/log_store.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <thread>
#include <tuple>

namespace stator::logs {
namespace {

const GroupName kGroup{"000000000000", "us-east-1", "/aws/lambda/f"};

StreamName stream(std::string name) {
  return {kGroup.account, kGroup.region, kGroup.group, std::move(name)};
}

class LogStoreTest : public testing::Test {
 protected:
  void append(const std::string& name, std::int64_t time_ms, std::string message) {
    const Event event{time_ms, std::move(message)};
    ASSERT_TRUE(logs_.append(stream(name), std::span(&event, 1)));
  }
  std::vector<std::string> messages(const ReadPage& page) {
    std::vector<std::string> messages;
    for (const auto& event : page.events) messages.push_back(event.message);
    return messages;
  }
  std::vector<std::string> messages(const SearchPage& page) {
    std::vector<std::string> messages;
    for (const auto& found : page.events) messages.push_back(found.event.message);
    return messages;
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  FakeClock clock_;
  LogStore logs_{*store_, clock_};
};

using Texts = std::vector<std::string>;

TEST_F(LogStoreTest, MakesGroupAndStreamAsNeeded) {
  append("s", 5, "hello");
  EXPECT_EQ(logs_.group(kGroup).value().created_ms, epoch_ms(clock_.wall()));
  const auto streams = logs_.streams(kGroup).value();
  ASSERT_EQ(streams.size(), 1u);
  EXPECT_EQ(streams[0].first_event_ms, 5);
  EXPECT_EQ(streams[0].last_event_ms, 5);
  EXPECT_EQ(streams[0].last_ingestion_ms, epoch_ms(clock_.wall()));
}

TEST_F(LogStoreTest, AppendsToWhatExistsOnly) {
  const Event event{1, "x"};
  EXPECT_EQ(logs_.append_existing(stream("s"), std::span(&event, 1)).error().message,
            "The specified log group does not exist.");
  ASSERT_TRUE(logs_.create_group(kGroup, {kGroup.group}));
  EXPECT_EQ(logs_.append_existing(stream("s"), std::span(&event, 1)).error().message,
            "The specified log stream does not exist.");
  ASSERT_TRUE(logs_.create_stream(stream("s")));
  EXPECT_TRUE(logs_.append_existing(stream("s"), std::span(&event, 1)));
  EXPECT_EQ(logs_.create_stream(stream("s")).error().code, ErrorCode::kConflict);
  EXPECT_EQ(logs_.create_group(kGroup, {kGroup.group}).error().code, ErrorCode::kConflict);
}

TEST_F(LogStoreTest, KeepsTheOrderOfOneMillisecond) {
  for (const char* text : {"a", "b", "c"}) append("s", 7, text);
  append("s", 6, "earlier");
  EXPECT_EQ(messages(logs_.read(stream("s"), {.is_from_head = true}).value()),
            (Texts{"earlier", "a", "b", "c"}));
}

TEST_F(LogStoreTest, ReadsTheEndFirstUnlessToldOtherwise) {
  for (int i = 0; i < 5; ++i) append("s", i, std::to_string(i));
  EXPECT_EQ(messages(logs_.read(stream("s"), {.limit = 2}).value()), (Texts{"3", "4"}));
  EXPECT_EQ(messages(logs_.read(stream("s"), {.limit = 2, .is_from_head = true}).value()),
            (Texts{"0", "1"}));
  EXPECT_EQ(messages(logs_.read(stream("s"), {.time = {1, 3}}).value()), (Texts{"1", "2"}));
}

TEST_F(LogStoreTest, APageBeginsAndEndsWhereTheNextGoesOn) {
  for (int i = 0; i < 5; ++i) append("s", i / 2, std::to_string(i));
  auto page = logs_.read(stream("s"), {.limit = 2, .is_from_head = true}).value();
  page = logs_.read(stream("s"), {.limit = 2, .after = page.after}).value();
  EXPECT_EQ(messages(page), (Texts{"2", "3"}));
  const auto back = logs_.read(stream("s"), {.limit = 9, .before = page.before}).value();
  EXPECT_EQ(messages(back), (Texts{"0", "1"}));
  page = logs_.read(stream("s"), {.after = page.after}).value();
  const auto end = logs_.read(stream("s"), {.after = page.after}).value();
  EXPECT_TRUE(end.events.empty());
  EXPECT_EQ(end.after, page.after) << "at the end the position stays";
  append("s", 2, "new");
  EXPECT_EQ(messages(logs_.read(stream("s"), {.after = end.after}).value()), (Texts{"new"}));
}

TEST_F(LogStoreTest, APageIsBoundedByItsBytes) {
  for (int i = 0; i < 3; ++i) append("s", i, std::string(600'000, 'x'));
  append("s", 3, std::string(2'000'000, 'y'));
  auto page = logs_.read(stream("s"), {.is_from_head = true}).value();
  EXPECT_EQ(page.events.size(), 1u);
  page = logs_.read(stream("s"), {.is_from_head = false}).value();
  EXPECT_EQ(page.events.size(), 1u) << "one event comes however large it is";
}

TEST_F(LogStoreTest, DeletingTakesTheEventsAlong) {
  append("s", 1, "old");
  append("s2", 1, "other");
  ASSERT_TRUE(logs_.delete_stream(stream("s")));
  EXPECT_EQ(logs_.read(stream("s"), {}).error().code, ErrorCode::kNotFound);
  append("s", 1, "new");
  EXPECT_EQ(messages(logs_.search(kGroup, {}).value()), (Texts{"new", "other"}));
  ASSERT_TRUE(logs_.delete_group(kGroup));
  EXPECT_EQ(logs_.delete_group(kGroup).error().code, ErrorCode::kNotFound);
  append("s", 1, "again");
  EXPECT_EQ(messages(logs_.search(kGroup, {}).value()), (Texts{"again"}));
}

TEST_F(LogStoreTest, HidesAndRemovesWhatIsPastItsRetention) {
  const auto now = epoch_ms(clock_.wall());
  const std::int64_t day = 86'400'000;
  append("s", now - 2 * day, "old");
  append("s", now, "new");
  append("gone", now - 3 * day, "older");
  ASSERT_TRUE(logs_.update_group(kGroup, [](Group& group) -> Result<void> {
    group.retention_days = 1;
    return {};
  }));
  EXPECT_EQ(messages(logs_.search(kGroup, {}).value()), (Texts{"new"}));
  EXPECT_EQ(messages(logs_.read(stream("s"), {}).value()), (Texts{"new"}));
  ASSERT_TRUE(logs_.expire());
  ASSERT_TRUE(logs_.update_group(kGroup, [](Group& group) -> Result<void> {
    group.retention_days = std::nullopt;
    return {};
  }));
  EXPECT_EQ(messages(logs_.search(kGroup, {}).value()), (Texts{"new"})) << "it is gone for good";
  EXPECT_EQ(logs_.streams(kGroup, "gone").value()[0].first_event_ms, std::nullopt);
}

TEST_F(LogStoreTest, ExpiryCountsAndSparesWhatStays) {
  const auto now = epoch_ms(clock_.wall());
  const std::int64_t day = 86'400'000;
  // By name: gone whole, gone whole, cut, untouched, gone whole.
  append("a", now - 3 * day, "12345");
  append("b", now - 2 * day, "12345");
  append("c", now - 2 * day, "12345");
  append("c", now, "kept in c");
  append("d", now, "kept in d");
  append("e", now - 2 * day, "12345");
  ASSERT_TRUE(logs_.update_group(kGroup, [](Group& group) -> Result<void> {
    group.retention_days = 1;
    return {};
  }));
  const GroupName neighbour{kGroup.account, kGroup.region, kGroup.group + "2"};
  const Event other{now - 9 * day, "of another group"};
  ASSERT_TRUE(logs_.append({neighbour.account, neighbour.region, neighbour.group, "a"},
                           std::span(&other, 1)));
  ASSERT_TRUE(logs_.expire());
  ASSERT_TRUE(logs_.expire()) << "the second time there is nothing to do";
  EXPECT_EQ(logs_.group(kGroup).value().stored_bytes, 2 * (9 + 26));
  std::size_t keys = 0;
  const auto all = store_->iterate(storage::Family::kLogs, {"", ""});
  for (all->seek_first(); all->valid(); all->next()) ++keys;
  EXPECT_EQ(keys, 3u) << "gone from the store, not only hidden";
  EXPECT_EQ(messages(logs_.search(kGroup, {}).value()), (Texts{"kept in c", "kept in d"}));
  append("a", now, "again");
  EXPECT_EQ(messages(logs_.read(stream("a"), {}).value()), (Texts{"again"}));
}

TEST_F(LogStoreTest, ASearchThatFindsNothingAnswersInPieces) {
  for (int i = 0; i < 20; ++i) append("s", i, std::string(1'000'000, 'x'));
  append("s", 20, "needle");
  SearchQuery query;
  query.pattern = FilterPattern::parse("needle").value();
  auto page = logs_.search(kGroup, query).value();
  EXPECT_TRUE(page.events.empty());
  ASSERT_TRUE(page.next) << "it has looked at enough for one call";
  query.after = page.next;
  EXPECT_EQ(messages(logs_.search(kGroup, query).value()), (Texts{"needle"}));
}

TEST_F(LogStoreTest, SearchSaysWhichStreamIsMissing) {
  append("s", 1, "x");
  EXPECT_EQ(logs_.search(kGroup, {.streams = {"s", "none"}}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(logs_.search({"1", "2", "3"}, {}).error().code, ErrorCode::kNotFound);
}

TEST_F(LogStoreTest, SearchOpensAStreamOnlyWhenItsTimeComes) {
  // Far more streams than may be open at once, one after the other.
  for (int i = 0; i < 1'200; ++i) append("s" + std::to_string(i), i, "x");
  EXPECT_EQ(logs_.search(kGroup, {}).value().events.size(), 1'200u);
  // The same number at one moment is refused, and named streams are a way out.
  for (int i = 0; i < 1'200; ++i) append("t" + std::to_string(i), 5'000, "y");
  EXPECT_EQ(logs_.search(kGroup, {}).error().code, ErrorCode::kUnsupported);
  EXPECT_TRUE(logs_.search(kGroup, {.streams = {"t1"}}));
}

TEST_F(LogStoreTest, ThreadsAppendToOneStream) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 50; ++i) append("s", 1, "x");
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(logs_.read(stream("s"), {}).value().events.size(), 200u);
}

struct ModelEvent {
  std::int64_t time_ms;
  std::string stream;
  int order;  ///< within its stream
  std::string message;
};

TEST_F(LogStoreTest, SearchMergesStreamsPageByPage) {
  rc::check("pages together are all events in order", [this] {
    static_cast<void>(logs_.delete_group(kGroup));
    std::vector<ModelEvent> events;
    const int count = *rc::gen::inRange(1, 40);
    for (int i = 0; i < count; ++i) {
      ModelEvent event{*rc::gen::inRange(0, 6), *rc::gen::element<std::string>("a", "b", "ab"), i,
                       *rc::gen::element<std::string>("ERROR ", "info ") + std::to_string(i)};
      append(event.stream, event.time_ms, event.message);
      events.push_back(std::move(event));
    }
    SearchQuery query;
    query.time = {*rc::gen::inRange(0, 6), *rc::gen::inRange(0, 8)};
    query.limit = *rc::gen::inRange<std::size_t>(1, 5);
    query.stream_prefix = *rc::gen::element<std::string>("", "a");
    const bool is_filtered = *rc::gen::arbitrary<bool>();
    if (is_filtered) query.pattern = FilterPattern::parse("ERROR").value();

    std::stable_sort(events.begin(), events.end(), [](const ModelEvent& a, const ModelEvent& b) {
      return std::tie(a.time_ms, a.stream, a.order) < std::tie(b.time_ms, b.stream, b.order);
    });
    Texts expected;
    for (const auto& event : events) {
      if (event.time_ms < query.time.from_ms || event.time_ms >= query.time.until_ms) continue;
      if (!event.stream.starts_with(query.stream_prefix)) continue;
      if (is_filtered && !event.message.starts_with("ERROR")) continue;
      expected.push_back(event.message);
    }
    Texts found;
    do {
      const auto page = logs_.search(kGroup, query).value();
      RC_ASSERT(page.events.size() <= query.limit);
      for (auto& message : messages(page)) found.push_back(std::move(message));
      query.after = page.next;
    } while (query.after);
    RC_ASSERT(found == expected);
  });
}

}  // namespace
}  // namespace stator::logs
