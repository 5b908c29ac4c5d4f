#include "dynamodb/streams/reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dynamodb/streams/test_stream.hpp"

namespace stator::dynamodb::streams {
namespace {

using testing::StreamHarness;
using View = StreamSettings::View;

std::string text_of(const std::optional<std::string>& image) {
  if (!image) return "-";
  std::string out;
  EncodedItem(*image).append_json(out);
  return out;
}

TEST(Streams, EachViewHasItsImages) {
  struct Case {
    View view;
    bool has_old, has_new;
  };
  for (const auto& [view, has_old, has_new] :
       {Case{View::kKeysOnly, false, false}, Case{View::kNewImage, false, true},
        Case{View::kOldImage, true, false}, Case{View::kNewAndOldImages, true, true}}) {
    StreamHarness harness;
    harness.make_table("things");
    harness.open_stream("things", view);
    harness.put("things", R"({"id":{"S":"a"},"n":{"N":"1"}})");
    harness.put("things", R"({"id":{"S":"a"},"n":{"N":"2"}})");
    harness.remove("things", "a");
    const auto records = harness.read_all("things");
    ASSERT_EQ(records.size(), 3u);
    const std::string first = R"({"id":{"S":"a"},"n":{"N":"1"}})";
    const std::string second = R"({"id":{"S":"a"},"n":{"N":"2"}})";
    EXPECT_EQ(records[0].event, Event::kInsert);
    EXPECT_EQ(records[1].event, Event::kModify);
    EXPECT_EQ(records[2].event, Event::kRemove);
    for (const Record& record : records) EXPECT_EQ(text_of(record.keys), R"({"id":{"S":"a"}})");
    EXPECT_EQ(text_of(records[0].old_image), "-");
    EXPECT_EQ(text_of(records[0].new_image), has_new ? first : "-");
    EXPECT_EQ(text_of(records[1].old_image), has_old ? first : "-");
    EXPECT_EQ(text_of(records[1].new_image), has_new ? second : "-");
    EXPECT_EQ(text_of(records[2].old_image), has_old ? second : "-");
    EXPECT_EQ(text_of(records[2].new_image), "-");
  }
}

TEST(Streams, TheBellRingsOncePerRecordAndForNothingElse) {
  StreamHarness harness;
  std::vector<std::uint64_t> heard;
  harness.tables().stream_bell().listen([&heard](std::uint64_t id) { heard.push_back(id); });
  harness.make_table("things");
  harness.make_table("silent");
  harness.open_stream("things");
  const std::string item = R"({"id":{"S":"a"},"n":{"N":"1"}})";
  harness.put("things", item);
  harness.put("things", item);
  harness.put("silent", item);
  harness.remove("things", "a");
  const TableId id = harness.tables().find(StreamHarness::ref("things"))->stream->id;
  EXPECT_EQ(heard, (std::vector<std::uint64_t>{id, id}));
  EXPECT_EQ(harness.read_all("things").size(), heard.size());
}

TEST(Streams, EventsOfFunctionsNameTheirSource) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things", View::kKeysOnly);
  harness.put("things", R"({"id":{"S":"a"}})");
  Record record = harness.read_all("things").at(0);
  record.cause = Cause::kTimeToLive;
  const auto table = harness.tables().find(StreamHarness::ref("things"));
  std::string text;
  append_event_json(text, record, *table);
  const auto event = json::parse_object(text);
  ASSERT_TRUE(event.has_value()) << text;
  EXPECT_EQ(json::find_string(*event, "eventSourceARN"), table->stream_arn());
  const auto& identity = json::find(*event, "userIdentity")->get_object();
  EXPECT_EQ(json::find_string(identity, "type"), "Service");
  EXPECT_EQ(json::find_string(identity, "principalId"), "dynamodb.amazonaws.com");
}

TEST(Streams, AWriteThatChangesNothingLeavesNoRecord) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  harness.put("things", R"({"id":{"S":"a"},"n":{"N":"1"}})");
  harness.put("things", R"({"id":{"S":"a"},"n":{"N":"1.0"}})");
  harness.remove("things", "b");
  EXPECT_EQ(harness.read_all("things").size(), 1u);
}

TEST(Streams, ATableWithoutAStreamHasNoRecords) {
  StreamHarness harness;
  harness.make_table("things");
  harness.put("things", R"({"id":{"S":"a"}})");
  harness.open_stream("things");
  harness.close_stream("things");
  harness.put("things", R"({"id":{"S":"b"}})");
  EXPECT_TRUE(harness.read_all("things").empty());
}

TEST(Streams, NumbersGoOnAfterARestartAlsoWhenTheClockWentBack) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  harness.put("things", R"({"id":{"S":"a"}})");
  harness.clock().set(harness.clock().wall() - std::chrono::hours(1));
  harness.reopen();
  harness.put("things", R"({"id":{"S":"b"}})");
  harness.reopen();
  harness.put("things", R"({"id":{"S":"c"}})");
  const auto records = harness.read_all("things");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_LT(records[0].number, records[1].number);
  EXPECT_LT(records[1].number, records[2].number);
}

TEST(Streams, AShardClosesAfterFourHoursAndHasAChild) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  harness.put("things", R"({"id":{"S":"a"}})");
  harness.pass(std::chrono::hours(3));
  EXPECT_EQ(harness.shards("things").size(), 1u);
  harness.pass(std::chrono::hours(1));
  harness.put("things", R"({"id":{"S":"b"}})");
  harness.reopen();
  const auto shards = harness.shards("things");
  ASSERT_EQ(shards.size(), 2u);
  EXPECT_FALSE(shards[0].is_open());
  EXPECT_TRUE(shards[1].is_open());
  EXPECT_EQ(shards[0].parent_id, "");
  EXPECT_EQ(shards[1].parent_id, shards[0].id);
  EXPECT_EQ(shards[1].first, shards[0].last + 1);
  EXPECT_GE(shards[0].id.size(), 28u);  // the API's bounds on ShardId
  EXPECT_LE(shards[0].id.size(), 65u);
  EXPECT_EQ(harness.read_all("things").size(), 2u);
}

TEST(Streams, TheChildOfAShardTakesOverWhileAReaderWaitsAtItsEnd) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  const StreamReader reader(harness.tables());
  const std::string arn = harness.stream_arn("things");
  const std::string first = harness.shards("things")[0].id;
  auto page = reader.read(arn, first, {0, true}, {}).value();
  EXPECT_FALSE(page.is_end);
  harness.put("things", R"({"id":{"S":"a"}})");
  harness.pass(std::chrono::hours(4));
  harness.put("things", R"({"id":{"S":"b"}})");
  page = reader.read(arn, first, page.next, {}).value();
  EXPECT_EQ(page.records.size(), 1u);
  EXPECT_TRUE(page.is_end);
  page = reader.read(arn, harness.shards("things")[1].id, {0, true}, {}).value();
  EXPECT_EQ(page.records.size(), 1u);
  EXPECT_FALSE(page.is_end);
}

TEST(Streams, RecordsAreGoneAfterADay) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  harness.put("things", R"({"id":{"S":"a"}})");
  harness.pass(std::chrono::hours(2));
  harness.put("things", R"({"id":{"S":"b"}})");
  harness.pass(std::chrono::hours(23));
  EXPECT_EQ(harness.read_all("things").size(), 1u);
  harness.pass(std::chrono::hours(2));
  EXPECT_EQ(harness.read_all("things").size(), 0u);
  const auto left = harness.store().iterate(storage::Family::kStreams, {});
  left->seek_first();
  EXPECT_FALSE(left->valid());
  // The shard of the first day is gone as well; the newest one is open.
  for (int i = 0; i < 3; ++i) harness.pass(std::chrono::hours(4));
  EXPECT_TRUE(harness.shards("things").back().is_open());
  EXPECT_LE(harness.shards("things").size(), 8u);
}

TEST(Streams, APositionWhoseRecordsWereTrimmedIsAnError) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  const std::string arn = harness.stream_arn("things");
  const StreamReader reader(harness.tables());
  const StreamShard shard = harness.shards("things")[0];
  const Position idle = reader.latest(*reader.find(arn).value(), shard).value();
  harness.put("things", R"({"id":{"S":"a"}})");
  const Position record = reader.latest(*reader.find(arn).value(), shard).value();
  ASSERT_EQ(record.number, idle.number + 1);
  // No task runs meanwhile, so the shard stays open.
  harness.clock().advance(kRetention + std::chrono::minutes(5));
  EXPECT_EQ(reader.at(shard, idle.number).error().aws_type, "TrimmedDataAccessException");
  EXPECT_EQ(reader.read(arn, shard.id, idle, {}).error().aws_type, "TrimmedDataAccessException");
  // Who had read it misses nothing.
  EXPECT_TRUE(reader.read(arn, shard.id, record, {}).value().records.empty());
  EXPECT_TRUE(reader.read(arn, shard.id, {0, true}, {}).value().records.empty());
}

TEST(Streams, PagesEndAtTheirLimits) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things", View::kNewImage);
  for (int i = 0; i < 5; ++i) {
    harness.put("things", R"({"id":{"S":")" + std::to_string(i) + R"("}})");
  }
  const StreamReader reader(harness.tables());
  const std::string arn = harness.stream_arn("things");
  const std::string shard = harness.shards("things")[0].id;
  // Each record has 3 bytes of keys and 3 of image.
  EXPECT_EQ(reader.read(arn, shard, {0, true}, {2}).value().records.size(), 2u);
  EXPECT_EQ(reader.read(arn, shard, {0, true}, {1'000, 18}).value().records.size(), 3u);
  EXPECT_EQ(reader.read(arn, shard, {0, true}, {1'000, 1}).value().records.size(), 1u);
  EXPECT_EQ(reader.read(arn, shard, {0, true}, {5}).value().records.size(), 5u);
}

TEST(Streams, AStreamThatIsOffStaysReadableForADay) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  harness.put("things", R"({"id":{"S":"a"}})");
  const std::string old_arn = harness.stream_arn("things");
  harness.close_stream("things");
  EXPECT_EQ(harness.read_all_of(old_arn).size(), 1u);
  harness.open_stream("things");
  const std::string new_arn = harness.stream_arn("things");
  EXPECT_NE(new_arn, old_arn);
  harness.put("things", R"({"id":{"S":"b"}})");
  harness.reopen();
  EXPECT_EQ(harness.read_all_of(old_arn).size(), 1u);
  EXPECT_EQ(harness.read_all_of(new_arn).size(), 1u);
  harness.pass(std::chrono::hours(24));
  const StreamReader reader(harness.tables());
  EXPECT_EQ(reader.find(old_arn).error().aws_type, "ResourceNotFoundException");
  EXPECT_TRUE(reader.find(new_arn).has_value());
  EXPECT_TRUE(retired_streams(harness.store()).value().empty());
}

TEST(Streams, OneChangeAtATime) {
  StreamHarness harness;
  harness.make_table("things");
  const TableRef ref{"000000000000", "us-east-1", "things"};
  const auto open = [&](Table& table) {
    return streams::open_stream(harness.tables(), table, View::kKeysOnly);
  };
  const auto close = [&](Table& table) { return streams::close_stream(harness.tables(), table); };
  EXPECT_EQ(harness.tables().update(ref, close).error().message,
            "Table has no stream to disable: TableName: things");
  ASSERT_TRUE(harness.tables().update(ref, open).has_value());
  EXPECT_EQ(harness.tables().update(ref, open).error().message,
            "Table already has an enabled stream: TableName: things");
  ASSERT_TRUE(harness.tables().update(ref, close).has_value());
  EXPECT_FALSE(harness.tables().update(ref, close).has_value());
}

TEST(Streams, AChangeOfTheTableBeginsAndEndsAStream) {
  StreamHarness harness;
  harness.make_table("things");
  const auto change = [&](const std::function<void(Table&)>& apply) {
    const auto changed = harness.tables().update(StreamHarness::ref("things"), [&](Table& table) {
      apply(table);
      return Result<void>();
    });
    ASSERT_TRUE(changed.has_value());
  };
  const auto begin = [](Table& table) { table.stream = StreamSettings{View::kNewImage}; };
  change(begin);
  const std::string first = harness.stream_arn("things");
  harness.put("things", R"({"id":{"S":"a"}})");
  change([](Table& table) { table.stream->is_enabled = false; });
  EXPECT_FALSE(harness.shards("things")[0].is_open());
  harness.put("things", R"({"id":{"S":"b"}})");
  change(begin);
  EXPECT_NE(harness.stream_arn("things"), first);
  harness.put("things", R"({"id":{"S":"c"}})");
  EXPECT_EQ(harness.read_all_of(first).size(), 1u);
  EXPECT_EQ(harness.read_all("things").size(), 1u);
}

TEST(Streams, TheStreamOfADeletedTableStaysReadableForADay) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  harness.put("things", R"({"id":{"S":"a"}})");
  const std::string arn = harness.stream_arn("things");
  harness.run("DeleteTable", R"({"TableName":"things"})");
  EXPECT_EQ(harness.read_all_of(arn).size(), 1u);
  // The next table of the name, made in the same millisecond, has another stream.
  harness.make_table("things");
  harness.open_stream("things");
  EXPECT_NE(harness.stream_arn("things"), arn);
  harness.reopen();
  EXPECT_EQ(harness.read_all_of(arn).size(), 1u);
  const StreamReader reader(harness.tables());
  EXPECT_EQ(reader.list({"000000000000", "us-east-1", "things"}).value().size(), 2u);
  harness.pass(std::chrono::hours(24));
  EXPECT_FALSE(reader.find(arn).has_value());
  harness.reopen();
  EXPECT_EQ(StreamReader(harness.tables()).list({"000000000000", "us-east-1", ""}).value().size(),
            1u);
}

/// The stream, read shard by shard, tells all that happened: applied to nothing it gives the table.
RC_GTEST_PROP(StreamsProperty, ReplayedOntoNothingTheStreamGivesTheTable, ()) {
  StreamHarness harness;
  harness.make_table("things");
  harness.open_stream("things");
  std::map<std::string, std::string> items;  // the model
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    const std::string id(1, static_cast<char>('a' + *rc::gen::inRange(0, 4)));
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        harness.reopen();
        break;
      case 1:
        harness.pass(std::chrono::hours(*rc::gen::inRange(0, 5)));
        break;
      case 2:
      case 3:
        harness.remove("things", id);
        items.erase(id);
        break;
      default:
        items[id] = R"({"id":{"S":")" + id + R"("},"n":{"N":")" +
                    std::to_string(*rc::gen::inRange(0, 3)) + R"("}})";
        harness.put("things", items[id]);
    }
    // Nothing is left to trim: a day never passes in these steps.
    if (harness.elapsed() > std::chrono::hours(19)) break;
  }
  std::map<std::string, std::string> replayed;
  std::uint64_t last = 0;
  for (const Record& record : harness.read_all("things")) {
    RC_ASSERT(record.number > last);
    last = record.number;
    const std::string id = *EncodedItem(record.keys).find("id")->decode().get_if<std::string>();
    RC_ASSERT(record.old_image.has_value() == replayed.contains(id));
    if (record.old_image) RC_ASSERT(text_of(record.old_image) == replayed[id]);
    RC_ASSERT(record.new_image != record.old_image);
    RC_ASSERT((record.event == Event::kRemove) == !record.new_image.has_value());
    RC_ASSERT((record.event == Event::kInsert) == !record.old_image.has_value());
    replayed.erase(id);
    if (record.new_image) replayed[id] = text_of(record.new_image);
  }
  RC_ASSERT(replayed == items);
}

}  // namespace
}  // namespace stator::dynamodb::streams
