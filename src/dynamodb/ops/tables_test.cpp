#include <gtest/gtest.h>

#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/key_codec.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

constexpr const char* kDefinitions =
    R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],)"
    R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}])";

json::Object parsed(const std::string& text) {
  auto object = json::parse_object(text);
  EXPECT_TRUE(object) << text;
  return object ? std::move(*object) : json::Object();
}

json::Object member(const std::string& text, const char* name) {
  const json::Object object = parsed(text);
  const auto* value = json::find(object, name);
  EXPECT_TRUE(value && value->is_object()) << text;
  return value && value->is_object() ? value->get_object() : json::Object();
}

TEST(TableOperations, DescribesAnOnDemandTableAsClientsReadIt) {
  Harness db;
  const auto created =
      member(db.run("CreateTable", R"({"TableName":"items","BillingMode":"PAY_PER_REQUEST",)" +
                                       std::string(kDefinitions) + "}"),
             "TableDescription");
  EXPECT_EQ(json::find_string(created, "TableStatus"), "CREATING");
  const auto table = member(db.run("DescribeTable", R"({"TableName":"items"})"), "Table");
  EXPECT_EQ(json::find_string(table, "TableStatus"), "ACTIVE");
  EXPECT_EQ(json::find_string(table, "TableName"), "items");
  EXPECT_EQ(json::find_string(table, "TableArn"),
            "arn:aws:dynamodb:us-east-1:000000000000:table/items");
  EXPECT_EQ(json::find_string(table, "TableId"), json::find_string(created, "TableId"));
  EXPECT_EQ(json::dump(*json::find(table, "KeySchema")),
            R"([{"AttributeName":"id","KeyType":"HASH"}])");
  EXPECT_EQ(json::dump(*json::find(table, "AttributeDefinitions")),
            R"([{"AttributeName":"id","AttributeType":"S"}])");
  EXPECT_EQ(json::dump(*json::find(table, "ProvisionedThroughput")),
            R"({"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0})");
  EXPECT_EQ(json::find_string(json::find(table, "BillingModeSummary")->get_object(), "BillingMode"),
            "PAY_PER_REQUEST");
  EXPECT_TRUE(json::find(table, "CreationDateTime")->is_double());
  EXPECT_DOUBLE_EQ(json::find(table, "CreationDateTime")->get_double(),
                   static_cast<double>(epoch_ms(db.clock().wall())) / 1000);
  EXPECT_EQ(json::find_bool(table, "DeletionProtectionEnabled"), false);
}

TEST(TableOperations, CountsItemsAndRecountsLater) {
  Harness db;
  db.make_table("items");
  const auto count = [&] {
    return json::find_int(member(db.run("DescribeTable", R"({"TableName":"items"})"), "Table"),
                          "ItemCount");
  };
  EXPECT_EQ(count(), 0);
  db.put("items", R"({"id":{"S":"a"}})");
  EXPECT_EQ(count(), 0);
  db.clock().advance(std::chrono::seconds(31));
  EXPECT_EQ(count(), 1);
}

TEST(TableOperations, RefusesBadTables) {
  Harness db;
  const std::string key_schema = R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}])";
  const std::string on_demand = R"("BillingMode":"PAY_PER_REQUEST")";
  const std::string ok = std::string(kDefinitions) + "," + on_demand;
  const std::pair<std::string, std::string> cases[] = {
      {R"({"TableName":"ab",)" + ok + "}",
       "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
       "Member must have length greater than or equal to 3"},
      {R"({"TableName":"abc"})",
       "2 validation errors detected: Value null at 'attributeDefinitions' failed to satisfy "
       "constraint: Member must not be null; Value null at 'keySchema' failed to satisfy "
       "constraint: Member must not be null"},
      {R"({"TableName":"abc",)" + std::string(kDefinitions) + "}",
       "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must "
       "both be specified when BillingMode is PROVISIONED"},
      {R"({"TableName":"abc","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1},)" +
           ok + "}",
       "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
       "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
      {R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":"x","AttributeType":"S"}],)" +
           key_schema + "," + on_demand + "}",
       "One or more parameter values were invalid: Some index key attributes are not defined in "
       "AttributeDefinitions. Keys: [id], AttributeDefinitions: [x]"},
      {R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},)"
       R"({"AttributeName":"x","AttributeType":"S"}],)" +
           key_schema + "," + on_demand + "}",
       "One or more parameter values were invalid: Number of attributes in KeySchema does not "
       "exactly match number of attributes defined in AttributeDefinitions"},
      {R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"BOOL"}],)" +
           key_schema + "," + on_demand + "}",
       "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' "
       "failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"},
      {R"({"TableName":"abc","ResourcePolicy":"{}",)" + ok + "}",
       "Invalid policy document: Syntax errors in policy. (Statement is missing)"},
      {R"({"TableName":"abc","Nonsense":1,)" + ok + "}", "The operation has no parameter Nonsense"},
  };
  for (const auto& [body, message] : cases) {
    EXPECT_EQ(db.run("CreateTable", body), "ValidationException: " + message) << body;
  }
  EXPECT_EQ(db.run("ListTables", "{}"), R"({"TableNames":[]})");
}

TEST(TableOperations, ANameIsTakenOnce) {
  Harness db;
  db.make_table("items");
  EXPECT_EQ(db.run("CreateTable", R"({"TableName":"items","BillingMode":"PAY_PER_REQUEST",)" +
                                      std::string(kDefinitions) + "}"),
            "ResourceInUseException: Table already exists: items");
}

TEST(TableOperations, DeletingShowsNeitherKeysNorDate) {
  Harness db;
  db.make_table("items");
  const auto gone = member(db.run("DeleteTable", R"({"TableName":"items"})"), "TableDescription");
  EXPECT_EQ(json::find_string(gone, "TableStatus"), "DELETING");
  for (const char* absent : {"KeySchema", "AttributeDefinitions", "CreationDateTime"}) {
    EXPECT_EQ(json::find(gone, absent), nullptr);
  }
  const std::string missing =
      "ResourceNotFoundException: Requested resource not found: Table: items not found";
  EXPECT_EQ(db.run("DescribeTable", R"({"TableName":"items"})"), missing);
  EXPECT_EQ(db.run("DeleteTable", R"({"TableName":"items"})"), missing);
}

TEST(TableOperations, DeletionProtectionHolds) {
  Harness db;
  db.run(
      "CreateTable",
      R"({"TableName":"items","BillingMode":"PAY_PER_REQUEST","DeletionProtectionEnabled":true,)" +
          std::string(kDefinitions) + "}");
  EXPECT_TRUE(db.run("DeleteTable", R"({"TableName":"items"})").starts_with("ValidationException"));
  EXPECT_EQ(db.run("ListTables", "{}"), R"({"TableNames":["items"]})");
}

TEST(TableOperations, ATableMadeAgainIsEmpty) {
  Harness db;
  db.make_table("items");
  db.put("items", R"({"id":{"S":"a"}})");
  db.run("DeleteTable", R"({"TableName":"items"})");
  db.make_table("items");
  EXPECT_EQ(db.run("Scan", R"({"TableName":"items"})"),
            R"({"Items":[],"Count":0,"ScannedCount":0})");
}

TEST(TableOperations, SurvivesARestartAndSweepsDeadTables) {
  Harness db;
  db.make_table("items");
  db.put("items", R"({"id":{"S":"a"}})");
  // A write that came too late for its table's deletion.
  Item item;
  item.set("id", Value("late"));
  storage::Batch batch;
  const std::string orphan = partition_prefix(999, "late");
  batch.put(storage::Family::kItems, orphan, encode_item(item));
  ASSERT_TRUE(db.store().write(std::move(batch)));
  const auto before = db.run("DescribeTable", R"({"TableName":"items"})");

  db.reopen();
  EXPECT_FALSE(db.store().get(storage::Family::kItems, orphan).value());
  EXPECT_EQ(db.run("GetItem", R"({"TableName":"items","Key":{"id":{"S":"a"}}})"),
            R"({"Item":{"id":{"S":"a"}}})");
  EXPECT_EQ(json::find_string(member(before, "Table"), "TableId"),
            json::find_string(member(db.run("DescribeTable", R"({"TableName":"items"})"), "Table"),
                              "TableId"));
}

TEST(TableOperations, ADamagedRecordStopsTheStart) {
  Harness db;
  db.make_table("items");
  storage::Batch batch;
  batch.put(storage::Family::kMeta,
            "000000000000" + std::string("\0\1", 2) + "us-east-1" + std::string("\0\1", 2) +
                "dynamodb" + std::string("\0\1", 2) + "table" + std::string("\0\1", 2) + "items" +
                std::string("\0\1", 2),
            R"({"id":1})");
  ASSERT_TRUE(db.store().write(std::move(batch)));
  EXPECT_THROW(db.reopen(), ConfigError);
}

TEST(TableOperations, ListsInPages) {
  Harness db;
  for (const char* name : {"ccc", "aaa", "bbb"}) db.make_table(name);
  EXPECT_EQ(db.run("ListTables", R"({"Limit":2})"),
            R"({"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"})");
  EXPECT_EQ(db.run("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"bbb"})"),
            R"({"TableNames":["ccc"]})");
  EXPECT_EQ(db.run("ListTables", R"({"Limit":3})"), R"({"TableNames":["aaa","bbb","ccc"]})");
  EXPECT_TRUE(db.run("ListTables", R"({"Limit":0})").starts_with("ValidationException: 1 "));
  EXPECT_EQ(db.last_needs()[0].resource, "*");
}

TEST(TableOperations, KeepsTags) {
  Harness db;
  db.make_table("items");
  const std::string arn = R"("ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/items")";
  EXPECT_EQ(db.run("TagResource", "{" + arn +
                                      R"(,"Tags":[{"Key":"b","Value":"2"},)"
                                      R"({"Key":"a","Value":"1"}]})"),
            "{}");
  db.reopen();
  EXPECT_EQ(db.run("ListTagsOfResource", "{" + arn + "}"),
            R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})");
  EXPECT_EQ(db.run("UntagResource", "{" + arn + R"(,"TagKeys":["a"]})"), "{}");
  EXPECT_EQ(db.run("ListTagsOfResource", "{" + arn + "}"), R"({"Tags":[{"Key":"b","Value":"2"}]})");
  EXPECT_EQ(db.run("ListTagsOfResource",
                   R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/nothing"})"),
            "ResourceNotFoundException: Requested resource not found: ResourcArn: "
            "arn:aws:dynamodb:us-east-1:000000000000:table/nothing not found");
}

TEST(TableOperations, SaysThatTimeToLiveAndBackupsAreOff) {
  Harness db;
  db.make_table("items");
  EXPECT_EQ(db.run("DescribeTimeToLive", R"({"TableName":"items"})"),
            R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  EXPECT_EQ(db.run("DescribeContinuousBackups", R"({"TableName":"items"})"),
            R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",)"
            R"("PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}})");
  EXPECT_EQ(db.run("DescribeContinuousBackups", R"({"TableName":"nothing"})"),
            "TableNotFoundException: Table not found: nothing");
}

}  // namespace
}  // namespace stator::dynamodb
