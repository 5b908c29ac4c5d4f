#include <gtest/gtest.h>

#include <algorithm>

#include "dynamodb/test_support.hpp"
#include "dynamodb/test_tables.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

constexpr std::string_view kTables = "arn:aws:dynamodb:us-east-1:000000000000:table/";

/// "GetItem items Attributes=id,v LeadingKeys=a ...": keys in the order of their names, those of
/// dynamodb without their prefix, FirstPartitionKeyValues left out since it repeats LeadingKeys.
std::string describe(const aws::Permission& need, aws::ConditionKeys keys) {
  std::string text = need.action.substr(need.action.find(':') + 1) + " " +
                     need.resource.substr(std::min(kTables.size(), need.resource.size()));
  const auto short_name = [](const aws::ConditionKey& key) {
    return std::string_view(key.name).substr(key.name.starts_with("dynamodb:") ? 9 : 0);
  };
  std::sort(keys.begin(), keys.end(),
            [&](const auto& a, const auto& b) { return short_name(a) < short_name(b); });
  for (const auto& key : keys) {
    const std::string_view name = short_name(key);
    if (name == "FirstPartitionKeyValues" || name == "ReturnConsumedCapacity") continue;
    text.append(" ").append(name).append("=");
    for (const auto& value : key.values) {
      text.append(&value == &key.values.front() ? "" : ",").append(value);
    }
  }
  return text;
}

/// What the request needed, one need a line.
std::string needs_of(Harness& harness, const std::string& operation, const std::string& body) {
  const std::string answer = harness.run(operation, body);
  std::string text;
  for (std::size_t i = 0; i < harness.last_needs().size(); ++i) {
    if (i > 0) text.push_back('\n');
    text += describe(harness.last_needs()[i], harness.last_keys()[i]);
  }
  return text.empty() ? answer : text;
}

/// Tables "items" (id, sk; index "byOwner" of owner; a tag team=red) and "numbers" (id:N).
class Needs : public ::testing::Test {
 protected:
  Needs() {
    json::Object items = testing::table("id sk owner", "id | sk");
    items["GlobalSecondaryIndexes"] = json::Array{testing::index("byOwner", "owner")};
    items["Tags"] = json::Array{json::Object{{"Key", "team"}, {"Value", "red"}}};
    EXPECT_NE(harness_.run("CreateTable", json::dump(items)).find("CREATING"), std::string::npos);
    json::Object numbers = testing::table("id:N", "id");
    numbers["TableName"] = "numbers";
    EXPECT_NE(harness_.run("CreateTable", json::dump(numbers)).find("CREATING"), std::string::npos);
  }
  Harness harness_;
};

struct Case {
  const char* operation;
  const char* body;
  const char* needs;
};

void expect_all(Harness& harness, std::span<const Case> cases) {
  for (const Case& one : cases) {
    EXPECT_EQ(needs_of(harness, one.operation, one.body), one.needs)
        << one.operation << " " << one.body;
  }
}

TEST_F(Needs, OfSingleItems) {
  const Case cases[] = {
      {"GetItem", R"({"TableName":"items","Key":{"id":{"S":"a"},"sk":{"S":"1"}}})",
       "GetItem items Attributes=id,sk LeadingKeys=a Select=ALL_ATTRIBUTES "
       "aws:ResourceTag/team=red"},
      {"GetItem",
       R"({"TableName":"items","Key":{"id":{"S":"a"},"sk":{"S":"1"}},)"
       R"("ProjectionExpression":"v.deep[1], #w","ExpressionAttributeNames":{"#w":"w"}})",
       "GetItem items Attributes=id,sk,v,w LeadingKeys=a Select=SPECIFIC_ATTRIBUTES "
       "aws:ResourceTag/team=red"},
      {"GetItem",
       R"({"TableName":"items","Key":{"id":{"S":"a"},"sk":{"S":"1"}},)"
       R"("AttributesToGet":["v"]})",
       "GetItem items Attributes=id,sk,v LeadingKeys=a Select=SPECIFIC_ATTRIBUTES "
       "aws:ResourceTag/team=red"},
      {"PutItem",
       R"({"TableName":"items","Item":{"id":{"S":"a"},"sk":{"S":"1"},"v":{"N":"1"}},)"
       R"x("ConditionExpression":"attribute_not_exists(w)","ReturnValues":"ALL_OLD"})x",
       "PutItem items Attributes=id,sk,v,w LeadingKeys=a ReturnValues=ALL_OLD "
       "aws:ResourceTag/team=red"},
      {"UpdateItem",
       R"({"TableName":"items","Key":{"id":{"S":"a"},"sk":{"S":"1"}},)"
       R"("UpdateExpression":"SET v = w + :o REMOVE x.y",)"
       R"("ExpressionAttributeValues":{":o":{"N":"1"}}})",
       "UpdateItem items Attributes=id,sk,v,w,x LeadingKeys=a ReturnValues=NONE "
       "aws:ResourceTag/team=red"},
      {"DeleteItem", R"({"TableName":"numbers","Key":{"id":{"N":"1.50e2"}}})",
       "DeleteItem numbers Attributes=id LeadingKeys=150 ReturnValues=NONE"},
      {"GetItem", R"({"TableName":"nowhere","Key":{"id":{"S":"a"}}})",
       "GetItem nowhere Attributes=id Select=ALL_ATTRIBUTES"},
      {"GetItem",
       R"({"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/numbers",)"
       R"("Key":{"id":{"N":"7"}}})",
       "GetItem numbers Attributes=id LeadingKeys=7 Select=ALL_ATTRIBUTES"}};
  expect_all(harness_, cases);
}

TEST_F(Needs, OfQueriesAndScans) {
  const Case cases[] = {
      {"Query",
       R"({"TableName":"items","KeyConditionExpression":"id = :i AND sk > :s",)"
       R"("FilterExpression":"v = :s","ExpressionAttributeValues":{":i":{"S":"a"},":s":{"S":"1"}}})",
       "Query items Attributes=id,sk,v LeadingKeys=a Select=ALL_ATTRIBUTES "
       "aws:ResourceTag/team=red"},
      {"Query",
       R"({"TableName":"items","IndexName":"byOwner","KeyConditionExpression":"#o = :o",)"
       R"("ExpressionAttributeNames":{"#o":"owner"},)"
       R"("ExpressionAttributeValues":{":o":{"S":"me"}}})",
       "Query items/index/byOwner Attributes=owner LeadingKeys=me "
       "Select=ALL_PROJECTED_ATTRIBUTES aws:ResourceTag/team=red"},
      {"Query",
       R"({"TableName":"items","Select":"COUNT","KeyConditions":{"id":{"ComparisonOperator":"EQ",)"
       R"("AttributeValueList":[{"S":"a"}]}}})",
       "Query items Attributes=id LeadingKeys=a Select=COUNT aws:ResourceTag/team=red"},
      {"Scan", R"({"TableName":"items","ProjectionExpression":"v"})",
       "Scan items Attributes=v Select=SPECIFIC_ATTRIBUTES aws:ResourceTag/team=red"},
      {"Scan", R"({"TableName":"items","IndexName":"byOwner"})",
       "Scan items/index/byOwner Select=ALL_PROJECTED_ATTRIBUTES aws:ResourceTag/team=red"}};
  expect_all(harness_, cases);
}

TEST_F(Needs, OfBatches) {
  const Case cases[] = {
      {"BatchGetItem",
       R"({"RequestItems":{"items":{"Keys":[{"id":{"S":"a"},"sk":{"S":"1"}},)"
       R"({"id":{"S":"b"},"sk":{"S":"1"}}],"ProjectionExpression":"v"},)"
       R"("numbers":{"Keys":[{"id":{"N":"1"}}]}}})",
       "BatchGetItem items Attributes=id,sk,v LeadingKeys=a,b Select=SPECIFIC_ATTRIBUTES "
       "aws:ResourceTag/team=red\n"
       "BatchGetItem numbers Attributes=id LeadingKeys=1 Select=ALL_ATTRIBUTES"},
      {"BatchWriteItem",
       R"({"RequestItems":{"items":[{"PutRequest":{"Item":{"id":{"S":"a"},"sk":{"S":"1"},)"
       R"("v":{"S":"x"}}}},{"DeleteRequest":{"Key":{"id":{"S":"b"},"sk":{"S":"1"}}}}],)"
       R"("numbers":[{"DeleteRequest":{"Key":{"id":{"N":"1"}}}}]}})",
       "BatchWriteItem items Attributes=id,sk,v LeadingKeys=a,b ReturnValues=NONE "
       "aws:ResourceTag/team=red\n"
       "BatchWriteItem numbers Attributes=id LeadingKeys=1 ReturnValues=NONE"}};
  expect_all(harness_, cases);
}

TEST_F(Needs, OfTransactions) {
  const Case cases[] = {
      {"TransactWriteItems",
       R"({"TransactItems":[)"
       R"({"Put":{"TableName":"items","Item":{"id":{"S":"a"},"sk":{"S":"1"}}}},)"
       R"({"Put":{"TableName":"items","Item":{"id":{"S":"b"},"sk":{"S":"1"}}}},)"
       R"({"Delete":{"TableName":"numbers","Key":{"id":{"N":"1"}}}},)"
       R"({"ConditionCheck":{"TableName":"items","Key":{"id":{"S":"c"},"sk":{"S":"1"}},)"
       R"x("ConditionExpression":"attribute_not_exists(v)"}}]})x",
       "PutItem items Attributes=id,sk EnclosingOperation=TransactWriteItems LeadingKeys=a,b "
       "ReturnValues=NONE aws:ResourceTag/team=red\n"
       "DeleteItem numbers Attributes=id EnclosingOperation=TransactWriteItems LeadingKeys=1 "
       "ReturnValues=NONE\n"
       "ConditionCheckItem items Attributes=id,sk,v EnclosingOperation=TransactWriteItems "
       "LeadingKeys=c ReturnValues=NONE aws:ResourceTag/team=red"},
      {"TransactGetItems",
       R"({"TransactItems":[{"Get":{"TableName":"items","Key":{"id":{"S":"a"},"sk":{"S":"1"}}}},)"
       R"({"Get":{"TableName":"items","Key":{"id":{"S":"b"},"sk":{"S":"1"}}}}]})",
       "GetItem items Attributes=id,sk EnclosingOperation=TransactGetItems LeadingKeys=a,b "
       "Select=ALL_ATTRIBUTES aws:ResourceTag/team=red"}};
  expect_all(harness_, cases);
}

TEST_F(Needs, OfStatements) {
  const Case cases[] = {
      {"ExecuteStatement", R"({"Statement":"SELECT * FROM items WHERE id = 'a' AND v = 1"})",
       "PartiQLSelect items Attributes=id,v FullTableScan=false LeadingKeys=a "
       "Select=ALL_ATTRIBUTES aws:ResourceTag/team=red"},
      {"ExecuteStatement", R"({"Statement":"SELECT v FROM items WHERE id IN ['a', 'b']"})",
       "PartiQLSelect items Attributes=id,v FullTableScan=false LeadingKeys=a,b "
       "Select=SPECIFIC_ATTRIBUTES aws:ResourceTag/team=red"},
      {"ExecuteStatement", R"({"Statement":"SELECT * FROM items WHERE id > 'a' OR v = 1"})",
       "PartiQLSelect items Attributes=id,v FullTableScan=true Select=ALL_ATTRIBUTES "
       "aws:ResourceTag/team=red"},
      {"ExecuteStatement",
       R"({"Statement":"SELECT * FROM \"items\".\"byOwner\" WHERE owner = ?",)"
       R"("Parameters":[{"S":"me"}]})",
       "PartiQLSelect items/index/byOwner Attributes=owner FullTableScan=false LeadingKeys=me "
       "Select=ALL_PROJECTED_ATTRIBUTES aws:ResourceTag/team=red"},
      {"ExecuteStatement", R"({"Statement":"INSERT INTO numbers VALUE {'id': 5, 'v': 'x'}"})",
       "PartiQLInsert numbers Attributes=id,v LeadingKeys=5 ReturnValues=NONE"},
      {"ExecuteStatement",
       R"({"Statement":"UPDATE items SET v = 1 WHERE id = 'a' AND sk = '1' RETURNING ALL OLD *"})",
       "PartiQLUpdate items Attributes=id,sk,v LeadingKeys=a ReturnValues=ALL_OLD "
       "aws:ResourceTag/team=red"},
      {"ExecuteStatement", R"({"Statement":"DELETE FROM numbers WHERE id = 5"})",
       "PartiQLDelete numbers Attributes=id LeadingKeys=5 ReturnValues=NONE"},
      {"BatchExecuteStatement",
       R"({"Statements":[{"Statement":"DELETE FROM numbers WHERE id = 1"},)"
       R"({"Statement":"DELETE FROM numbers WHERE id = 2"},{"Statement":"nonsense"}]})",
       "PartiQLDelete numbers Attributes=id EnclosingOperation=BatchExecuteStatement "
       "LeadingKeys=1,2 ReturnValues=NONE"},
      {"ExecuteTransaction",
       R"({"TransactStatements":[{"Statement":"INSERT INTO numbers VALUE {'id': 8}"},)"
       R"x({"Statement":"EXISTS(SELECT * FROM numbers WHERE id = 9 AND v = 1)"}]})x",
       "PartiQLInsert numbers Attributes=id EnclosingOperation=ExecuteTransaction LeadingKeys=8 "
       "ReturnValues=NONE\n"
       "PartiQLSelect numbers Attributes=id,v EnclosingOperation=ExecuteTransaction "
       "FullTableScan=false LeadingKeys=9"}};
  expect_all(harness_, cases);
}

TEST_F(Needs, OfTables) {
  const std::string arn = std::string(kTables) + "items";
  const std::string tag = R"({"ResourceArn":")" + arn + R"(","Tags":[{"Key":"k","Value":"v"}]})";
  const std::string untag = R"({"ResourceArn":")" + arn + R"(","TagKeys":["k"]})";
  const Case cases[] = {
      {"DescribeTable", R"({"TableName":"items"})", "DescribeTable items aws:ResourceTag/team=red"},
      {"TagResource", tag.c_str(),
       "TagResource items aws:RequestTag/k=v aws:ResourceTag/team=red aws:TagKeys=k"},
      {"UntagResource", untag.c_str(),
       "UntagResource items aws:ResourceTag/k=v aws:ResourceTag/team=red aws:TagKeys=k"}};
  expect_all(harness_, cases);
}

TEST_F(Needs, KeysOfSeveralAttributesAreToldApart) {
  json::Object object = testing::table("id a b:N", "id");
  object["TableName"] = "many";
  object["GlobalSecondaryIndexes"] = json::Array{testing::index("both", "a b")};
  ASSERT_NE(harness_.run("CreateTable", json::dump(object)).find("CREATING"), std::string::npos);
  EXPECT_EQ(needs_of(harness_, "Query",
                     R"({"TableName":"many","IndexName":"both",)"
                     R"("KeyConditionExpression":"a = :a AND b = :b",)"
                     R"("ExpressionAttributeValues":{":a":{"S":"x"},":b":{"N":"2"}}})"),
            "Query many/index/both Attributes=a,b LeadingKeys=x SecondPartitionKeyValues=2 "
            "Select=ALL_PROJECTED_ATTRIBUTES");
}

}  // namespace
}  // namespace stator::dynamodb
