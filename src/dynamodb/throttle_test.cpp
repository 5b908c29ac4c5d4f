#include "dynamodb/throttle.hpp"

#include <gtest/gtest.h>

namespace stator::dynamodb {
namespace {

using std::chrono::seconds;

Table provisioned(std::int64_t read_units, std::int64_t write_units) {
  Table table;
  table.id = 1;
  table.provisioned = {read_units, write_units};
  return table;
}

/// How many reads of `units` are let in before the first refusal.
int reads_until_refused(Throttle& throttle, const Table& table, double units,
                        const Index* index = nullptr) {
  int reads = 0;
  for (; reads < 10'000 && throttle.admit_read(table, index); ++reads) {
    ConsumedCapacity consumed;
    if (index != nullptr) {
      consumed.add_index(*index, units);
    } else {
      consumed.table = units;
    }
    throttle.charge_read(table, consumed);
  }
  return reads;
}

TEST(Throttle, LetsInWhatIsProvisionedAndNoMore) {
  FakeClock clock;
  Throttle throttle(clock, true);
  const Table table = provisioned(5, 2);
  EXPECT_EQ(reads_until_refused(throttle, table, 1), 5);
  const auto refused = throttle.admit_read(table);
  EXPECT_EQ(refused.error().aws_type, "ProvisionedThroughputExceededException");
  clock.advance(seconds(1));
  EXPECT_EQ(reads_until_refused(throttle, table, 0.5), 10);
}

TEST(Throttle, KeepsFiveMinutesOfWhatWasNotUsed) {
  FakeClock clock;
  Throttle throttle(clock, true);
  const Table table = provisioned(2, 1);
  EXPECT_EQ(reads_until_refused(throttle, table, 1), 2);
  clock.advance(seconds(100));
  EXPECT_EQ(reads_until_refused(throttle, table, 1), 200);
  clock.advance(seconds(10'000));
  EXPECT_EQ(reads_until_refused(throttle, table, 1), 600);
}

TEST(Throttle, ALargeRequestIsPaidForAfterwards) {
  FakeClock clock;
  Throttle throttle(clock, true);
  const Table table = provisioned(1, 10);
  ASSERT_TRUE(throttle.admit_write(table));
  throttle.charge_write(table, ConsumedCapacity{40});
  clock.advance(seconds(2));
  EXPECT_FALSE(throttle.admit_write(table));
  clock.advance(seconds(2));
  EXPECT_TRUE(throttle.admit_write(table));
}

TEST(Throttle, AGlobalIndexHasUnitsOfItsOwnAndStopsWrites) {
  FakeClock clock;
  Throttle throttle(clock, true);
  Table table = provisioned(100, 100);
  Index global;
  global.id = 2;
  global.name = "global";
  global.is_global = true;
  global.provisioned = {3, 1};
  Index local;
  local.id = 3;
  local.name = "local";
  table.indexes = {local, global};
  EXPECT_EQ(reads_until_refused(throttle, table, 1, &table.indexes[1]), 3);
  EXPECT_EQ(reads_until_refused(throttle, table, 1, &table.indexes[0]), 100);
  EXPECT_FALSE(throttle.admit_read(table)) << "a local index draws on its table";
  ConsumedCapacity consumed;
  consumed.add_index(table.indexes[1], 1);
  throttle.charge_write(table, consumed);
  const auto refused = throttle.admit_write(table);
  EXPECT_NE(refused.error().message.find("global secondary indexes"), std::string::npos);
}

TEST(Throttle, AChangedRateHoldsAtOnce) {
  FakeClock clock;
  Throttle throttle(clock, true);
  Table table = provisioned(1, 1);
  EXPECT_EQ(reads_until_refused(throttle, table, 1), 1);
  table.provisioned.read_units = 50;
  EXPECT_FALSE(throttle.admit_read(table));
  clock.advance(seconds(1));
  EXPECT_EQ(reads_until_refused(throttle, table, 1), 50);
}

TEST(Throttle, LimitsNothingUnlessAskedTo) {
  const FakeClock clock;
  Throttle off(clock, false);
  EXPECT_EQ(reads_until_refused(off, provisioned(1, 1), 1), 10'000);
  Throttle on(clock, true);
  Table table = provisioned(0, 0);
  table.is_on_demand = true;
  EXPECT_EQ(reads_until_refused(on, table, 1), 10'000);
}

}  // namespace
}  // namespace stator::dynamodb
