#include "dynamodb/statistics.hpp"

#include <gtest/gtest.h>

#include "dynamodb/item_codec.hpp"

namespace stator::dynamodb {
namespace {

class TableCounterTest : public ::testing::Test {
 protected:
  TableCounterTest() {
    table_.id = 7;
    table_.partition = {"id", Type::kS};
  }

  /// Items "first".."last - 1", each in a partition of its own.
  void put(std::uint64_t first, std::uint64_t last) {
    storage::Batch batch;
    for (std::uint64_t i = first; i < last; ++i) {
      const std::string id = std::to_string(i);
      Item item;
      item.set("id", Value(id));
      batch.put(storage::Family::kItems, partition_prefix(table_.id, id), encode_item(item));
    }
    ASSERT_TRUE(store_->write(std::move(batch)));
  }

  std::uint64_t count() {
    const auto counted = counter_.count(table_);
    EXPECT_TRUE(counted);
    return counted->item_count;
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  FakeClock clock_;
  Background background_{clock_};
  TableCounter counter_{*store_, clock_, background_};
  Table table_;
};

TEST_F(TableCounterTest, CountsASmallTableAnewTwiceAMinute) {
  put(0, 10);
  EXPECT_EQ(count(), 10u);
  put(10, 15);
  EXPECT_EQ(count(), 10u);
  clock_.advance(std::chrono::seconds(31));
  EXPECT_EQ(count(), 15u);
  EXPECT_EQ(counter_.count(table_)->size_bytes, 10 * 3u + 5 * 4u);
}

TEST_F(TableCounterTest, ForgetsATable) {
  put(0, 10);
  EXPECT_EQ(count(), 10u);
  put(10, 11);
  counter_.forget(table_.id);
  EXPECT_EQ(count(), 11u);
}

TEST_F(TableCounterTest, EstimatesALargeTableUntilTheBackgroundHasCountedIt) {
  constexpr std::uint64_t kItems = 50'000;
  put(0, kItems);
  const auto estimate = count();
  EXPECT_GT(estimate, kItems * 95 / 100);
  EXPECT_LT(estimate, kItems * 105 / 100);
  background_.run_all();
  EXPECT_EQ(count(), kItems);

  // The next count is hours away, and shows the old one until it is done.
  put(kItems, kItems + 100);
  clock_.advance(std::chrono::hours(5));
  background_.run_all();
  EXPECT_EQ(count(), kItems);
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(count(), kItems);
  background_.run_all();
  EXPECT_EQ(count(), kItems + 100);
}

TEST_F(TableCounterTest, CountsIndexesApart) {
  table_.indexes.push_back({});
  table_.indexes.back().id = 9;
  put(0, 4);
  Item item;
  item.set("id", Value("1"));
  storage::Batch batch;
  batch.put(storage::Family::kIndex, partition_prefix(9, "1"), encode_item(item));
  ASSERT_TRUE(store_->write(std::move(batch)));
  const auto counted = counter_.count(table_);
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->item_count, 4u);
  EXPECT_EQ(counted->indexes.at(9).item_count, 1u);
}

}  // namespace
}  // namespace stator::dynamodb
