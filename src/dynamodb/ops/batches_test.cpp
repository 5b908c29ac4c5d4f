#include "dynamodb/test_support.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

class Batches : public ::testing::Test {
 protected:
  void SetUp() override {
    harness_.make_table("hash");
    harness_.make_table("range", "N");
  }
  std::string get(const std::string& request_items, const std::string& more = "") {
    return harness_.run("BatchGetItem", R"({"RequestItems":)" + request_items + more + "}");
  }
  std::string write(const std::string& request_items, const std::string& more = "") {
    return harness_.run("BatchWriteItem", R"({"RequestItems":)" + request_items + more + "}");
  }
  std::string item(const std::string& id) {
    return harness_.run("GetItem", R"({"TableName":"hash","Key":{"id":{"S":")" + id + R"("}}})");
  }
  static std::string id_key(const std::string& id) { return R"({"id":{"S":")" + id + R"("}})"; }
  static std::string put(const std::string& id) {
    return R"({"PutRequest":{"Item":{"id":{"S":")" + id + R"("}}}})";
  }
  static std::string repeated(int count, const std::function<std::string(int)>& element) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i > 0 ? "," : "") + element(i);
    return list;
  }
  /// As messages list the elements that repeated() makes of the same numbers.
  static std::string listed(int count, const std::function<std::string(std::string)>& element) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i > 0 ? ", " : "") + element(std::to_string(i));
    return list;
  }
  Harness harness_;
};

TEST_F(Batches, GetAnswersByTableAndLeavesOutWhatIsNotThere) {
  harness_.put("hash", R"({"id":{"S":"a"},"v":{"N":"1"}})");
  harness_.put("range", R"({"id":{"S":"p"},"sk":{"N":"2"},"v":{"S":"x"},"w":{"S":"y"}})");
  EXPECT_EQ(get(R"({"hash":{"Keys":[{"id":{"S":"none"}},{"id":{"S":"a"}}]},)"
                R"("range":{"Keys":[{"id":{"S":"p"},"sk":{"N":"2.0"}}],)"
                R"("ProjectionExpression":"#w","ExpressionAttributeNames":{"#w":"w"}}})"),
            R"({"Responses":{"hash":[{"id":{"S":"a"},"v":{"N":"1"}}],"range":[{"w":{"S":"y"}}]},)"
            R"("UnprocessedKeys":{}})");
  EXPECT_EQ(get(R"({"hash":{"Keys":[{"id":{"S":"none"}}]}})"),
            R"({"Responses":{"hash":[]},"UnprocessedKeys":{}})");
}

TEST_F(Batches, GetNeedsItsOwnPermissionOnEveryTable) {
  get(R"({"hash":{"Keys":[{"id":{"S":"a"}}]},"range":{"Keys":[{"id":{"S":"p"},"sk":{"N":"2"}}]}})");
  ASSERT_EQ(harness_.last_needs().size(), 2u);
  EXPECT_EQ(harness_.last_needs()[0].action, "dynamodb:BatchGetItem");
  EXPECT_EQ(harness_.last_needs()[1].resource,
            "arn:aws:dynamodb:us-east-1:000000000000:table/range");
}

TEST_F(Batches, GetCountsUnitsByTableAndConsistency) {
  harness_.put("hash", R"({"id":{"S":"a"},"v":{"S":")" + std::string(5'000, 'x') + R"("}})");
  EXPECT_EQ(
      get(R"({"range":{"Keys":[{"id":{"S":"p"},"sk":{"N":"2"}}]},)"
          R"("hash":{"Keys":[{"id":{"S":"a"}},{"id":{"S":"b"}}],"ConsistentRead":true,)"
          R"("ProjectionExpression":"id"}})",
          R"(,"ReturnConsumedCapacity":"INDEXES")"),
      R"({"Responses":{"range":[],"hash":[{"id":{"S":"a"}}]},"UnprocessedKeys":{},)"
      R"("ConsumedCapacity":[{"TableName":"range","CapacityUnits":0.5,"Table":{"CapacityUnits":0.5}},)"
      R"({"TableName":"hash","CapacityUnits":3.0,"Table":{"CapacityUnits":3.0}}]})");
}

TEST_F(Batches, GetStopsAtSixteenMegabytesAndHandsBackTheRest) {
  // AWS's own example: of 100 items of 300 KB, 52 are answered.
  const std::string filler(300 * 1'024 - 7, 'x');
  for (int i = 0; i < 60; ++i) {
    const std::string id = std::to_string(100 + i);
    harness_.put("hash", R"({"id":{"S":")" + id + R"("},"vv":{"S":")" + filler + R"("}})");
  }
  const std::string keys = repeated(60, [](int i) { return id_key(std::to_string(100 + i)); });
  const std::string answer =
      get(R"({"hash":{"ProjectionExpression":"#i","ExpressionAttributeNames":{"#i":"id"},)"
          R"("ConsistentRead":false,"Keys":[)" +
          keys + R"(]},"range":{"Keys":[{"id":{"S":"p"},"sk":{"N":"2"}}]}})");
  const std::string answered = repeated(52, [](int i) { return id_key(std::to_string(100 + i)); });
  const std::string left = repeated(8, [](int i) { return id_key(std::to_string(152 + i)); });
  EXPECT_EQ(answer,
            R"({"Responses":{"hash":[)" + answered +
                R"(],"range":[]},"UnprocessedKeys":{"hash":{"ConsistentRead":false,)"
                R"("ExpressionAttributeNames":{"#i":"id"},"ProjectionExpression":"#i","Keys":[)" +
                left + R"(]},"range":{"Keys":[{"id":{"S":"p"},"sk":{"N":"2"}}]}}})");
}

TEST_F(Batches, GetRefuses) {
  const std::string many = repeated(100, [](int i) { return id_key(std::to_string(i)); });
  const std::string pattern =
      "Map keys must satisfy constraint: [Member must have length less than or equal to 255, "
      "Member must have length greater than or equal to 3, Member must satisfy regular expression "
      "pattern: [a-zA-Z0-9_.-]+]";
  const struct {
    std::string items;
    std::string error;
  } cases[] = {
      {R"({})", "ValidationException: The requestItems parameter is required for BatchGetItem"},
      {R"([])", "SerializationException: Unexpected field type"},
      {R"({"hash":{}})",
       "ValidationException: 1 validation error detected: Value null at "
       "'requestItems.hash.member.keys' failed to satisfy constraint: Member must not be null"},
      {R"({"hash":{"Keys":[]}})",
       "ValidationException: 1 validation error detected: Value '[]' at "
       "'requestItems.hash.member.keys' failed to satisfy constraint: Member must have length "
       "greater than or equal to 1"},
      {R"({"hash":{"Keys":[)" + many + "," + id_key("100") + "]}}",
       "ValidationException: 1 validation error detected: Value '[" +
           listed(101, [](const std::string& i) { return "{id={S=" + i + "}}"; }) +
           "]' at 'requestItems.hash.member.keys' failed to satisfy constraint: Member must have "
           "length less than or equal to 100"},
      {R"({"hash":{"Keys":[)" + many + R"(]},"range":{"Keys":[{"id":{"S":"a"},"sk":{"N":"1"}}]}})",
       "ValidationException: Too many items requested for the BatchGetItem call"},
      {R"({"a":{"Keys":[{}]}})",
       "ValidationException: 1 validation error detected: Value "
       "'{a=KeysAndAttributes(keys=[{}])}' at 'requestItems' failed to satisfy constraint: " +
           pattern},
      // One sentence for all keys of the map; the constraints on its values are listed beside it.
      {R"({"a":{"Keys":[{}]},"hash":{"Keys":[],"AttributesToGet":[]},"b!":{"Keys":[{}]}})",
       "ValidationException: 3 validation errors detected: Value "
       "'{a=KeysAndAttributes(keys=[{}]), hash=KeysAndAttributes(keys=[], attributesToGet=[]), "
       "b!=KeysAndAttributes(keys=[{}])}' at 'requestItems' failed to satisfy constraint: " +
           pattern +
           "; Value '[]' at 'requestItems.hash.member.keys' failed to satisfy constraint: Member "
           "must have length greater than or equal to 1; Value '[]' at "
           "'requestItems.hash.member.attributesToGet' failed to satisfy constraint: Member must "
           "have length greater than or equal to 1"},
      {R"({"hash":{"Keys":[{}],"Key":{}}})",
       "ValidationException: The operation has no parameter Key"},
      // Duplicates are found before the table is looked for; the order of attributes and the
      // spelling of numbers do not matter.
      {R"({"nope":{"Keys":[{"a":{"N":"1"},"b":{"S":"x"}},{"b":{"S":"x"},"a":{"N":"1.0"}}]}})",
       "ValidationException: Provided list of item keys contains duplicates"},
      {R"({"nope":{"Keys":[{}]}})", "ResourceNotFoundException: Requested resource not found"},
      {R"({"hash":{"Keys":[{}]}})",
       "ValidationException: The provided key element does not match the schema"},
      {R"({"hash":{"Keys":[{"id":{"S":""}}]}})",
       "ValidationException: One or more parameter values are not valid. The AttributeValue for a "
       "key attribute cannot contain an empty string value. Key: id"},
      {R"({"hash":{"Keys":[{"id":{"N":"x"}}]}})",
       "ValidationException: The parameter cannot be converted to a numeric value: x"},
      {R"({"hash":{"Keys":[{}],"ExpressionAttributeNames":{}}})",
       "ValidationException: ExpressionAttributeNames can only be specified when using "
       "expressions"},
      {R"({"hash":{"Keys":[{}],"ProjectionExpression":""}})",
       "ValidationException: Invalid ProjectionExpression: The expression can not be empty;"},
      {R"({"hash":{"Keys":[{}]},"hash":{"Keys":[{}]}})",
       "SerializationException: The request has a member twice"},
  };
  for (const auto& one : cases) EXPECT_EQ(get(one.items), one.error) << one.items.substr(0, 200);
  EXPECT_EQ(harness_.run("BatchGetItem", R"({"ReturnConsumedCapacity":"hi"})"),
            "ValidationException: 2 validation errors detected: Value 'hi' at "
            "'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value "
            "set: [INDEXES, TOTAL, NONE]; Value null at 'requestItems' failed to satisfy "
            "constraint: Member must not be null");
}

TEST_F(Batches, WritePutsAndDeletesInSeveralTables) {
  harness_.put("hash", R"({"id":{"S":"old"}})");
  EXPECT_EQ(write(R"({"hash":[)" + put("new") +
                  R"(,{"DeleteRequest":{"Key":{"id":{"S":"old"}}}}],)"
                  R"("range":[{"PutRequest":{"Item":{"id":{"S":"p"},"sk":{"N":"1"}}}}]})"),
            R"({"UnprocessedItems":{}})");
  EXPECT_EQ(item("new"), R"({"Item":{"id":{"S":"new"}}})");
  EXPECT_EQ(item("old"), "{}");
  EXPECT_EQ(harness_.run("Scan", R"({"TableName":"range","Select":"COUNT"})"),
            R"({"Count":1,"ScannedCount":1})");
  ASSERT_EQ(harness_.last_needs().size(), 1u);
}

TEST_F(Batches, WriteNeedsItsOwnPermissionOncePerTable) {
  write(R"({"hash":[)" + put("a") + "," + put("b") +
        R"(],"range":[{"PutRequest":{"Item":{"id":{"S":"p"},"sk":{"N":"1"}}}}]})");
  ASSERT_EQ(harness_.last_needs().size(), 2u);
  EXPECT_EQ(harness_.last_needs()[0].action, "dynamodb:BatchWriteItem");
  EXPECT_EQ(harness_.last_needs()[0].resource,
            "arn:aws:dynamodb:us-east-1:000000000000:table/hash");
}

TEST_F(Batches, WriteCountsTheLargerOfOldAndNew) {
  harness_.put("hash", R"({"id":{"S":"a"},"v":{"S":")" + std::string(3'000, 'x') + R"("}})");
  EXPECT_EQ(
      write(R"({"hash":[)" + put("a") + "," + put("b") + "]}",
            R"(,"ReturnConsumedCapacity":"TOTAL")"),
      R"({"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"hash","CapacityUnits":4.0}]})");
}

TEST_F(Batches, WriteNamesTheCollectionsOfTablesWithALocalIndex) {
  harness_.run(
      "CreateTable",
      R"({"TableName":"local","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
      R"({"AttributeName":"id","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},)"
      R"({"AttributeName":"v","AttributeType":"N"}],"KeySchema":[)"
      R"({"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],)"
      R"("LocalSecondaryIndexes":[{"IndexName":"by-v","KeySchema":[)"
      R"({"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"v","KeyType":"RANGE"}],)"
      R"("Projection":{"ProjectionType":"ALL"}}]})");
  const auto item = [](const std::string& id, const std::string& sk) {
    return R"({"PutRequest":{"Item":{"id":{"S":")" + id + R"("},"sk":{"S":")" + sk +
           R"("},"v":{"N":"1"}}}})";
  };
  const auto collection = [](const std::string& id) {
    return R"({"ItemCollectionKey":{"id":{"S":")" + id + R"("}},"SizeEstimateRangeGB":[0.0,1.0]})";
  };
  EXPECT_EQ(write(R"({"hash":[)" + put("a") + R"(],"local":[)" + item("p", "1") + "," +
                      item("p", "2") + "," + item("q", "1") + "]}",
                  R"(,"ReturnItemCollectionMetrics":"SIZE","ReturnConsumedCapacity":"INDEXES")"),
            R"({"UnprocessedItems":{},"ItemCollectionMetrics":{"local":[)" + collection("p") + "," +
                collection("q") +
                R"(]},"ConsumedCapacity":[{"TableName":"hash","CapacityUnits":1.0,)"
                R"("Table":{"CapacityUnits":1.0}},{"TableName":"local","CapacityUnits":6.0,)"
                R"("Table":{"CapacityUnits":3.0},"LocalSecondaryIndexes":{"by-v":)"
                R"({"CapacityUnits":3.0}}}]})");
  EXPECT_EQ(harness_.run("TransactWriteItems",
                         R"({"ReturnItemCollectionMetrics":"SIZE","TransactItems":[{"Put":)"
                         R"({"TableName":"local","Item":{"id":{"S":"p"},"sk":{"S":"1"}}}}]})"),
            R"({"ItemCollectionMetrics":{"local":[)" + collection("p") + "]}}");
}

TEST_F(Batches, WriteTakesTwentyFiveOfTheLargestItems) {
  const std::string filler(kItemBytesMax - 5, 'x');
  const auto large = [&](int i) {
    return R"({"PutRequest":{"Item":{"id":{"S":")" + std::to_string(10 + i) + R"("},"v":{"S":")" +
           filler + R"("}}}})";
  };
  EXPECT_EQ(write(R"({"hash":[)" + repeated(25, large) + "]}"), R"({"UnprocessedItems":{}})");
  EXPECT_EQ(harness_.run("Scan", R"({"TableName":"hash","Select":"COUNT"})").substr(0, 10),
            R"({"Count":2)");
  EXPECT_EQ(write(R"({"hash":[{"PutRequest":{"Item":{"id":{"S":"123"},"v":{"S":")" + filler +
                  R"("}}}}]})"),
            "ValidationException: Item size has exceeded the maximum allowed size");
}

TEST_F(Batches, WriteRefuses) {
  const auto numbered = [](int i) { return put(std::to_string(i)); };
  const std::string length =
      "Map value must satisfy constraint: [Member must have length less than or equal to 25, "
      "Member must have length greater than or equal to 1]";
  const std::string types =
      "ValidationException: Supplied AttributeValue has more than one datatypes set, must contain "
      "exactly one of the supported datatypes";
  const struct {
    std::string items;
    std::string error;
  } cases[] = {
      {R"({})", "ValidationException: The requestItems parameter is required for BatchWriteItem"},
      {R"({"hash":[]})",
       "ValidationException: 1 validation error detected: Value '{hash=[]}' at 'requestItems' "
       "failed to satisfy constraint: " +
           length},
      {R"({"hash":[)" + repeated(26, numbered) + "]}",
       "ValidationException: 1 validation error detected: Value '{hash=[" +
           listed(26,
                  [](const std::string& i) {
                    return "WriteRequest(putRequest=PutRequest(item={id={S=" + i + "}}))";
                  }) +
           "]}' at 'requestItems' failed to satisfy constraint: " + length},
      {R"({"hash":[{"PutRequest":{"Item":{},"Key":{}}}]})",
       "ValidationException: The operation has no parameter Key"},
      {R"({"hash":[{"UpdateRequest":{}}]})",
       "ValidationException: The operation has no parameter UpdateRequest"},
      {R"({"hash":[)" + repeated(25, numbered) +
           R"(],"range":[{"PutRequest":{"Item":{"id":{"S":"p"},"sk":{"N":"1"}}}}]})",
       "ValidationException: Too many items requested for the BatchWriteItem call"},
      {R"({"hash":[{}]})", types},
      {R"({"hash":[{"PutRequest":{"Item":{"id":{"S":"a"}}},"DeleteRequest":{"Key":{"id":{"S":"b"}}}}]})",
       types},
      {R"({"hash":[{"PutRequest":{}}]})",
       "ValidationException: 1 validation error detected: Value null at "
       "'requestItems.hash.member.1.member.putRequest.item' failed to satisfy constraint: Member "
       "must not be null"},
      {R"({"hash":[{"PutRequest":[]}]})", "SerializationException: Unexpected field type"},
      {R"({"nope":[)" + put("a") + "," + put("a") + "]}",
       "ResourceNotFoundException: Requested resource not found"},
      {R"({"hash":[)" + put("a") + R"(,{"DeleteRequest":{"Key":{"id":{"S":"a"}}}}]})",
       "ValidationException: Provided list of item keys contains duplicates"},
      {R"({"hash":[)" + put("a") + R"(],"arn:aws:dynamodb:us-east-1:000000000000:table/hash":[)" +
           put("a") + "]}",
       "ValidationException: Provided list of item keys contains duplicates"},
      {R"({"hash":[{"PutRequest":{"Item":{"id":{"N":"5"}}}}]})",
       "ValidationException: The provided key element does not match the schema"},
      {R"({"hash":[{"PutRequest":{"Item":{"other":{"N":"5"}}}}]})",
       "ValidationException: The provided key element does not match the schema"},
      {R"({"hash":[{"PutRequest":{"Item":{"id":{"S":""}}}}]})",
       "ValidationException: One or more parameter values are not valid. The AttributeValue for a "
       "key attribute cannot contain an empty string value. Key: id"},
      {R"({"hash":[)" + put("fine") +
           R"(,{"PutRequest":{"Item":{"id":{"S":"b"},"v":{"SS":[]}}}}]})",
       "ValidationException: One or more parameter values were invalid: An string set  may not be "
       "empty"},
  };
  for (const auto& one : cases) EXPECT_EQ(write(one.items), one.error) << one.items.substr(0, 200);
  EXPECT_EQ(item("fine"), "{}") << "a refused batch writes nothing";
}

}  // namespace
}  // namespace stator::dynamodb
