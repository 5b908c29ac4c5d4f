#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dynamodb/recovery/history.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb::recovery {
namespace {

using testing::Harness;

class PointInTime : public ::testing::Test {
 protected:
  void SetUp() override { harness.make_table("src"); }

  std::string run(const std::string& operation, const std::string& body) {
    return harness.run(operation, body);
  }
  std::string enable(int days = 35) {
    return run(
        "UpdateContinuousBackups",
        R"({"TableName":"src","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":)"
        R"(true,"RecoveryPeriodInDays":)" +
            std::to_string(days) + "}}");
  }
  std::string disable() {
    return run("UpdateContinuousBackups",
               R"({"TableName":"src","PointInTimeRecoverySpecification":)"
               R"({"PointInTimeRecoveryEnabled":false}})");
  }
  std::string describe() { return run("DescribeContinuousBackups", R"({"TableName":"src"})"); }
  void put(const std::string& key, const std::string& text) {
    harness.put("src", R"({"id":{"S":")" + key + R"("},"t":{"S":")" + text + R"("}})");
  }
  std::string restore(WallTime moment, const std::string& target = "copy") {
    return run("RestoreTableToPointInTime",
               R"({"SourceTableName":"src","TargetTableName":")" + target +
                   R"(","RestoreDateTime":)" + std::to_string(epoch_ms(moment) / 1000) + "." +
                   std::to_string(1000 + epoch_ms(moment) % 1000).substr(1) + "}");
  }
  std::string scan(const std::string& table) {
    return run("Scan", R"({"TableName":")" + table + R"("})");
  }
  std::size_t history_size() {
    std::size_t count = 0;
    const auto records = harness.store().iterate(storage::Family::kHistory, {});
    for (records->seek_first(); records->valid(); records->next()) ++count;
    return count;
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  Harness harness;
};

TEST_F(PointInTime, IsDescribedAtOnce) {
  EXPECT_EQ(describe(),
            R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",)"
            R"("PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}})");
  EXPECT_TRUE(has(enable(7), R"("PointInTimeRecoveryStatus":"ENABLED","RecoveryPeriodInDays":7)"));
  harness.reopen();
  EXPECT_TRUE(has(describe(), R"("PointInTimeRecoveryStatus":"ENABLED","RecoveryPeriodInDays":7)"));
  EXPECT_TRUE(has(disable(), "DISABLED"));
  EXPECT_TRUE(has(describe(), R"("PointInTimeRecoveryStatus":"DISABLED")"));
}

TEST_F(PointInTime, RefusesWhatLiesOutsideTheWindow) {
  const WallTime start = harness.clock().wall();
  EXPECT_TRUE(has(restore(start), "PointInTimeRecoveryUnavailableException"));
  enable();
  EXPECT_TRUE(has(restore(start - std::chrono::seconds(1)), "InvalidRestoreTimeException"));
  EXPECT_TRUE(has(restore(start + std::chrono::seconds(1)), "InvalidRestoreTimeException"));
  EXPECT_TRUE(
      has(run("RestoreTableToPointInTime", R"({"SourceTableName":"none","TargetTableName":"copy",)"
                                           R"("UseLatestRestorableTime":true})"),
          "TableNotFoundException"));
  EXPECT_TRUE(
      has(run("RestoreTableToPointInTime", R"({"SourceTableName":"src","TargetTableName":"copy"})"),
          "ValidationException"));
  EXPECT_TRUE(
      has(run("RestoreTableToPointInTime", R"({"SourceTableName":"src","TargetTableName":"src",)"
                                           R"("UseLatestRestorableTime":true})"),
          "TableAlreadyExistsException"));
  EXPECT_TRUE(has(run("UpdateContinuousBackups",
                      R"({"TableName":"src","PointInTimeRecoverySpecification":)"
                      R"({"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":36}})"),
                  "pointInTimeRecoverySpecification.recoveryPeriodInDays"));
  EXPECT_TRUE(has(run("DescribeTable", R"({"TableName":"copy"})"), "ResourceNotFoundException"));
}

TEST_F(PointInTime, AWriteAfterTheRequestIsNotInTheLatestState) {
  enable();
  put("a", "1");
  const std::string then = scan("src");
  run("RestoreTableToPointInTime",
      R"({"SourceTableName":"src","TargetTableName":"copy","UseLatestRestorableTime":true})");
  put("a", "2");  // in the same millisecond
  run("DeleteItem", R"({"TableName":"src","Key":{"id":{"S":"a"}}})");
  harness.reopen();  // so the copy is begun anew, from a table that has changed
  harness.tables().background().run_all();
  EXPECT_EQ(scan("copy"), then);
}

TEST_F(PointInTime, AnUnfinishedRestoreGoesWithItsHistory) {
  enable();
  put("a", "1");
  run("RestoreTableToPointInTime",
      R"({"SourceTableName":"src","TargetTableName":"copy","UseLatestRestorableTime":true})");
  disable();
  harness.reopen();
  harness.tables().background().run_all();
  EXPECT_TRUE(has(run("DescribeTable", R"({"TableName":"copy"})"), "ResourceNotFoundException"));
}

TEST_F(PointInTime, TimeDoesNotGoBackInsideATable) {
  enable();
  put("a", "1");
  const WallTime first = harness.clock().wall();
  harness.clock().set(first - std::chrono::hours(1));
  harness.reopen();
  put("a", "2");
  // The second write counts as later than the first, so the first alone is nowhere to be found.
  const auto table = harness.tables().find({"000000000000", "us-east-1", "src"});
  const auto snapshot = harness.store().snapshot();
  std::size_t later = 0;
  ASSERT_TRUE(for_each_later(harness.store(), table->id, first - std::chrono::milliseconds(1),
                             *snapshot, [&](const Undo&) -> Result<void> {
                               ++later;
                               return {};
                             }));
  EXPECT_EQ(later, 2u);
  harness.clock().set(first);
  restore(first);
  harness.tables().background().run_all();
  EXPECT_EQ(scan("copy"), scan("src"));
}

TEST_F(PointInTime, HistoryIsTrimmedAndForgottenWhenSwitchedOff) {
  enable(1);
  put("a", "1");
  put("b", "1");
  EXPECT_EQ(history_size(), 2u);
  harness.clock().advance(std::chrono::hours(25));
  put("a", "2");
  harness.tables().background().run_all();
  EXPECT_EQ(history_size(), 2u);  // the newest record, and how far it was trimmed
  // A longer period, or a clock that was wrong, does not bring back what is gone.
  enable(35);
  EXPECT_TRUE(
      has(restore(harness.clock().wall() - std::chrono::hours(25)), "InvalidRestoreTimeException"));
  EXPECT_FALSE(has(restore(harness.clock().wall() - std::chrono::hours(23)), "Exception"));
  harness.tables().background().run_all();
  EXPECT_TRUE(has(scan("copy"), R"("Count":2)"));
  disable();
  EXPECT_EQ(history_size(), 0u);
}

TEST_F(PointInTime, IndexesAreRebuiltAndCanBeLeftOut) {
  const auto made = harness.tables().update({"000000000000", "us-east-1", "src"},
                                            [&](Table& table) -> Result<void> {
                                              Index index;
                                              index.id = 1'000;
                                              index.name = "by-text";
                                              index.is_global = true;
                                              index.partition = {{"t", Type::kS}};
                                              table.indexes = {index};
                                              table.attributes.push_back({"t", Type::kS});
                                              return {};
                                            });
  ASSERT_TRUE(made);
  enable();
  put("a", "1");
  put("b", "2");
  const WallTime moment = harness.clock().wall();
  harness.clock().advance(std::chrono::seconds(1));
  put("b", "3");
  restore(moment);
  run("RestoreTableToPointInTime", R"({"SourceTableName":"src","TargetTableName":"bare",)"
                                   R"("UseLatestRestorableTime":true,)"
                                   R"("GlobalSecondaryIndexOverride":[]})");
  harness.tables().background().run_all();
  const auto copy = harness.tables().find({"000000000000", "us-east-1", "copy"});
  ASSERT_NE(copy, nullptr);
  ASSERT_EQ(copy->indexes.size(), 1u);
  std::vector<std::string> texts;
  const auto entries =
      harness.store().iterate(storage::Family::kIndex, table_range(copy->indexes[0].id));
  for (entries->seek_first(); entries->valid(); entries->next()) {
    texts.push_back(*EncodedItem(entries->value()).find("t")->decode().get_if<std::string>());
  }
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(texts, (std::vector<std::string>{"1", "2"}));
  const auto bare = harness.tables().find({"000000000000", "us-east-1", "bare"});
  ASSERT_NE(bare, nullptr);
  EXPECT_TRUE(bare->indexes.empty());
  EXPECT_EQ(bare->attributes.size(), 1u);
}

/// Random writes at random moments, with restarts: every second of the past can be had back.
RC_GTEST_PROP(PointInTimeModel, RestoresEveryMoment, ()) {
  Harness harness;
  harness.make_table("src");
  harness.run("UpdateContinuousBackups", R"({"TableName":"src","PointInTimeRecoverySpecification":)"
                                         R"({"PointInTimeRecoveryEnabled":true}})");
  std::map<std::int64_t, std::string> states;  // what a scan shows at the end of each moment
  const auto scan = [&](const std::string& table) {
    return harness.run("Scan", R"({"TableName":")" + table + R"("})");
  };
  states[epoch_ms(harness.clock().wall())] = scan("src");
  const auto steps = *rc::gen::inRange(1, 40);
  for (int step = 0; step < steps; ++step) {
    const std::string key = std::to_string(*rc::gen::inRange(0, 5));
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        harness.run("DeleteItem", R"({"TableName":"src","Key":{"id":{"S":")" + key + R"("}}})");
        break;
      case 1:
        harness.clock().advance(std::chrono::milliseconds(*rc::gen::inRange(1, 3'000)));
        break;
      case 2:
        if (*rc::gen::inRange(0, 4) == 0) harness.reopen();
        break;
      default:
        harness.put("src",
                    R"({"id":{"S":")" + key + R"("},"n":{"N":")" + std::to_string(step) + R"("}})");
    }
    states[epoch_ms(harness.clock().wall())] = scan("src");
  }
  const auto last = epoch_ms(harness.clock().wall());
  const auto first = states.begin()->first;
  const auto moment = *rc::gen::inRange(first, last + 1);
  const auto expected = std::prev(states.upper_bound(moment))->second;
  const std::string answer =
      harness.run("RestoreTableToPointInTime",
                  R"({"SourceTableName":"src","TargetTableName":"copy","RestoreDateTime":)" +
                      std::to_string(moment / 1000) + "." +
                      std::to_string(1000 + moment % 1000).substr(1) + "}");
  RC_ASSERT(answer.find("CREATING") != std::string::npos);
  harness.tables().background().run_all();
  RC_ASSERT(scan("copy") == expected);
}

}  // namespace
}  // namespace stator::dynamodb::recovery
