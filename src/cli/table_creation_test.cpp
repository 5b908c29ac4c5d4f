#include "cli/table_creation.hpp"

#include <gtest/gtest.h>

namespace stator::cli {
namespace {

json::Object made_of(const char* description) {
  return creation_of(json::parse_object(description).value());
}

TEST(TableCreation, LeavesOutWhatOnlyATableThatIsThereHas) {
  const auto creation = made_of(R"({
    "TableName":"t","TableArn":"arn","TableStatus":"ACTIVE","ItemCount":3,
    "AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],
    "BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},
    "ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0},
    "GlobalSecondaryIndexes":[{"IndexName":"g","IndexStatus":"ACTIVE","ItemCount":3,
      "KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},
      "ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0}}],
    "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},
    "DeletionProtectionEnabled":true})");
  EXPECT_EQ(json::Value(creation), json::parse(R"({
    "TableName":"t","AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST",
    "GlobalSecondaryIndexes":[{"IndexName":"g","KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],
      "Projection":{"ProjectionType":"ALL"}}],
    "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},
    "DeletionProtectionEnabled":true})")
                                       .value());
}

TEST(TableCreation, KeepsProvisionedUnits) {
  const auto creation = made_of(R"({
    "TableName":"t","AttributeDefinitions":[],"KeySchema":[],
    "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6,
      "NumberOfDecreasesToday":0},
    "LocalSecondaryIndexes":[{"IndexName":"l","KeySchema":[],"Projection":{},"IndexArn":"a"}]})");
  EXPECT_EQ(json::Value(creation), json::parse(R"({
    "TableName":"t","AttributeDefinitions":[],"KeySchema":[],"BillingMode":"PROVISIONED",
    "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6},
    "LocalSecondaryIndexes":[{"IndexName":"l","KeySchema":[],"Projection":{}}]})")
                                       .value());
}

}  // namespace
}  // namespace stator::cli
