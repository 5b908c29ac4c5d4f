#include <gtest/gtest.h>

#include <thread>

#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

class Items : public ::testing::Test {
 protected:
  void SetUp() override { db_.make_table("items"); }
  std::string run(const std::string& operation, const std::string& rest) {
    return db_.run(operation, R"({"TableName":"items",)" + rest + "}");
  }
  std::string get(const std::string& id) {
    return run("GetItem", R"("Key":{"id":{"S":")" + id + R"("}})");
  }
  Harness db_;
};

TEST_F(Items, PutGetDelete) {
  EXPECT_EQ(get("a"), "{}");
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"},"n":{"N":"1.50"},"ok":{"BOOL":true}})"), "{}");
  EXPECT_EQ(get("a"), R"({"Item":{"id":{"S":"a"},"n":{"N":"1.5"},"ok":{"BOOL":true}}})");
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD")"),
            R"({"Attributes":{"id":{"S":"a"},"n":{"N":"1.5"},"ok":{"BOOL":true}}})");
  EXPECT_EQ(run("DeleteItem", R"("Key":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD")"),
            R"({"Attributes":{"id":{"S":"a"}}})");
  EXPECT_EQ(run("DeleteItem", R"("Key":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD")"), "{}");
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"new"}},"ReturnValues":"ALL_OLD")"), "{}");
  EXPECT_EQ(get("a"), "{}");
}

TEST_F(Items, AsksForPermissionOnTheTable) {
  get("a");
  ASSERT_EQ(db_.last_needs().size(), 1u);
  EXPECT_EQ(db_.last_needs()[0].action, "dynamodb:GetItem");
  EXPECT_EQ(db_.last_needs()[0].resource, "arn:aws:dynamodb:us-east-1:000000000000:table/items");
}

TEST_F(Items, TakesATablesArnForItsName) {
  db_.put("items", R"({"id":{"S":"a"}})");
  const std::string body = R"({"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/items",)"
                           R"("Key":{"id":{"S":"a"}}})";
  EXPECT_EQ(db_.run("GetItem", body), R"({"Item":{"id":{"S":"a"}}})");
}

TEST_F(Items, ConditionsGuardWrites) {
  const std::string create =
      R"j("Item":{"id":{"S":"a"},"v":{"N":"1"}},"ConditionExpression":"attribute_not_exists(id)")j";
  EXPECT_EQ(run("PutItem", create), "{}");
  EXPECT_EQ(run("PutItem", create),
            "ConditionalCheckFailedException: The conditional request failed");
  EXPECT_EQ(run("PutItem", create + R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")"),
            "ConditionalCheckFailedException: The conditional request failed"
            R"({"Item":{"id":{"S":"a"},"v":{"N":"1"}}})");
  EXPECT_EQ(run("DeleteItem", R"("Key":{"id":{"S":"a"}},"ConditionExpression":"v = :v",)"
                              R"("ExpressionAttributeValues":{":v":{"N":"2"}})"),
            "ConditionalCheckFailedException: The conditional request failed");
  EXPECT_EQ(run("DeleteItem", R"("Key":{"id":{"S":"a"}},"ConditionExpression":"v = :v",)"
                              R"("ExpressionAttributeValues":{":v":{"N":"1.0"}})"),
            "{}");
}

TEST_F(Items, ChecksKeysAgainstTheSchema) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({})", "The provided key element does not match the schema"},
      {R"({"id":{"N":"1"}})", "The provided key element does not match the schema"},
      {R"({"id":{"S":"a"},"x":{"S":"b"}})", "The provided key element does not match the schema"},
      {R"({"x":{"S":"b"}})", "The provided key element does not match the schema"},
      {R"({"id":{"S":""}})",
       "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
       "contain an empty string value. Key: id"},
      {R"({"id":{"S":")" + std::string(2049, 'x') + R"("}})",
       "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
       "limit of2048 bytes"},
  };
  for (const auto& [key, message] : cases) {
    EXPECT_EQ(run("GetItem", R"("Key":)" + key), "ValidationException: " + message) << key;
  }
  EXPECT_EQ(run("PutItem", R"("Item":{"x":{"S":"a"}})"),
            "ValidationException: One or more parameter values were invalid: Missing the key id in "
            "the item");
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"N":"1"}})"),
            "ValidationException: One or more parameter values were invalid: Type mismatch for key "
            "id expected: S actual: N");
}

TEST_F(Items, ChecksValuesByTheRulesOfAws) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"N":1})", "SerializationException: NUMBER_VALUE cannot be converted to String"},
      {R"({"S":true})", "SerializationException: TRUE_VALUE cannot be converted to String"},
      {R"({"BOOL":"maybe"})", "SerializationException: Unexpected token received from parser"},
      {R"("text")", "SerializationException: Unexpected value type in payload"},
      {R"({"SS":"a"})", "SerializationException: Unexpected field type"},
      {R"({"B":"YQ"})",
       "SerializationException: Base64 encoded length is expected a multiple of 4 bytes but found: "
       "2"},
      {R"({"B":"Y!=="})", "SerializationException: Invalid Base64 character: '!'"},
      {R"({"B":"YR=="})",
       "SerializationException: Invalid last non-pad Base64 character dectected"},
      {R"({})",
       "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the "
       "supported datatypes"},
      {R"({"X":"1"})",
       "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the "
       "supported datatypes"},
      {R"({"S":"a","N":"1"})",
       "ValidationException: Supplied AttributeValue has more than one datatypes set, must contain "
       "exactly one of the supported datatypes"},
      {R"({"NULL":false})",
       "ValidationException: One or more parameter values were invalid: Null attribute value types "
       "must have the value of true"},
      {R"({"SS":[]})",
       "ValidationException: One or more parameter values were invalid: An string set  may not be "
       "empty"},
      {R"({"SS":["a","b","a"]})",
       "ValidationException: One or more parameter values were invalid: Input collection [a, b, a] "
       "contains duplicates."},
      {R"({"NS":["1","1.0"]})", "ValidationException: Input collection contains duplicates"},
      {R"({"N":"one"})",
       "ValidationException: The parameter cannot be converted to a numeric value: one"},
      {R"({"L":[{"M":{"a":{"N":"1e999"}}}]})",
       "ValidationException: Number overflow. Attempting to store a number with magnitude larger "
       "than supported range"},
  };
  for (const auto& [value, message] : cases) {
    EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"},"v":)" + value + "}"), message) << value;
  }
  EXPECT_EQ(get("a"), "{}");
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"},"v":{"S":""},"b":{"B":""}})"), "{}");
}

TEST_F(Items, BoundsNestingAndSize) {
  const auto nested = [](int levels) {
    std::string value = R"({"S":"x"})";
    for (int i = 0; i < levels; ++i) value = R"({"L":[)" + value + "]}";
    return R"("Item":{"id":{"S":"a"},"v":)" + value + "}";
  };
  EXPECT_EQ(run("PutItem", nested(32)), "{}");
  EXPECT_EQ(run("PutItem", nested(33)),
            "ValidationException: Nesting Levels have exceeded supported limits");
  EXPECT_TRUE(run("PutItem", nested(2000)).starts_with("SerializationException: "));
  // 409,600 bytes: the names "id" and "v", the key's one byte and the value.
  const auto sized = [](std::size_t bytes) {
    return R"("Item":{"id":{"S":"a"},"v":{"S":")" + std::string(bytes - 4, 'x') + R"("}})";
  };
  EXPECT_EQ(run("PutItem", sized(409'600)), "{}");
  EXPECT_EQ(run("PutItem", sized(409'601)),
            "ValidationException: Item size has exceeded the maximum allowed size");
}

TEST_F(Items, ChecksTypesThenConstraintsThenRulesThenTheTable) {
  const auto answer = [&](const std::string& body) { return db_.run("PutItem", body); };
  EXPECT_EQ(answer("not json"), "SerializationException: The request body is not well-formed JSON");
  EXPECT_EQ(answer(R"({"TableName":5,"ReturnValues":"X"})"),
            "SerializationException: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(
      answer(R"({"TableName":"a!","ReturnValues":"X","Item":{"id":{"N":"x"}}})"),
      "ValidationException: 3 validation errors detected: Value 'a!' at 'tableName' failed to "
      "satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value "
      "'a!' at 'tableName' failed to satisfy constraint: Member must have length greater than or "
      "equal to 3; Value 'X' at 'returnValues' failed to satisfy constraint: Member must satisfy "
      "enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]");
  EXPECT_EQ(answer(R"({"TableName":"missing","Item":{"id":{"N":"x"}}})"),
            "ValidationException: The parameter cannot be converted to a numeric value: x");
  EXPECT_EQ(answer(R"({"TableName":"missing","Item":{"id":{"S":"x"}}})"),
            "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(answer("{}"),
            "ValidationException: 2 validation errors detected: Value null at 'tableName' failed "
            "to satisfy constraint: Member must not be null; Value null at 'item' failed to "
            "satisfy constraint: Member must not be null");
}

TEST_F(Items, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"}},"Frobnicate":1)"),
            "ValidationException: The operation has no parameter Frobnicate");
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"}},"ReturnValues":"ALL_NEW")"),
            "ValidationException: ReturnValues can only be ALL_OLD or NONE");
  EXPECT_EQ(get("a"), "{}");
}

TEST_F(Items, ChecksPlaceholders) {
  const std::string item = R"("Item":{"id":{"S":"a"}})";
  const std::pair<std::string, std::string> cases[] = {
      {R"("ExpressionAttributeNames":{"#a":"b"})",
       "ExpressionAttributeNames can only be specified when using expressions"},
      {R"("ExpressionAttributeValues":{":a":{"S":"b"}})",
       "ExpressionAttributeValues can only be specified when using expressions: "
       "ConditionExpression is null"},
      {R"("ConditionExpression":"a = :a","ExpressionAttributeValues":{})",
       "ExpressionAttributeValues must not be empty"},
      {R"("ConditionExpression":"a = :a","ExpressionAttributeValues":{"a":{"S":"b"}})",
       "ExpressionAttributeValues contains invalid key: Syntax error; key: \"a\""},
      {R"("ConditionExpression":"a = :a","ExpressionAttributeNames":{"a":"b"})",
       "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\""},
      {R"("ConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"N":"b"}})",
       "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a "
       "numeric value: b for key :a"},
      {R"("ConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"N":"1"},":b":{"N":"1"}})",
       "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}"},
      {R"j("ConditionExpression":"attribute_exists(a)","ExpressionAttributeNames":{"#b":"b"})j",
       "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"},
  };
  for (const auto& [rest, message] : cases) {
    EXPECT_EQ(run("PutItem", item + "," + rest), "ValidationException: " + message) << rest;
  }
}

TEST_F(Items, CountsCapacity) {
  const std::string big = std::string(5'000, 'x');
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"},"v":{"S":")" + big +
                               R"("}},"ReturnConsumedCapacity":"TOTAL")"),
            R"({"ConsumedCapacity":{"TableName":"items","CapacityUnits":5.0}})");
  // The larger of old and new counts.
  EXPECT_EQ(run("PutItem", R"("Item":{"id":{"S":"a"}},"ReturnConsumedCapacity":"INDEXES")"),
            R"({"ConsumedCapacity":{"TableName":"items","CapacityUnits":5.0,)"
            R"("Table":{"CapacityUnits":5.0}}})");
  EXPECT_EQ(run("GetItem", R"("Key":{"id":{"S":"b"}},"ReturnConsumedCapacity":"TOTAL")"),
            R"({"ConsumedCapacity":{"TableName":"items","CapacityUnits":0.5}})");
  EXPECT_EQ(run("GetItem", R"("Key":{"id":{"S":"b"}},"ConsistentRead":true,)"
                           R"("ReturnConsumedCapacity":"TOTAL")"),
            R"({"ConsumedCapacity":{"TableName":"items","CapacityUnits":1.0}})");
}

TEST_F(Items, ProjectsPaths) {
  db_.put("items", R"({"id":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}},)"
                   R"("l":{"L":[{"S":"p"},{"S":"q"},{"S":"r"}]},"name":{"S":"n"}})");
  const auto project = [&](const std::string& rest) {
    return run("GetItem", R"("Key":{"id":{"S":"a"}},"ProjectionExpression":)" + rest);
  };
  EXPECT_EQ(
      project(R"("m.y, l[2], l[0], id")"),
      R"({"Item":{"id":{"S":"a"},"l":{"L":[{"S":"p"},{"S":"r"}]},"m":{"M":{"y":{"N":"2"}}}}})");
  EXPECT_EQ(project(R"("m.z, l[9], nothing")"), R"({"Item":{}})");
  EXPECT_EQ(project(R"("#n","ExpressionAttributeNames":{"#n":"name"})"),
            R"({"Item":{"name":{"S":"n"}}})");
  EXPECT_EQ(project(R"("m, m.x")"),
            "ValidationException: Invalid ProjectionExpression: Two document paths overlap with "
            "each other; must remove or rewrite one of these paths; path one: [m], path two: [m, "
            "x]");
}

TEST_F(Items, TellsWhatMustBeDurable) {
  aws::Call call;
  db_.run("PutItem", R"({"TableName":"items","Item":{"id":{"S":"a"}}})", &call);
  EXPECT_EQ(call.durable_after, db_.store().last());
  const auto written = call.durable_after;
  db_.run("GetItem", R"({"TableName":"items","Key":{"id":{"S":"a"}}})", &call);
  EXPECT_GE(call.durable_after, written);
  // What a failed condition reveals must be durable too.
  db_.run("PutItem",
          R"({"TableName":"items","Item":{"id":{"S":"a"}},)"
          R"j("ConditionExpression":"attribute_not_exists(id)"})j",
          &call);
  ASSERT_TRUE(call.durable_after);
  EXPECT_GE(call.durable_after, written);
  db_.run("Scan", R"({"TableName":"items"})", &call);
  EXPECT_EQ(call.durable_after, db_.store().last());
}

TEST_F(Items, ConcurrentIncrementsAreAllCounted) {
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        run("UpdateItem", R"("Key":{"id":{"S":"counter"}},"UpdateExpression":"ADD n :one",)"
                          R"("ExpressionAttributeValues":{":one":{"N":"1"}})");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(get("counter"), R"({"Item":{"id":{"S":"counter"},"n":{"N":"1000"}}})");
}

TEST_F(Items, OneOfManyConcurrentCreationsWins) {
  std::atomic<int> winners = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        const auto answer = run("PutItem", R"("Item":{"id":{"S":"once-)" + std::to_string(i) +
                                               R"("}},"ConditionExpression":)"
                                               R"j("attribute_not_exists(id)")j");
        if (answer == "{}") ++winners;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(winners, 100);
}

}  // namespace
}  // namespace stator::dynamodb
