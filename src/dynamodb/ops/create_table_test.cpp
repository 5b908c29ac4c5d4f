#include <gtest/gtest.h>

#include "dynamodb/test_support.hpp"
#include "dynamodb/test_tables.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;
using testing::index;
using testing::keys;
using testing::table;
using testing::units;
using testing::with;

std::string create(Harness& db, const json::Object& request) {
  return db.run("CreateTable", json::dump(request));
}

json::Object described(Harness& db) {
  const auto answer = json::parse_object(db.run("DescribeTable", R"({"TableName":"items"})"));
  EXPECT_TRUE(answer);
  return answer ? answer->at("Table").get_object() : json::Object();
}

json::Object with_global(const std::string& definitions, json::Array indexes) {
  return with(table(definitions, "pk"), "GlobalSecondaryIndexes", std::move(indexes));
}

json::Object with_local(const std::string& definitions, const std::string& key,
                        json::Array indexes) {
  return with(table(definitions, key), "LocalSecondaryIndexes", std::move(indexes));
}

json::Object provisioned(json::Object request) {
  request["BillingMode"] = "PROVISIONED";
  request["ProvisionedThroughput"] = units(5, 6);
  return request;
}

struct Refusal {
  json::Object request;
  std::string message;
};

void expect_refused(const std::vector<Refusal>& cases) {
  for (const auto& [request, message] : cases) {
    Harness db;
    EXPECT_EQ(create(db, request), "ValidationException: " + message) << json::dump(request);
    EXPECT_EQ(db.run("ListTables", "{}"), R"({"TableNames":[]})");
  }
}

std::string invalid(const std::string& what) {
  return "One or more parameter values were invalid: " + what;
}

TEST(CreateTable, RefusesWhatKeysAndDefinitionsMayNotBe) {
  const json::Array backwards = {{{"AttributeName", "sk"}, {"KeyType", "RANGE"}},
                                 {{"AttributeName", "pk"}, {"KeyType", "HASH"}}};
  expect_refused({
      {table("pk pk:N", "pk"), "Attribute Name is duplicated: pk"},
      {table("pk", "pk | pk"), "Invalid KeySchema: Some index key attribute have no definition"},
      {table("pk sk", "pk | pk"),
       "Both the Hash Key and the Range Key element in the KeySchema have the same name"},
      {with(table("pk sk", "pk"), "KeySchema", backwards),
       "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {table("pk sk", "pk sk"),
       "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"},
      {table("PK", "pk"),
       invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], "
               "AttributeDefinitions: [PK]")},
      {table("pk sk x", "pk | sk x"),
       "1 validation error detected: Value '[KeySchemaElement(attributeName=pk, keyType=HASH), "
       "KeySchemaElement(attributeName=sk, keyType=RANGE), KeySchemaElement(attributeName=x, "
       "keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length "
       "less than or equal to 2"},
  });
}

TEST(CreateTable, RefusesWhatLocalIndexesMayNotBe) {
  json::Array six;
  for (int i = 0; i < 6; ++i) six.push_back(index("local" + std::to_string(i), "pk | x"));
  expect_refused({
      {with_local("pk sk", "pk | sk", {}), invalid("List of LocalSecondaryIndexes is empty")},
      {with_local("pk x", "pk", {index("by-x", "pk | x")}),
       invalid("Table KeySchema does not have a range key, which is required when specifying a "
               "LocalSecondaryIndex")},
      {with_local("pk sk", "pk | sk", {index("by-x", "pk")}),
       invalid("Index KeySchema does not have a range key for index: by-x")},
      {with_local("pk sk x y", "pk | sk", {index("by-x", "x | y")}),
       invalid("Index KeySchema does not have the same leading hash key as table KeySchema for "
               "index: by-x. index hash key: x, table hash key: pk")},
      {with_local("pk sk x", "pk | sk", six),
       invalid("Number of LocalSecondaryIndexes exceeds per-table limit of 5")},
      {with_local("pk sk x", "pk | sk", {index("by-x", "pk | x"), index("by-x", "pk | x")}),
       invalid("Duplicate index name: by-x")},
      {with(with_local("pk sk x", "pk | sk", {index("by-x", "pk | x")}), "GlobalSecondaryIndexes",
            json::Array{index("by-x", "x")}),
       invalid("Duplicate index name: by-x")},
      {with_local("pk sk x y", "pk | sk", {index("by-x", "pk | x y")}),
       "1 validation error detected: Value '[KeySchemaElement(attributeName=pk, keyType=HASH), "
       "KeySchemaElement(attributeName=x, keyType=RANGE), KeySchemaElement(attributeName=y, "
       "keyType=RANGE)]' at 'localSecondaryIndexes.1.member.keySchema' failed to satisfy "
       "constraint: Member must have length less than or equal to 2"},
  });
}

TEST(CreateTable, RefusesWhatGlobalIndexesMayNotBe) {
  json::Array many;
  for (int i = 0; i < 21; ++i) many.push_back(index("global" + std::to_string(i), "x"));
  json::Array broad;
  for (int i = 0; i < 6; ++i) {
    std::string names;
    for (int j = 0; j < 20; ++j) names += "a" + std::to_string(20 * i + j) + " ";
    broad.push_back(index("global" + std::to_string(i), "x", names));
  }
  const json::Array hash_after_range = {{{"AttributeName", "x"}, {"KeyType", "HASH"}},
                                        {{"AttributeName", "y"}, {"KeyType", "RANGE"}},
                                        {{"AttributeName", "z"}, {"KeyType", "HASH"}}};
  const auto with_keys = [](const json::Array& key) {
    return with(index("by-x", "x"), "KeySchema", key);
  };
  expect_refused({
      {with_global("pk", {}), invalid("List of GlobalSecondaryIndexes is empty")},
      {with_global("pk", {index("by-x", "x")}),
       invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [x], "
               "AttributeDefinitions: [pk]")},
      // Unused definitions come before all other faults of indexes.
      {with_global("pk x y", {index("by-x", "x"), index("by-x", "x")}),
       invalid("Some AttributeDefinitions are not used. AttributeDefinitions: [pk, x, y], keys "
               "used: [pk, x]")},
      {with_global("pk x", {index("by-x", "x"), index("by-x", "x")}),
       invalid("Duplicate index name: by-x")},
      {with_global("pk x", many),
       invalid("GlobalSecondaryIndex count exceeds the per-table limit of 20")},
      {with_global("pk x", broad),
       invalid("Number of NonKeyAttributes in all indexes exceeds per-table limit of 100")},
      {with_global("pk x y z", {with_keys(hash_after_range)}),
       invalid("All HASH key attributes must precede RANGE key attributes in the KeySchema")},
      {with_global("pk a b c d e", {index("by-x", "a b c d e")}),
       invalid("The KeySchema exceeds the maximum allowed number of HASH key attributes")},
      {with_global("pk a b c d e", {index("by-x", "pk | a b c d e")}),
       invalid("The KeySchema exceeds the maximum allowed number of RANGE key attributes")},
      {with_global("pk x y", {index("by-x", "x y | x")}),
       "The KeySchema contains multiple key attributes with the same name"},
      {with_global("pk x", {with_keys(keys("| x"))}),
       "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {with_global("pk x", {index("no", "x")}),
       "1 validation error detected: Value 'no' at 'globalSecondaryIndexes.1.member.indexName' "
       "failed to satisfy constraint: Member must have length greater than or equal to 3"},
  });
}

TEST(CreateTable, RefusesWhatProjectionsMayNotBe) {
  const auto projecting = [](json::Object projection) {
    return with_global("pk x", {with(index("by-x", "x"), "Projection", std::move(projection))});
  };
  const json::Array names = {"a"};
  const json::Array twice = {"a", "b", "a"};
  json::Array many;
  std::string listed;
  for (int i = 0; i < 21; ++i) {
    many.push_back(json::Value("n" + std::to_string(i)));
    listed += (i == 0 ? "n" : ", n") + std::to_string(i);
  }
  const std::string path = "'globalSecondaryIndexes.1.member.projection";
  expect_refused({
      {projecting({}), invalid("Unknown ProjectionType: null")},
      {projecting({{"ProjectionType", "INCLUDE"}}),
       invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")},
      {projecting({{"ProjectionType", "ALL"}, {"NonKeyAttributes", names}}),
       invalid("ProjectionType is ALL, but NonKeyAttributes is specified")},
      {projecting({{"ProjectionType", "KEYS_ONLY"}, {"NonKeyAttributes", names}}),
       invalid("ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified")},
      {projecting({{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", twice}}),
       invalid("Duplicate element in NonKeyAttributes: a")},
      {projecting({{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", many}}),
       "1 validation error detected: Value '[" + listed + "]' at " + path +
           ".nonKeyAttributes' failed to satisfy constraint: Member must have length less than or "
           "equal to 20"},
      {projecting({{"ProjectionType", "all"}}),
       "1 validation error detected: Value 'all' at " + path +
           ".projectionType' failed to satisfy constraint: Member must satisfy enum value set: "
           "[ALL, INCLUDE, KEYS_ONLY]"},
  });
}

TEST(CreateTable, RefusesThroughputThatDoesNotFitTheBillingMode) {
  const auto index_with = [](const char* member, json::Object value) {
    return json::Array{with(index("by-x", "x"), member, std::move(value))};
  };
  const json::Object reads = {{"MaxReadRequestUnits", 10}};
  const json::Object zero = {{"MaxWriteRequestUnits", 0}};
  const json::Object cold = {{"ReadUnitsPerSecond", 1}};
  const json::Object base = table("pk", "pk");
  expect_refused({
      {with(base, "ProvisionedThroughput", units(1, 1)),
       invalid("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode "
               "is PAY_PER_REQUEST")},
      {with(base, "BillingMode", "PROVISIONED"),
       invalid("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode "
               "is PROVISIONED")},
      {with(provisioned(base), "ProvisionedThroughput", units(0, -1)),
       "2 validation errors detected: Value '-1' at 'provisionedThroughput.writeCapacityUnits' "
       "failed to satisfy constraint: Member must have value greater than or equal to 1; Value '0' "
       "at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must "
       "have value greater than or equal to 1"},
      {with(provisioned(base), "ProvisionedThroughput", units(1'000'000'000'001, 1)),
       "Given value 1000000000001 for ReadCapacityUnits is out of bounds"},
      {with_global("pk x", index_with("ProvisionedThroughput", units(1, 1))),
       invalid("ProvisionedThroughput should not be specified for index: by-x when BillingMode is "
               "PAY_PER_REQUEST")},
      {provisioned(with_global("pk x", {index("by-x", "x")})),
       invalid("ProvisionedThroughput is not specified for index: by-x")},
      {with(provisioned(base), "OnDemandThroughput", reads),
       invalid("MaxReadRequestUnits for OnDemandThroughput cannot be specified when table "
               "BillingMode is PROVISIONED.")},
      {with(base, "OnDemandThroughput", zero),
       invalid("Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of "
               "valid range")},
      {with_global("pk x", index_with("OnDemandThroughput", zero)),
       invalid("Requested MaxWriteRequestUnits for OnDemandThroughput for index : by-x is outside "
               "of valid range")},
      {with(base, "WarmThroughput", cold),
       invalid("Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial "
               "throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/"
               "developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial")},
      {with(provisioned(base), "WarmThroughput", cold),
       invalid("Requested ReadUnitsPerSecond for WarmThroughput for table is lower than "
               "ReadCapacityUnits of ProvisionedThroughput")},
  });
}

TEST(CreateTable, RefusesStreamsAndKeysThatMakeNoSense) {
  const json::Object base = table("pk", "pk");
  const json::Object on = {{"StreamEnabled", true}};
  const json::Object off = {{"StreamEnabled", false}, {"StreamViewType", "NEW_IMAGE"}};
  const json::Object own = {
      {"Enabled", true}, {"SSEType", "KMS"}, {"KMSMasterKeyId", "alias/mine"}};
  expect_refused({
      {with(base, "StreamSpecification", on),
       invalid("Table is being created with a stream enabled, UpdateViewType is required")},
      {with(base, "StreamSpecification", off),
       invalid("Table is being created with a stream disabled, UpdateViewType should not be "
               "specified")},
      {with(base, "StreamSpecification", json::Object()),
       "1 validation error detected: Value null at 'streamSpecification.streamEnabled' failed to "
       "satisfy constraint: Member must not be null"},
      {with(base, "SSESpecification", json::Object{{"Enabled", false}, {"SSEType", "KMS"}}),
       invalid("SSEType can not be specified if Enabled is false")},
      {with(base, "SSESpecification", json::Object{{"Enabled", true}, {"SSEType", "AES256"}}),
       invalid("SSEType AES256 is not supported")},
      {with(base, "SSESpecification", own),
       "SSESpecification with a KMSMasterKeyId of one's own is not supported by stator"},
  });
}

TEST(CreateTable, DescribesIndexesAsClientsReadThem) {
  Harness db;
  json::Object request =
      with_global("pk sk x:N", {index("by-x", "x | sk", "b a"), index("keys", "sk", "KEYS_ONLY")});
  request["KeySchema"] = keys("pk | sk");
  request["LocalSecondaryIndexes"] = json::Array{index("local", "pk | x")};
  const auto made = json::parse_object(create(db, request));
  ASSERT_TRUE(made);
  const auto& first = made->at("TableDescription").at("GlobalSecondaryIndexes").get_array();
  EXPECT_EQ(first[0].at("IndexStatus"), "CREATING");
  EXPECT_EQ(first[0].get_object().if_contains("Backfilling"), nullptr);

  db.reopen();
  const json::Object shown = described(db);
  EXPECT_EQ(shown.at("TableStatus"), "ACTIVE");
  EXPECT_EQ(json::dump(shown.at("AttributeDefinitions")),
            R"([{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":)"
            R"("S"},{"AttributeName":"x","AttributeType":"N"}])");
  EXPECT_EQ(json::dump(shown.at("GlobalSecondaryIndexes").get_array()[0]),
            R"({"IndexName":"by-x","KeySchema":[{"AttributeName":"x","KeyType":"HASH"},)"
            R"({"AttributeName":"sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE",)"
            R"("NonKeyAttributes":["a","b"]},"IndexSizeBytes":0,"ItemCount":0,"IndexArn":)"
            R"("arn:aws:dynamodb:us-east-1:000000000000:table/items/index/by-x","IndexStatus":)"
            R"("ACTIVE","ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,)"
            R"("WriteCapacityUnits":0},"WarmThroughput":{"ReadUnitsPerSecond":12000,)"
            R"("WriteUnitsPerSecond":4000,"Status":"ACTIVE"}})");
  EXPECT_EQ(json::dump(shown.at("LocalSecondaryIndexes")),
            R"([{"IndexName":"local","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},)"
            R"({"AttributeName":"x","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"},)"
            R"("IndexSizeBytes":0,"ItemCount":0,"IndexArn":)"
            R"("arn:aws:dynamodb:us-east-1:000000000000:table/items/index/local"}])");
}

TEST(CreateTable, CountsTheEntriesOfIndexes) {
  Harness db;
  create(db, with_global("pk x", {index("by-x", "x", "KEYS_ONLY")}));
  db.put("items", R"({"pk":{"S":"a"},"x":{"S":"xx"},"other":{"S":"12345"}})");
  db.put("items", R"({"pk":{"S":"b"}})");
  const json::Object shown = described(db);
  EXPECT_EQ(shown.at("ItemCount"), 2);
  EXPECT_EQ(shown.at("TableSizeBytes"), 3 + 3 + 10 + 3);
  const auto& entry = shown.at("GlobalSecondaryIndexes").get_array()[0];
  EXPECT_EQ(entry.at("ItemCount"), 1);
  EXPECT_EQ(entry.at("IndexSizeBytes"), 3 + 3);
}

TEST(CreateTable, DescribesThroughputStreamsAndEncryption) {
  Harness db;
  json::Object request = provisioned(
      with_global("pk x", {with(index("by-x", "x"), "ProvisionedThroughput", units(7, 8))}));
  request["StreamSpecification"] =
      json::Object{{"StreamEnabled", true}, {"StreamViewType", "OLD_IMAGE"}};
  request["SSESpecification"] = json::Object{{"Enabled", true}};
  request["TableClass"] = "STANDARD_INFREQUENT_ACCESS";
  create(db, request);
  db.reopen();
  const json::Object shown = described(db);
  EXPECT_EQ(shown.if_contains("BillingModeSummary"), nullptr);
  EXPECT_EQ(json::dump(shown.at("WarmThroughput")),
            R"({"ReadUnitsPerSecond":5,"WriteUnitsPerSecond":6,"Status":"ACTIVE"})");
  const auto& entry = shown.at("GlobalSecondaryIndexes").get_array()[0];
  EXPECT_EQ(json::dump(entry.at("ProvisionedThroughput")),
            R"({"NumberOfDecreasesToday":0,"ReadCapacityUnits":7,"WriteCapacityUnits":8})");
  EXPECT_EQ(json::dump(shown.at("StreamSpecification")),
            R"({"StreamEnabled":true,"StreamViewType":"OLD_IMAGE"})");
  EXPECT_EQ(shown.at("LatestStreamLabel"), "2026-01-02T03:04:05.678");
  EXPECT_EQ(shown.at("LatestStreamArn"),
            "arn:aws:dynamodb:us-east-1:000000000000:table/items/stream/2026-01-02T03:04:05.678");
  EXPECT_EQ(json::dump(shown.at("SSEDescription")),
            R"({"Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":)"
            R"("arn:aws:kms:us-east-1:000000000000:alias/aws/dynamodb"})");
  EXPECT_EQ(shown.at("TableClassSummary").at("TableClass"), "STANDARD_INFREQUENT_ACCESS");
}

TEST(CreateTable, KeepsLimitsOfOnDemandTables) {
  Harness db;
  json::Object request = table("pk", "pk");
  request["OnDemandThroughput"] = json::Object{{"MaxReadRequestUnits", 10}};
  request["WarmThroughput"] = json::Object{{"ReadUnitsPerSecond", 12001}};
  create(db, request);
  db.reopen();
  const json::Object shown = described(db);
  EXPECT_EQ(json::dump(shown.at("OnDemandThroughput")), R"({"MaxReadRequestUnits":10})");
  EXPECT_EQ(json::dump(shown.at("WarmThroughput")),
            R"({"ReadUnitsPerSecond":12001,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"})");
}

}  // namespace
}  // namespace stator::dynamodb
