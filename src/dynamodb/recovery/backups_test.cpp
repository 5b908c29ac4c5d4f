#include "dynamodb/test_support.hpp"

namespace stator::dynamodb::recovery {
namespace {

using testing::Harness;

constexpr const char* kTableArn = "arn:aws:dynamodb:us-east-1:000000000000:table/";

class Backups : public ::testing::Test {
 protected:
  void SetUp() override { harness.make_table("music", "N"); }

  std::string run(const std::string& operation, const std::string& body) {
    return harness.run(operation, body);
  }
  void put(int sort, const std::string& text) {
    harness.put("music", R"({"id":{"S":"a"},"sk":{"N":")" + std::to_string(sort) +
                             R"("},"t":{"S":")" + text + R"("}})");
  }
  /// Answers the ARN.
  std::string back_up(const std::string& table = "music", const std::string& name = "first") {
    const auto answer = json::parse_object(
        run("CreateBackup", R"({"TableName":")" + table + R"(","BackupName":")" + name + R"("})"));
    const auto* details = answer ? json::find(*answer, "BackupDetails") : nullptr;
    return details ? json::find_string(details->as_object(), "BackupArn").value_or("") : "";
  }
  std::string describe(const std::string& arn) {
    return run("DescribeBackup", R"({"BackupArn":")" + arn + R"("})");
  }
  std::string restore(const std::string& arn, const std::string& target,
                      const std::string& more = "") {
    return run("RestoreTableFromBackup",
               R"({"TargetTableName":")" + target + R"(","BackupArn":")" + arn + "\"" + more + "}");
  }
  std::string scan(const std::string& table) {
    return run("Scan", R"({"TableName":")" + table + R"("})");
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  Harness harness;
};

TEST_F(Backups, HoldsTheItemsOfItsMomentAndOutlivesTheTable) {
  put(1, "one");
  put(2, "two");
  const std::string before = scan("music");
  const std::string arn = back_up();
  ASSERT_TRUE(arn.starts_with(std::string(kTableArn) + "music/backup/01767")) << arn;
  EXPECT_TRUE(has(describe(arn), R"("BackupStatus":"CREATING")"));
  put(2, "changed after the backup was asked for");
  put(3, "three");
  harness.tables().background().run_all();
  const std::string described = describe(arn);
  EXPECT_TRUE(has(described, R"("BackupStatus":"AVAILABLE")")) << described;
  EXPECT_TRUE(has(described, R"("ItemCount":2)")) << described;
  EXPECT_TRUE(has(described, R"("BillingMode":"PAY_PER_REQUEST")")) << described;

  run("DeleteTable", R"({"TableName":"music"})");
  harness.reopen();
  const std::string answer = restore(arn, "again");
  EXPECT_TRUE(has(answer, R"("TableStatus":"CREATING")")) << answer;
  EXPECT_TRUE(has(answer, R"("SourceBackupArn":")" + arn)) << answer;
  harness.tables().background().run_all();
  EXPECT_EQ(scan("again"), before);
  const std::string table = run("DescribeTable", R"({"TableName":"again"})");
  EXPECT_TRUE(has(table, R"("TableStatus":"ACTIVE")")) << table;
  EXPECT_TRUE(has(table, R"("RestoreInProgress":false)")) << table;
}

TEST_F(Backups, ARestoredTableIsUnseenUntilItIsWhole) {
  put(1, "one");
  const std::string arn = back_up();
  harness.tables().background().run_all();
  restore(arn, "again");
  EXPECT_TRUE(has(scan("again"), "ResourceNotFoundException"));
  EXPECT_TRUE(has(run("PutItem", R"({"TableName":"again","Item":{"id":{"S":"a"},"sk":{"N":"1"}}})"),
                  "ResourceNotFoundException"));
  EXPECT_TRUE(has(run("DescribeTable", R"({"TableName":"again"})"), R"("TableStatus":"CREATING")"));
  EXPECT_TRUE(has(run("ListTables", "{}"), R"("again")"));
  EXPECT_TRUE(has(run("DeleteTable", R"({"TableName":"again"})"), "ResourceInUseException"));
  EXPECT_TRUE(has(restore(arn, "again"), "TableAlreadyExistsException"));
  EXPECT_TRUE(
      has(run("DeleteBackup", R"({"BackupArn":")" + arn + R"("})"), "BackupInUseException"));
  EXPECT_TRUE(has(run("CreateBackup", R"({"TableName":"again","BackupName":"abc"})"),
                  "TableInUseException"));
  EXPECT_TRUE(has(
      run("UpdateContinuousBackups", R"({"TableName":"again","PointInTimeRecoverySpecification":)"
                                     R"({"PointInTimeRecoveryEnabled":true}})"),
      "ContinuousBackupsUnavailableException"));
  harness.tables().background().run_all();
  EXPECT_EQ(scan("again"), scan("music"));
  EXPECT_FALSE(has(run("DeleteTable", R"({"TableName":"again"})"), "Exception"));
}

TEST_F(Backups, ARestartBeginsUnfinishedWorkAnew) {
  put(1, "one");
  const std::string arn = back_up();
  harness.reopen();
  EXPECT_TRUE(has(describe(arn), "CREATING"));
  EXPECT_TRUE(has(run("DeleteTable", R"({"TableName":"music"})"), "ResourceInUseException"));
  harness.tables().background().run_all();
  EXPECT_TRUE(has(describe(arn), "AVAILABLE"));
  restore(arn, "again");
  harness.reopen();
  EXPECT_TRUE(has(scan("again"), "ResourceNotFoundException"));
  harness.tables().background().run_all();
  EXPECT_EQ(scan("again"), scan("music"));
}

TEST_F(Backups, ABackupThatIsDeletedIsGone) {
  put(1, "one");
  const std::string arn = back_up();
  EXPECT_TRUE(
      has(run("DeleteBackup", R"({"BackupArn":")" + arn + R"("})"), "BackupInUseException"));
  harness.tables().background().run_all();
  EXPECT_TRUE(
      has(run("DeleteBackup", R"({"BackupArn":")" + arn + R"("})"), R"("BackupStatus":"DELETED")"));
  EXPECT_EQ(describe(arn), "BackupNotFoundException: Backup not found: " + arn);
  EXPECT_TRUE(has(restore(arn, "again"), "BackupNotFoundException"));
  const auto items = harness.store().iterate(storage::Family::kItems, {});
  std::size_t count = 0;
  for (items->seek_first(); items->valid(); items->next()) ++count;
  EXPECT_EQ(count, 1u);
}

TEST_F(Backups, ListsByTableTypeTimeAndPage) {
  harness.make_table("other");
  const std::string first = back_up("music", "one");
  harness.clock().advance(std::chrono::seconds(10));
  const std::string second = back_up("music", "two");
  const std::string third = back_up("other", "three");
  harness.tables().background().run_all();
  const auto list = [&](const std::string& body) {
    const std::string answer = run("ListBackups", body);
    std::string found;
    for (const auto& [arn, letter] : {std::pair(first, "1"), {second, "2"}, {third, "3"}}) {
      if (has(answer, R"("BackupArn":")" + arn)) found += letter;
    }
    return found + (has(answer, "LastEvaluatedBackupArn") ? "+" : "");
  };
  EXPECT_EQ(list("{}"), "123");
  EXPECT_EQ(list(R"({"TableName":"music"})"), "12");
  EXPECT_EQ(list(R"({"TableName":")" + std::string(kTableArn) + R"(other"})"), "3");
  EXPECT_EQ(list(R"({"TableName":"none"})"), "");
  EXPECT_EQ(list(R"({"BackupType":"SYSTEM"})"), "");
  EXPECT_EQ(list(R"({"BackupType":"USER"})"), "123");
  EXPECT_EQ(list(R"({"TimeRangeLowerBound":1767323050})"), "23");
  EXPECT_EQ(list(R"({"TimeRangeUpperBound":1767323050})"), "1");
  EXPECT_EQ(list(R"({"Limit":2})"), "12+");
  EXPECT_EQ(list(R"({"Limit":2,"ExclusiveStartBackupArn":")" + second + R"("})"), "3");
  EXPECT_EQ(run("ListBackups", R"({"Limit":101})"),
            "ValidationException: 1 validation error detected: Value '101' at 'limit' failed to "
            "satisfy constraint: Member must have value less than or equal to 100");
}

TEST_F(Backups, RefusesWhatItCannotDo) {
  EXPECT_EQ(run("CreateBackup", R"({"TableName":"none","BackupName":"abc"})"),
            "TableNotFoundException: Table not found: none");
  EXPECT_TRUE(
      has(run("CreateBackup", R"({"TableName":"music"})"),
          "Value null at 'backupName' failed to satisfy constraint: Member must not be null"));
  EXPECT_TRUE(has(run("CreateBackup", R"({"TableName":"music","BackupName":"a b"})"),
                  "ValidationException"));
  EXPECT_TRUE(has(describe(std::string(kTableArn) + "music"), "Invalid BackupArn"));
  const std::string arn = back_up();
  EXPECT_TRUE(has(restore(arn, "again"), "BackupInUseException"));
  harness.tables().background().run_all();
  EXPECT_TRUE(has(restore(arn, "again", R"(,"OnDemandThroughputOverride":{})"), "not supported"));
  EXPECT_TRUE(has(restore(arn, "again", R"(,"SSESpecificationOverride":{"Enabled":true})"),
                  "not supported"));
  EXPECT_TRUE(has(restore(arn, "again", R"(,"BillingModeOverride":"PROVISIONED")"),
                  "must both be specified"));
  EXPECT_TRUE(has(restore(arn, "again",
                          R"(,"GlobalSecondaryIndexOverride":[{"IndexName":"none",)"
                          R"("KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],)"
                          R"("Projection":{}}])"),
                  "names an index that the source does not have"));
  EXPECT_TRUE(has(restore(arn, "again",
                          R"(,"GlobalSecondaryIndexOverride":[{"IndexName":"none","WarmThroughput")"
                          R"(:{},"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],)"
                          R"("Projection":{}}])"),
                  "GlobalSecondaryIndexOverride with WarmThroughput is not supported"));
  EXPECT_TRUE(has(restore(arn, "no", R"(,"ProvisionedThroughputOverride":{"ReadCapacityUnits":0})"),
                  "3 validation errors detected"));
  EXPECT_TRUE(has(run("DescribeTable", R"({"TableName":"again"})"), "ResourceNotFoundException"));
  EXPECT_TRUE(has(restore(arn, "again",
                          R"(,"BillingModeOverride":"PROVISIONED","ProvisionedThroughputOverride":)"
                          R"({"ReadCapacityUnits":3,"WriteCapacityUnits":4})"),
                  R"("ReadCapacityUnits":3)"));
}

TEST_F(Backups, AsksForTheActionsThatAwsAsksFor) {
  const std::string arn = back_up();
  EXPECT_EQ(harness.last_needs()[0].action, "dynamodb:CreateBackup");
  EXPECT_EQ(harness.last_needs()[0].resource, std::string(kTableArn) + "music");
  describe(arn);
  EXPECT_EQ(harness.last_needs()[0].resource, arn);
  restore(arn, "again");
  EXPECT_EQ(harness.last_needs()[0].action, "dynamodb:RestoreTableFromBackup");
  EXPECT_EQ(harness.last_needs()[0].resource, arn);
  for (std::size_t i = 1; i < harness.last_needs().size(); ++i) {
    EXPECT_EQ(harness.last_needs()[i].resource, std::string(kTableArn) + "again");
  }
  EXPECT_EQ(harness.last_needs().size(), 9u);
}

TEST_F(Backups, ATableThatIsDeletedWithItsRecoveryOnLeavesASystemBackup) {
  run("UpdateContinuousBackups", R"({"TableName":"music","PointInTimeRecoverySpecification":)"
                                 R"({"PointInTimeRecoveryEnabled":true}})");
  put(1, "one");
  const std::string before = scan("music");
  run("DeleteTable", R"({"TableName":"music"})");
  harness.reopen();
  const std::string list = run("ListBackups", R"({"BackupType":"SYSTEM"})");
  EXPECT_TRUE(has(list, "music$DeletedTableBackup")) << list;
  EXPECT_TRUE(has(list, "BackupExpiryDateTime")) << list;
  const auto all = harness.recovery().backups({});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1u);
  const std::string arn = all->front().resource().arn();
  restore(arn, "again");
  harness.tables().background().run_all();
  EXPECT_EQ(scan("again"), before);
  harness.clock().advance(std::chrono::hours(24 * 35));
  harness.tables().background().run_all();
  EXPECT_TRUE(has(describe(arn), "BackupNotFoundException"));
}

}  // namespace
}  // namespace stator::dynamodb::recovery
