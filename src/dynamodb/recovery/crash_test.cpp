#include <gtest/gtest.h>

#include <future>

#include "dynamodb/test_support.hpp"
#include "storage/faulty_disk.hpp"
#include "storage/test_stores.hpp"

/// Backups and restores on a disk that fails and loses power in the middle: what is AVAILABLE or
/// ACTIVE is whole, and what was promised is finished by the next process.
namespace stator::dynamodb::recovery {
namespace {

using storage::Family;
using testing::Harness;

constexpr int kItems = 60;
constexpr std::size_t kTextBytes = 20'000;  // so that a copy takes several batches

/// Items by their keys without the table.
std::map<std::string, std::string> items_of(Harness& harness, TableId id) {
  std::map<std::string, std::string> found;
  const auto items = harness.store().iterate(Family::kItems, table_range(id));
  for (items->seek_first(); items->valid(); items->next()) {
    found[std::string(items->key().substr(8))] = items->value();
  }
  EXPECT_TRUE(items->status());
  return found;
}

void wait_until_durable(Harness& harness) {
  std::promise<void> durable;
  harness.store().when_durable(harness.store().last(), [&](Result<void>) { durable.set_value(); });
  durable.get_future().wait();
}

/// A server on a disk that obeys.
struct Machine {
  explicit Machine(std::uint64_t seed) : disk(seed), harness(disk.open(data.path())) {}

  /// Lets the background's work fail after so many writes, then loses power and starts again.
  void crash_after(std::uint64_t operations) {
    wait_until_durable(harness);
    disk.fail_after(operations, storage::FaultyDisk::Fault::kIoError);
    harness.tables().background().run_all();
    disk.cut_power();
    harness.close();
    disk.heal();
    disk.restore_power();
    harness.open(disk.open(data.path()));
  }

  void fill() {
    harness.make_table("src");
    harness.run("UpdateContinuousBackups",
                R"({"TableName":"src","PointInTimeRecoverySpecification":)"
                R"({"PointInTimeRecoveryEnabled":true}})");
    for (int i = 0; i < kItems; ++i) put(i, 'a');
  }
  void put(int key, char text) {
    harness.put("src", R"({"id":{"S":")" + std::to_string(key) + R"("},"t":{"S":")" +
                           std::string(kTextBytes, text) + R"("}})");
  }

  storage::TemporaryDirectory data;
  storage::FaultyDisk disk;
  Harness harness;
};

TEST(RecoveryCrash, ABackupIsWholeOrNotAvailable) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Machine machine(seed);
    machine.fill();
    ASSERT_TRUE(
        machine.harness.recovery().create_backup({"000000000000", "us-east-1", "src"}, "one"));
    machine.crash_after(2 * seed);
    auto all = machine.harness.recovery().backups({});
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 1u) << "seed " << seed;
    const auto expected = items_of(machine.harness, all->front().table.id);
    ASSERT_EQ(expected.size(), static_cast<std::size_t>(kItems));
    if (all->front().status == Backup::Status::kAvailable) {
      EXPECT_EQ(items_of(machine.harness, all->front().items), expected) << "seed " << seed;
    }
    machine.harness.tables().background().run_all();
    all = machine.harness.recovery().backups({});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->front().status, Backup::Status::kAvailable) << "seed " << seed;
    EXPECT_EQ(items_of(machine.harness, all->front().items), expected) << "seed " << seed;
  }
}

TEST(RecoveryCrash, ARestoredTableIsWholeOrUnseen) {
  const TableRef copy{"000000000000", "us-east-1", "copy"};
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Machine machine(seed);
    machine.fill();
    const auto table = machine.harness.tables().find({"000000000000", "us-east-1", "src"});
    const auto expected = items_of(machine.harness, table->id);
    const WallTime moment = machine.harness.clock().wall();
    machine.harness.clock().advance(std::chrono::seconds(1));
    for (int i = 0; i < kItems; i += 2) machine.put(i, 'b');
    machine.harness.clock().advance(std::chrono::seconds(1));
    Table target;
    target.account = copy.account;
    target.region = copy.region;
    target.name = copy.name;
    target.partition = table->partition;
    target.attributes = table->attributes;
    target.is_on_demand = true;
    ASSERT_TRUE(machine.harness.recovery().restore({"000000000000", "us-east-1", "src"}, moment,
                                                   std::move(target)));
    machine.crash_after(4 * seed);
    if (const auto early = machine.harness.tables().find(copy)) {
      EXPECT_EQ(items_of(machine.harness, early->id), expected) << "seed " << seed;
    }
    machine.harness.tables().background().run_all();
    const auto restored = machine.harness.tables().find(copy);
    ASSERT_NE(restored, nullptr) << "seed " << seed;
    EXPECT_EQ(items_of(machine.harness, restored->id), expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace stator::dynamodb::recovery
