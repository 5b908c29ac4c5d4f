#include "dynamodb/tables.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "dynamodb/test_support.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb {
namespace {

const TableRef kRef{"000000000000", "us-east-1", "items"};

TEST(Tables, AWriterSeesTheTableAsItIsUntilItHasWritten) {
  testing::Harness harness;
  harness.make_table("items");
  Tables& tables = harness.tables();
  std::atomic<bool> is_changed = false;
  std::thread changer;
  {
    const WriteAccess access = tables.write_access(kRef);
    ASSERT_FALSE(access.is_empty());
    changer = std::thread([&] {
      EXPECT_TRUE(tables.update(kRef, [](Table& table) -> Result<void> {
        table.ttl = TimeToLive{"expires"};
        return {};
      }));
      is_changed = true;
    });
    for (int turn = 0; turn < 1'000; ++turn) std::this_thread::yield();
    EXPECT_FALSE(is_changed) << "the table changed under a writer";
    EXPECT_FALSE(access.table().ttl);
  }
  changer.join();
  EXPECT_TRUE(tables.write_access(kRef).table().ttl);
}

TEST(Tables, AChangeThatFailsChangesNothing) {
  testing::Harness harness;
  harness.make_table("items");
  const auto before = harness.tables().find(kRef);
  const auto refused = harness.tables().update(kRef, [](Table& table) -> Result<void> {
    table.has_deletion_protection = true;
    return conflict("no");
  });
  EXPECT_EQ(refused.error().message, "no");
  EXPECT_EQ(*harness.tables().find(kRef), *before);
}

TEST(Tables, NobodyMayWriteToADeletedTable) {
  testing::Harness harness;
  harness.make_table("items");
  ASSERT_TRUE(harness.tables().remove(kRef));
  EXPECT_TRUE(harness.tables().write_access(kRef).is_empty());
}

TEST(Tables, EverythingAboutATableSurvivesARestart) {
  testing::Harness harness;
  harness.make_table("items", "N");
  ASSERT_TRUE(harness.tables().update(kRef, [](Table& table) -> Result<void> {
    Index index;
    index.id = 77;
    index.name = "by-g";
    index.is_global = true;
    index.partition = {{"g", Type::kS}, {"h", Type::kB}};
    index.sort = {{"n", Type::kN}};
    index.projection = {IndexProjection::Type::kInclude, {"a", "b"}};
    index.provisioned = {3, 4};
    index.status = Index::Status::kCreating;
    table.indexes = {index};
    table.stream = StreamSettings{StreamSettings::View::kOldImage, false, table.created, "label"};
    table.ttl = TimeToLive{"expires"};
    table.recovery = PointInTimeRecovery{table.created, 7};
    return {};
  }));
  const Table before = *harness.tables().find(kRef);
  harness.reopen();
  // An index that was being made goes on being made.
  Table after = *harness.tables().find(kRef);
  ASSERT_EQ(after.indexes.size(), 1u);
  after.indexes[0].status = before.indexes[0].status;
  EXPECT_EQ(after, before);
}

TEST(Tables, IdsAreNeverGivenOutTwice) {
  testing::Harness harness;
  const TableId first = harness.tables().next_id().value();
  harness.reopen();
  EXPECT_GT(harness.tables().next_id().value(), first);
}

TEST(Tables, ARestartFindsItsWayBetweenTheRecordsOfOthers) {
  testing::Harness harness;
  storage::Batch batch;
  const auto add = [&](std::initializer_list<std::string_view> parts) {
    batch.put(storage::Family::kMeta, storage::path_key(parts), "{}");
  };
  add({"", "", "dynamodb", "a-record-with-a-name-that-is-long"});
  add({"", "", "dynamodb", "stream-iterator-key-or-something-longer"});
  add({"000000000000", "", "iam", "role", "a"});
  add({"000000000000", "us-east-1", "dynamodb"});
  add({"000000000000", "us-east-1", "dynamodb", "backup"});
  add({"000000000000", "us-east-1", "zzz-a-service-of-another-name", "thing"});
  ASSERT_TRUE(harness.store().write(std::move(batch)));
  harness.make_table("items");
  harness.reopen();
  EXPECT_NE(harness.tables().find(kRef), nullptr);
}

}  // namespace
}  // namespace stator::dynamodb
