#include <gtest/gtest.h>

#include "dynamodb/test_support.hpp"
#include "dynamodb/test_tables.hpp"

namespace stator::dynamodb {
namespace {

using testing::definitions;
using testing::Harness;
using testing::index;
using testing::table;
using testing::units;
using testing::with;

class UpdateTable : public ::testing::Test {
 protected:
  void make(json::Object request) {
    const std::string answer = db_.run("CreateTable", json::dump(request));
    ASSERT_NE(answer.find("CREATING"), std::string::npos) << answer;
  }
  void make_provisioned() {
    json::Object request = table("pk x", "pk");
    request["BillingMode"] = "PROVISIONED";
    request["ProvisionedThroughput"] = units(5, 5);
    request["GlobalSecondaryIndexes"] =
        json::Array{with(index("by-x", "x"), "ProvisionedThroughput", units(2, 2))};
    make(std::move(request));
  }
  /// The answer's text, or the table's description as UpdateTable gives it.
  std::string update(json::Object members) {
    members["TableName"] = "items";
    const std::string answer = db_.run("UpdateTable", json::dump(members));
    const auto object = json::parse_object(answer);
    if (object) described_ = object->at("TableDescription").get_object();
    return object ? "" : answer;
  }
  json::Object described() {
    const auto answer = json::parse_object(db_.run("DescribeTable", R"({"TableName":"items"})"));
    return answer ? answer->at("Table").get_object() : json::Object();
  }
  static json::Object create(const json::Object& what, const std::string& attributes = "y") {
    return {{"AttributeDefinitions", definitions(attributes)},
            {"GlobalSecondaryIndexUpdates", json::Array{json::Object{{"Create", what}}}}};
  }
  static json::Object remove(const std::string& name) {
    return {{"GlobalSecondaryIndexUpdates",
             json::Array{json::Object{{"Delete", json::Object{{"IndexName", name}}}}}}};
  }
  static json::Object update_units(const std::string& name, const json::Object& value) {
    const json::Object action = {{"IndexName", name}, {"ProvisionedThroughput", value}};
    return {{"GlobalSecondaryIndexUpdates", json::Array{json::Object{{"Update", action}}}}};
  }
  /// Counts what an index has.
  std::string count(const std::string& name) {
    return db_.run("Scan",
                   R"({"TableName":"items","Select":"COUNT","IndexName":")" + name + R"("})");
  }
  void work() { db_.tables().background().run_all(); }

  Harness db_;
  json::Object described_;
};

std::string invalid(const std::string& what) {
  return "ValidationException: One or more parameter values were invalid: " + what;
}

constexpr const char* kNothing =
    "ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
    "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
    "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, "
    "WarmThroughput or TableClass is required";

TEST_F(UpdateTable, FewChangesShareARequest) {
  make_provisioned();
  const json::Object create_y = create(index("by-y", "y"));
  const json::Object stream = {{"StreamEnabled", true}, {"StreamViewType", "NEW_IMAGE"}};
  const std::string only = " must be the only operation in the request";
  const std::pair<json::Object, std::string> cases[] = {
      {{}, kNothing},
      {{{"AttributeDefinitions", definitions("pk")}}, kNothing},
      {{{"GlobalSecondaryIndexUpdates", json::Array()}}, kNothing},
      {{{"GlobalSecondaryIndexUpdates", json::Array()}, {"DeletionProtectionEnabled", true}},
       invalid("List of GlobalSecondaryIndexUpdates is empty")},
      {{{"DeletionProtectionEnabled", true}, {"TableClass", "STANDARD"}},
       invalid("TableClass modification" + only)},
      {with(create_y, "DeletionProtectionEnabled", true),
       invalid("DeletionProtection modification" + only)},
      {with(create_y, "SSESpecification", json::Object{{"Enabled", true}}),
       invalid("Server-Side Encryption modification" + only)},
      {with(create_y, "ProvisionedThroughput", units(1, 1)),
       invalid("You cannot create or delete index while updating table IOPS")},
      {with(create_y, "StreamSpecification", stream),
       invalid("You cannot create or delete index while changing stream status")},
      {with({{"ProvisionedThroughput", units(1, 1)}}, "StreamSpecification", stream),
       invalid("You cannot modify stream status while updating table IOPS")},
      {{{"BillingMode", "PROVISIONED"}},
       invalid("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")},
      {{{"GlobalSecondaryIndexUpdates", json::Array{json::Object()}}},
       invalid("One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
               "GlobalSecondaryIndexUpdate.Delete must not be null")},
      {{{"ReplicaUpdates", json::Array()}},
       "ValidationException: ReplicaUpdates is not supported by stator"},
  };
  for (const auto& [request, message] : cases) {
    EXPECT_EQ(update(request), message) << json::dump(request);
  }
  EXPECT_EQ(db_.run("UpdateTable", R"({"TableName":"nothing","TableClass":"STANDARD"})"),
            "ResourceNotFoundException: Requested resource not found: Table: nothing not found");
}

TEST_F(UpdateTable, ProvisionedUnitsChange) {
  make_provisioned();
  EXPECT_EQ(update({{"ProvisionedThroughput", units(5, 5)}}),
            "ValidationException: The provisioned throughput for the table will not change. The "
            "requested value equals the current value. Current ReadCapacityUnits provisioned for "
            "the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned "
            "for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB "
            "Developer Guide for current limits and how to request higher limits.");
  EXPECT_EQ(update({{"ProvisionedThroughput", units(9, 5)}}), "");
  EXPECT_EQ(described_.at("TableStatus"), "UPDATING");
  json::Object shown = described();
  EXPECT_EQ(shown.at("TableStatus"), "ACTIVE");
  EXPECT_EQ(shown.at("ProvisionedThroughput").at("ReadCapacityUnits"), 9);
  EXPECT_TRUE(shown.at("ProvisionedThroughput").get_object().contains("LastIncreaseDateTime"));
  EXPECT_EQ(update(update_units("by-x", units(1, 3))), "");
  EXPECT_EQ(update(update_units("nothing", units(1, 3))),
            "ResourceNotFoundException: Requested resource not found: Index nothing for table "
            "items");
  db_.reopen();
  shown = described();
  EXPECT_EQ(json::dump(shown.at("GlobalSecondaryIndexes").get_array()[0].at("WarmThroughput")),
            R"({"ReadUnitsPerSecond":2,"WriteUnitsPerSecond":3,"Status":"ACTIVE"})");
}

TEST_F(UpdateTable, DecreasesAreLimitedADay) {
  make_provisioned();
  const auto lower = [&](int value) {
    return update({{"ProvisionedThroughput", units(value, 5)}});
  };
  EXPECT_EQ(lower(100), "");
  for (int value = 99; value > 95; --value) EXPECT_EQ(lower(value), "");
  EXPECT_EQ(lower(95),
            "LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases "
            "are limited within a given UTC day. After the first 4 decreases, each subsequent "
            "decrease in the same UTC day can be performed at most once every 3600 seconds. Number "
            "of decreases today: 4. Last decrease at Friday, January 2, 2026 at 3:04:05 AM "
            "Coordinated Universal Time. Next decrease can be made at Friday, January 2, 2026 at "
            "4:04:05 AM Coordinated Universal Time");
  EXPECT_EQ(described().at("ProvisionedThroughput").at("NumberOfDecreasesToday"), 4);
  db_.clock().advance(std::chrono::hours(1));
  EXPECT_EQ(lower(95), "");
  EXPECT_TRUE(lower(94).starts_with("LimitExceededException"));
  db_.clock().advance(std::chrono::hours(24));
  EXPECT_EQ(described().at("ProvisionedThroughput").at("NumberOfDecreasesToday"), 0);
  EXPECT_EQ(lower(94), "");
}

TEST_F(UpdateTable, BillingModesChange) {
  make_provisioned();
  EXPECT_EQ(update({{"BillingMode", "PAY_PER_REQUEST"}, {"ProvisionedThroughput", units(1, 1)}}),
            invalid("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                    "BillingMode is PAY_PER_REQUEST"));
  EXPECT_EQ(update({{"BillingMode", "PAY_PER_REQUEST"}}), "");
  EXPECT_EQ(update({{"BillingMode", "PAY_PER_REQUEST"}}), "");
  json::Object shown = described();
  EXPECT_EQ(shown.at("BillingModeSummary").at("BillingMode"), "PAY_PER_REQUEST");
  const auto zero = R"({"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0})";
  EXPECT_EQ(json::dump(shown.at("ProvisionedThroughput")), zero);
  const auto by_x = [&] { return shown.at("GlobalSecondaryIndexes").get_array()[0]; };
  EXPECT_EQ(json::dump(by_x().at("ProvisionedThroughput")), zero);
  EXPECT_EQ(update(update_units("by-x", units(1, 1))),
            invalid("The only Updates for index: by-x when TableThroughputMode is PAY_PER_REQUEST "
                    "can be to OnDemandThroughput, WarmThroughput"));
  EXPECT_EQ(update({{"OnDemandThroughput", json::Object{{"MaxReadRequestUnits", 7}}}}), "");
  EXPECT_EQ(update({{"OnDemandThroughput", json::Object{{"MaxWriteRequestUnits", 8}}}}), "");
  EXPECT_EQ(json::dump(described().at("OnDemandThroughput")),
            R"({"MaxReadRequestUnits":7,"MaxWriteRequestUnits":8})");
  EXPECT_EQ(update({{"OnDemandThroughput", json::Object{{"MaxReadRequestUnits", -1}}}}), "");
  EXPECT_EQ(json::dump(described().at("OnDemandThroughput")), R"({"MaxWriteRequestUnits":8})");

  const json::Object to_provisioned = {{"BillingMode", "PROVISIONED"},
                                       {"ProvisionedThroughput", units(4, 4)}};
  EXPECT_EQ(update(to_provisioned),
            invalid("ProvisionedThroughput must be specified for index: by-x"));
  json::Object complete = update_units("by-x", units(2, 2));
  for (const auto& member : to_provisioned) complete[member.key()] = member.value();
  EXPECT_EQ(update(complete), "");
  shown = described();
  EXPECT_EQ(shown.at("BillingModeSummary").at("BillingMode"), "PROVISIONED");
  EXPECT_EQ(shown.if_contains("OnDemandThroughput"), nullptr);
  EXPECT_EQ(by_x().at("ProvisionedThroughput").at("ReadCapacityUnits"), 2);
  EXPECT_EQ(json::dump(shown.at("WarmThroughput")),
            R"({"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"})");
}

TEST_F(UpdateTable, AnIndexIsFilledWhileTheTableIsUsed) {
  make(table("pk", "pk"));
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    // Some items lack the key, one has it with another type, one has it empty.
    const std::string y = i % 4 == 0 ? ""
                          : i == 1   ? R"(,"y":{"N":"1"})"
                          : i == 2   ? R"(,"y":{"S":""})"
                                     : R"(,"y":{"S":"v)" + std::to_string(i % 3) + R"("})";
    db_.put("items", R"({"pk":{"S":")" + n + R"("})" + y + "}");
  }
  EXPECT_EQ(update(create(index("by-y", "y", "KEYS_ONLY"))), "");
  EXPECT_EQ(described_.at("TableStatus"), "UPDATING");
  const auto& made = described_.at("GlobalSecondaryIndexes").get_array()[0];
  EXPECT_EQ(made.at("IndexStatus"), "CREATING");
  EXPECT_EQ(made.at("Backfilling"), false);
  const json::Object shown = described();
  EXPECT_EQ(shown.at("TableStatus"), "ACTIVE");
  EXPECT_EQ(shown.at("GlobalSecondaryIndexes").get_array()[0].at("Backfilling"), true);
  EXPECT_EQ(shown.at("AttributeDefinitions").get_array().size(), 2u);
  EXPECT_EQ(count("by-y"),
            "ValidationException: Cannot read from backfilling global secondary index: by-y");
  EXPECT_EQ(db_.run("DeleteTable", R"({"TableName":"items"})"),
            "ResourceInUseException: Attempt to change a resource which is still in use: Cannot "
            "delete table while indexes are being created, updated, or deleted.");

  // Before the older items are looked at, one of them moves, one goes and a new one comes.
  db_.put("items", R"({"pk":{"S":"3"},"y":{"S":"moved"}})");
  db_.run("DeleteItem", R"({"TableName":"items","Key":{"pk":{"S":"5"}}})");
  db_.put("items", R"({"pk":{"S":"new"},"y":{"S":"new"}})");
  work();
  EXPECT_EQ(described().at("GlobalSecondaryIndexes").get_array()[0].at("IndexStatus"), "ACTIVE");
  EXPECT_EQ(described()
                .at("GlobalSecondaryIndexes")
                .get_array()[0]
                .get_object()
                .if_contains("Backfilling"),
            nullptr);
  // 150 items have the attribute; two of them not as a key may be, one is gone, one is new.
  EXPECT_EQ(count("by-y"), R"({"Count":148,"ScannedCount":148})");
}

TEST_F(UpdateTable, ARestartFinishesWhatWasBegun) {
  make(table("pk", "pk"));
  db_.put("items", R"({"pk":{"S":"a"},"y":{"S":"v"}})");
  EXPECT_EQ(update(create(index("by-y", "y"))), "");
  db_.reopen();
  EXPECT_TRUE(count("by-y").starts_with("ValidationException: Cannot read from backfilling"));
  work();
  EXPECT_EQ(count("by-y"), R"({"Count":1,"ScannedCount":1})");

  EXPECT_EQ(update(remove("by-y")), "");
  db_.reopen();
  EXPECT_EQ(described().at("TableStatus"), "UPDATING");
  EXPECT_EQ(count("by-y"),
            "ValidationException: The table does not have the specified index: "
            "by-y");
  work();
  const json::Object shown = described();
  EXPECT_EQ(shown.at("TableStatus"), "ACTIVE");
  EXPECT_EQ(shown.if_contains("GlobalSecondaryIndexes"), nullptr);
  EXPECT_EQ(shown.at("AttributeDefinitions").get_array().size(), 1u);
  const auto left = db_.store().iterate(storage::Family::kIndex, {});
  left->seek_first();
  EXPECT_FALSE(left->valid());
}

TEST_F(UpdateTable, AnIndexMadeAgainHasNothingOfTheOldOne) {
  make(table("pk", "pk"));
  db_.put("items", R"({"pk":{"S":"a"},"y":{"S":"v"},"z":{"S":"v"}})");
  EXPECT_EQ(update(create(index("again", "y"))), "");
  // It is deleted before it was filled, and the name is taken by another one.
  EXPECT_EQ(update(remove("again")), "");
  work();
  EXPECT_EQ(update(create(index("again", "z"), "z")), "");
  db_.put("items", R"({"pk":{"S":"a"},"y":{"S":"v"}})");
  work();
  EXPECT_EQ(count("again"), R"({"Count":0,"ScannedCount":0})");
}

TEST_F(UpdateTable, OneIndexAtATime) {
  make(with(table("pk x", "pk"), "GlobalSecondaryIndexes", json::Array{index("by-x", "x")}));
  const std::string busy =
      "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or "
      "deleted simultaneously per table";
  json::Object two = create(index("by-y", "y"));
  two.at("GlobalSecondaryIndexUpdates")
      .get_array()
      .push_back(json::Object{{"Create", index("by-z", "y")}});
  EXPECT_EQ(update(two), busy);
  EXPECT_EQ(update(create(index("by-y", "y"))), "");
  EXPECT_EQ(update(create(index("by-z", "z"), "z")), busy);
  EXPECT_EQ(update(remove("by-x")), busy);
  work();
  EXPECT_EQ(update(remove("by-x")), "");
}

TEST_F(UpdateTable, RefusesIndexesThatDoNotFit) {
  json::Object request = table("pk sk x", "pk | sk");
  request["LocalSecondaryIndexes"] = json::Array{index("local", "pk | x")};
  make(request);
  const json::Object units_given = with(index("by-y", "y"), "ProvisionedThroughput", units(1, 1));
  const std::pair<json::Object, std::string> cases[] = {
      {create(index("local", "y")),
       "ValidationException: Attempting to create an index which already exists"},
      {with(create(index("by-y", "y")), "AttributeDefinitions", json::Array()),
       invalid("AttributeDefinitions is not specified for index: by-y")},
      {create(index("by-y", "y"), "z"),
       invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [y], "
               "AttributeDefinitions: [z, pk, sk, x]")},
      {create(index("by-x", "x"), "x:N"),
       invalid("The type of attribute x differs from its definition in the table")},
      {create(units_given),
       invalid("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: by-y "
               "when BillingMode is PAY_PER_REQUEST")},
      {remove("nothing"),
       "ResourceNotFoundException: Requested resource not found: Index nothing for table items"},
      {remove("local"),
       "ValidationException: Cannot delete an index that is not a GlobalSecondaryIndex: local"},
  };
  for (const auto& [update_request, message] : cases) {
    EXPECT_EQ(update(update_request), message) << json::dump(update_request);
  }
}

TEST_F(UpdateTable, StreamsGoOnAndOff) {
  make(table("pk", "pk"));
  const auto stream = [&](bool is_on, const char* view = nullptr) {
    json::Object specification = {{"StreamEnabled", is_on}};
    if (view) specification["StreamViewType"] = view;
    return update({{"StreamSpecification", specification}});
  };
  EXPECT_EQ(stream(false), "ValidationException: Table has no stream to disable: TableName: items");
  EXPECT_EQ(stream(true), invalid("If stream is being enabled then UpdateViewType is required"));
  EXPECT_EQ(stream(true, "KEYS_ONLY"), "");
  const json::Value first = described().at("LatestStreamArn");
  EXPECT_EQ(stream(true, "NEW_IMAGE"),
            "ValidationException: Table already has an enabled stream: TableName: items");
  EXPECT_EQ(stream(false, "NEW_IMAGE"),
            invalid("If stream is being disabled, then UpdateViewType must not be specified"));
  EXPECT_EQ(stream(false), "");
  EXPECT_EQ(described().if_contains("StreamSpecification"), nullptr);
  EXPECT_EQ(described().at("LatestStreamArn"), first);
  EXPECT_EQ(stream(true, "NEW_IMAGE"), "");
  EXPECT_NE(described().at("LatestStreamArn"), first);
}

TEST_F(UpdateTable, SettingsChange) {
  make(table("pk", "pk"));
  EXPECT_EQ(update({{"DeletionProtectionEnabled", true}}), "");
  EXPECT_EQ(described_.at("TableStatus"), "ACTIVE");
  EXPECT_EQ(described().at("DeletionProtectionEnabled"), true);
  EXPECT_EQ(update({{"TableClass", "STANDARD"}}), "");
  EXPECT_EQ(described().if_contains("TableClassSummary"), nullptr);
  EXPECT_EQ(update({{"TableClass", "STANDARD_INFREQUENT_ACCESS"}}), "");
  EXPECT_EQ(described().at("TableClassSummary").at("TableClass"), "STANDARD_INFREQUENT_ACCESS");
  EXPECT_EQ(update({{"SSESpecification", json::Object{{"Enabled", false}}}}),
            invalid("Table is already encrypted by default"));
  EXPECT_EQ(update({{"SSESpecification", json::Object{{"Enabled", true}}}}), "");
  EXPECT_EQ(described().at("SSEDescription").at("Status"), "ENABLED");
  EXPECT_EQ(update({{"WarmThroughput", json::Object{{"ReadUnitsPerSecond", 13'000}}}}), "");
  EXPECT_EQ(update({{"WarmThroughput", json::Object{{"ReadUnitsPerSecond", 12'999}}}}),
            invalid("Requested ReadUnitsPerSecond for WarmThroughput for table is lower than "
                    "current WarmThroughput, decreasing WarmThroughput is not supported"));
  EXPECT_EQ(described().at("WarmThroughput").at("ReadUnitsPerSecond"), 13'000);
}

TEST(Limits, AreTheQuotasOfANewAccount) {
  Harness db;
  EXPECT_EQ(db.run("DescribeLimits", "{}"),
            R"({"AccountMaxReadCapacityUnits":80000,"AccountMaxWriteCapacityUnits":80000,)"
            R"("TableMaxReadCapacityUnits":40000,"TableMaxWriteCapacityUnits":40000})");
}

}  // namespace
}  // namespace stator::dynamodb
