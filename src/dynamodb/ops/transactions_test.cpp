#include "dynamodb/test_support.hpp"
#include "dynamodb/transaction_token.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

/// The error of a cancelled transaction, as the harness shows it.
std::string cancelled(const std::string& codes, const std::string& reasons) {
  return "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons "
         "for specific reasons [" +
         codes + R"(]{"CancellationReasons":[)" + reasons + "]}";
}

std::string validation_reason(const std::string& message) {
  return R"({"Code":"ValidationError","Message":")" + message + R"("})";
}

class Transactions : public ::testing::Test {
 protected:
  void SetUp() override {
    harness_.make_table("hash");
    harness_.make_table("range", "S");
  }
  std::string write(const std::string& items, const std::string& more = "") {
    return harness_.run("TransactWriteItems", R"({"TransactItems":[)" + items + "]" + more + "}");
  }
  std::string read(const std::string& items, const std::string& more = "") {
    return harness_.run("TransactGetItems", R"({"TransactItems":[)" + items + "]" + more + "}");
  }
  std::string item(const std::string& id) {
    return harness_.run("GetItem", R"({"TableName":"hash","Key":{"id":{"S":")" + id + R"("}}})");
  }
  static std::string action(const std::string& kind, const std::string& id,
                            const std::string& more = "") {
    return R"({")" + kind + R"(":{"TableName":"hash",)" +
           (kind == "Put" ? R"("Item")" : R"("Key")") + R"(:{"id":{"S":")" + id + R"("}})" +
           (more.empty() ? "" : "," + more) + "}}";
  }
  static std::string put(const std::string& id) { return action("Put", id); }
  /// Puts of the items "0", "1" and so on, as messages list them.
  static std::string listed_puts(int count) {
    std::string list;
    for (int i = 0; i < count; ++i) {
      list += (i > 0 ? ", " : "") + std::string("TransactWriteItem(put=Put(tableName=hash, item=") +
              "{id={S=" + std::to_string(i) + "}}))";
    }
    return list;
  }
  static std::string add_one(const std::string& id) {
    return action(
        "Update", id,
        R"("UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}})");
  }
  static std::string get(const std::string& id, const std::string& more = "") {
    return action("Get", id, more);
  }
  static std::string repeated(int count, const std::function<std::string(int)>& element) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i > 0 ? "," : "") + element(i);
    return list;
  }
  Harness harness_;
};

TEST_F(Transactions, DoAllFourActionsInSeveralTables) {
  harness_.put("hash", R"({"id":{"S":"a"},"n":{"N":"1"}})");
  harness_.put("hash", R"({"id":{"S":"gone"}})");
  harness_.put("range", R"({"id":{"S":"p"},"sk":{"S":"s"}})");
  EXPECT_EQ(
      write(add_one("a") + "," + action("Delete", "gone") +
            R"j(,{"ConditionCheck":{"TableName":"range","Key":{"id":{"S":"p"},"sk":{"S":"s"}},)j"
            R"j("ConditionExpression":"attribute_exists(id)"}},{"Put":{"TableName":"range",)j"
            R"j("Item":{"id":{"S":"p"},"sk":{"S":"t"}}}})j"),
      "{}");
  EXPECT_EQ(item("a"), R"({"Item":{"id":{"S":"a"},"n":{"N":"2"}}})");
  EXPECT_EQ(item("gone"), "{}");
  EXPECT_EQ(harness_.run("Scan", R"({"TableName":"range","Select":"COUNT"})"),
            R"({"Count":2,"ScannedCount":2})");
}

TEST_F(Transactions, NeedThePermissionsOfTheSingleOperations) {
  write(put("a") + "," + put("b") + "," + add_one("c") + "," + action("Delete", "d") + "," +
        action("ConditionCheck", "e", R"j("ConditionExpression":"attribute_not_exists(id)")j"));
  std::vector<std::string> actions;
  for (const auto& need : harness_.last_needs()) actions.push_back(need.action);
  EXPECT_EQ(actions,
            (std::vector<std::string>{"dynamodb:PutItem", "dynamodb:UpdateItem",
                                      "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"}));
  read(get("a") + "," + get("b"));
  ASSERT_EQ(harness_.last_needs().size(), 1u);
  EXPECT_EQ(harness_.last_needs()[0].action, "dynamodb:GetItem");
  EXPECT_EQ(harness_.last_needs()[0].resource,
            "arn:aws:dynamodb:us-east-1:000000000000:table/hash");
}

TEST_F(Transactions, CancelWithAReasonForEachActionInOrder) {
  harness_.put("hash", R"({"id":{"S":"a"},"s":{"S":"x"}})");
  const std::string missing = R"j("ConditionExpression":"attribute_not_exists(id)")j";
  const std::string returns = R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")";
  const std::string failed =
      R"({"Code":"ConditionalCheckFailed","Message":"The conditional request failed"})";
  EXPECT_EQ(write(put("new") + "," + action("Put", "a", missing)),
            cancelled("None, ConditionalCheckFailed", R"({"Code":"None"},)" + failed));
  EXPECT_EQ(write(action("Delete", "a", missing + returns) + "," +
                  action("ConditionCheck", "none",
                         R"j("ConditionExpression":"attribute_exists(id)")j" + returns)),
            cancelled("ConditionalCheckFailed, ConditionalCheckFailed",
                      R"({"Code":"ConditionalCheckFailed","Item":{"id":{"S":"a"},"s":{"S":"x"}},)"
                      R"("Message":"The conditional request failed"},)" +
                          failed));
  EXPECT_EQ(
      write(add_one("new") + "," +
            action("Update", "a",
                   R"("UpdateExpression":"ADD s :one","ExpressionAttributeValues":)"
                   R"({":one":{"N":"1"}})")),
      cancelled("None, ValidationError",
                R"({"Code":"None"},)" + validation_reason("An operand in the update expression "
                                                          "has an incorrect data type")));
  EXPECT_EQ(item("new"), "{}") << "a cancelled transaction writes nothing";
  EXPECT_EQ(item("a"), R"({"Item":{"id":{"S":"a"},"s":{"S":"x"}}})");
}

TEST_F(Transactions, CancelForKeysThatDoNotFitTheTable) {
  const std::string mismatch =
      validation_reason("The provided key element does not match the schema");
  const auto with_key = [](const std::string& kind, const std::string& key,
                           const std::string& more = "") {
    return R"({")" + kind + R"(":{"TableName":"hash",)" +
           (kind == "Put" ? R"("Item":)" : R"("Key":)") + key + more + "}}";
  };
  EXPECT_EQ(write(put("fine") + "," + with_key("Put", R"({"id":{"N":"5"}})")),
            cancelled("None, ValidationError",
                      R"({"Code":"None"},)" +
                          validation_reason("One or more parameter values were invalid: Type "
                                            "mismatch for key id expected: S actual: N")));
  EXPECT_EQ(write(with_key("Delete", R"({"id":{"L":[]}})")),
            cancelled("ValidationError", mismatch));
  EXPECT_EQ(write(with_key("ConditionCheck", R"({"id":{"N":"5"}})",
                           R"j(,"ConditionExpression":"attribute_exists(id)")j")),
            cancelled("ValidationError", mismatch));
  EXPECT_EQ(write(action("Update", "a",
                         R"("UpdateExpression":"SET id = :v","ExpressionAttributeValues":)"
                         R"({":v":{"S":"b"}})")),
            cancelled("ValidationError",
                      validation_reason("One or more parameter values were invalid: Cannot update "
                                        "attribute id. This attribute is part of the key")));
  EXPECT_EQ(read(with_key("Get", "{}")), cancelled("ValidationError", mismatch));
}

TEST_F(Transactions, RefuseEmptyKeysAsAWhole) {
  const std::string error =
      "ValidationException: One or more parameter values are not valid. The AttributeValue for a "
      "key attribute cannot contain an empty string value. Key: id";
  EXPECT_EQ(write(put("")), error);
  EXPECT_EQ(write(put("a") + "," + action("Delete", "")), error);
  EXPECT_EQ(read(get("")), error);
}

TEST_F(Transactions, RefuseWhatNeedsNoTable) {
  const std::string at = "ValidationException: 1 validation error detected: Value ";
  const struct {
    std::string items;
    std::string error;
  } cases[] = {
      {"", at + "'[]' at 'transactItems' failed to satisfy constraint: Member must have length "
                "greater than or equal to 1"},
      {repeated(101, [](int i) { return put(std::to_string(i)); }),
       at + "'[" + listed_puts(101) +
           "]' at 'transactItems' failed to satisfy constraint: Member must have length less than "
           "or "
           "equal to 100"},
      {"{}",
       "ValidationException: Invalid Request: TransactWriteRequest should contain Delete or Put or "
       "Update request"},
      {R"({"Put":{"TableName":"hash","Item":{"id":{"S":"a"}}},"Delete":{"TableName":"hash","Key":{}}})",
       "ValidationException: TransactItems can only contain one of Check, Put, Update or Delete"},
      {put("a") + R"(,{"Update":{"TableName":"bad!name","Key":{},"UpdateExpression":"SET a = b"}})",
       at + "'bad!name' at 'transactItems.2.member.update.tableName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
      {R"({"Put":{}})",
       "ValidationException: 2 validation errors detected: Value null at "
       "'transactItems.1.member.put.tableName' failed to satisfy constraint: Member must not be "
       "null; Value null at 'transactItems.1.member.put.item' failed to satisfy constraint: Member "
       "must not be null"},
      // Constraints come before the count of actions.
      {R"({},{"Put":{"TableName":"hash"}})", at + "null at 'transactItems.2.member.put.item' "
                                                  "failed to satisfy constraint: Member must not "
                                                  "be null"},
      {R"({"Get":{"TableName":"hash","Key":{}}})",
       "ValidationException: The operation has no parameter Get"},
      {action("Delete", "a", R"("UpdateExpression":"SET a = b")"),
       "ValidationException: The operation has no parameter UpdateExpression"},
      {action("ConditionCheck", "a"),
       at + "null at 'transactItems.1.member.conditionCheck.conditionExpression' failed to satisfy "
            "constraint: Member must not be null"},
      {action("Put", "a", R"("ReturnValuesOnConditionCheckFailure":"NEW")"),
       at + "'NEW' at 'transactItems.1.member.put.returnValuesOnConditionCheckFailure' failed to "
            "satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]"},
      {action("Put", "a", R"("ConditionExpression":"")"),
       "ValidationException: Invalid ConditionExpression: The expression can not be empty;"},
      {put("first") + "," +
           action("Delete", "a",
                  R"j("ConditionExpression":"attribute_exists(id)","ExpressionAttributeValues":)j"
                  R"j({":v":{"S":"x"}})j"),
       "ValidationException: Value provided in ExpressionAttributeValues unused in expressions: "
       "keys: {:v}"},
      {put("a") + R"(,{"Put":{"TableName":"none","Item":{"id":{"S":"a"}}}})",
       "ResourceNotFoundException: Requested resource not found"},
      {put("a") + "," + action("Delete", "a"),
       "ValidationException: Transaction request cannot include multiple operations on one item"},
      {R"({"Put":[]})", "SerializationException: Unexpected field type"},
      {R"(1)", "SerializationException: Unexpected field type"},
  };
  for (const auto& one : cases) EXPECT_EQ(write(one.items), one.error) << one.items.substr(0, 200);
  EXPECT_EQ(item("first"), "{}");
  EXPECT_EQ(harness_.run("TransactWriteItems", R"({"ReturnConsumedCapacity":"hi"})"),
            "ValidationException: 2 validation errors detected: Value 'hi' at "
            "'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value "
            "set: [INDEXES, TOTAL, NONE]; Value null at 'transactItems' failed to satisfy "
            "constraint: Member must not be null");
  EXPECT_EQ(read("{}"),
            at + "null at 'transactItems.1.member.get' failed to satisfy constraint: Member must "
                 "not be null");
}

TEST_F(Transactions, KeepToTheSizesOfItemsAndRequests) {
  const auto value = [](std::size_t size) { return std::string(size, 'x'); };
  const auto put_of = [&](const std::string& id, std::size_t size) {
    return R"({"Put":{"TableName":"hash","Item":{"id":{"S":")" + id + R"("},"v":{"S":")" +
           value(size - id.size() - 3) + R"("}}}})";
  };
  const auto update_to = [&](const std::string& id, std::size_t size) {
    return action("Update", id,
                  R"("UpdateExpression":"SET v = :v","ExpressionAttributeValues":{":v":{"S":")" +
                      value(size - id.size() - 3) + R"("}})");
  };
  // Which items are too large shows before the transaction begins when the request tells, and as a
  // reason when it takes the item to tell.
  EXPECT_EQ(write(put_of("a", kItemBytesMax)), "{}");
  EXPECT_EQ(write(put_of("a", kItemBytesMax + 1)),
            "ValidationException: Item size has exceeded the maximum allowed size");
  EXPECT_EQ(write(update_to("b", kItemBytesMax)), "{}");
  EXPECT_EQ(write(update_to("b", kItemBytesMax + 1)),
            cancelled("ValidationError", validation_reason("Item size to update has exceeded the "
                                                           "maximum allowed size")));
  const auto large = [&](int i) { return put_of(std::to_string(10 + i), 350'000); };
  EXPECT_EQ(write(repeated(11, large)), "{}");
  EXPECT_EQ(write(repeated(12, large)),
            "ValidationException: Transaction payload size cannot exceed 4MB. Payload Size: "
            "4200000");
  EXPECT_EQ(write(large(11)), "{}");
  const auto read_large = [](int i) { return get(std::to_string(10 + i)); };
  EXPECT_NE(read(repeated(11, read_large)).find("\"Responses\""), std::string::npos);
  EXPECT_EQ(read(repeated(12, read_large)),
            "ValidationException: Payload in response is too large.");
}

TEST_F(Transactions, ReadInTheOrderOfTheCallWithProjections) {
  harness_.put("hash", R"({"id":{"S":"a"},"v":{"N":"1"},"w":{"N":"2"}})");
  EXPECT_EQ(read(get("none") + "," + get("a", R"("ProjectionExpression":"w")")),
            R"({"Responses":[{},{"Item":{"w":{"N":"2"}}}]})");
  EXPECT_EQ(read(get("a", R"("ProjectionExpression":"zz")")), R"({"Responses":[{"Item":{}}]})");
  EXPECT_EQ(read(get("a") + "," + get("a")),
            "ValidationException: Transaction request cannot include multiple operations on one "
            "item");
  EXPECT_EQ(read(get("a", R"("ConsistentRead":true)")).substr(0, 20), "ValidationException:");
}

TEST_F(Transactions, CostTwiceWhatSingleOperationsCost) {
  harness_.put("hash", R"({"id":{"S":"a"},"v":{"S":")" + std::string(3'000, 'x') + R"("}})");
  const std::string total = R"(,"ReturnConsumedCapacity":"TOTAL")";
  EXPECT_EQ(write(put("a") + "," + put("b"), total),
            R"({"ConsumedCapacity":[{"TableName":"hash","CapacityUnits":8.0,)"
            R"("WriteCapacityUnits":8.0}]})");
  EXPECT_EQ(
      write(action("ConditionCheck", "a", R"j("ConditionExpression":"attribute_exists(id)")j"),
            total),
      R"({"ConsumedCapacity":[{"TableName":"hash","CapacityUnits":2.0,)"
      R"("WriteCapacityUnits":2.0}]})");
  EXPECT_EQ(
      read(get("b") + "," + get("none"), R"(,"ReturnConsumedCapacity":"INDEXES")"),
      R"({"Responses":[{"Item":{"id":{"S":"b"}}},{}],"ConsumedCapacity":[{"TableName":"hash",)"
      R"("CapacityUnits":4.0,"ReadCapacityUnits":4.0,"Table":{"CapacityUnits":4.0,)"
      R"("ReadCapacityUnits":4.0}}]})");
}

class Tokens : public Transactions {
 protected:
  static std::string token(const std::string& name) {
    return R"(,"ClientRequestToken":")" + name + R"(")";
  }
  std::size_t stored_tokens() {
    const auto range = table_range(kTokenPlace);
    const auto tokens = harness_.store().iterate(storage::Family::kItems, range);
    std::size_t count = 0;
    for (tokens->seek_first(); tokens->valid(); tokens->next()) ++count;
    return count;
  }
  const std::string mismatch_ =
      "IdempotentParameterMismatchException: DynamoDB rejected the request because you retried a "
      "request with a different payload but with an idempotent token that was already used.";
};

TEST_F(Tokens, MakeATransactionHappenOnce) {
  EXPECT_EQ(write(add_one("a"), token("t")), "{}");
  EXPECT_EQ(write(add_one("a"), token("t")), "{}");
  EXPECT_EQ(item("a"), R"({"Item":{"id":{"S":"a"},"n":{"N":"1"}}})");
  EXPECT_EQ(write(add_one("a"), token("other")), "{}");
  EXPECT_EQ(write(add_one("a")), "{}");
  EXPECT_EQ(item("a"), R"({"Item":{"id":{"S":"a"},"n":{"N":"3"}}})");
}

TEST_F(Tokens, StandForOneRequestHoweverItIsSpelled) {
  const std::string first = R"("TableName":"hash","Item":{"id":{"S":"a"},"n":{"N":"10"}})";
  const std::string again = R"("Item":{"n":{"N":"1e1"},"id":{"S":"a"}},"TableName":"hash")";
  EXPECT_EQ(write(R"({"Put":{)" + first + "}}", token("t")), "{}");
  EXPECT_EQ(write(R"({"Put":{)" + again + "}}", token("t")), "{}");
  EXPECT_EQ(
      write(R"({"Put":{"TableName":"hash","Item":{"id":{"S":"a"},"n":{"N":"11"}}}})", token("t")),
      mismatch_);
  EXPECT_EQ(write(action("Delete", "a"), token("t")), mismatch_);
  EXPECT_EQ(write(put("a") + "," + put("b"), token("t")), mismatch_);
  EXPECT_EQ(write(put("a"), R"(,"ClientRequestToken":"")").substr(0, 20), "ValidationException:");
  EXPECT_EQ(write(put("a"), token(std::string(37, 't'))),
            "ValidationException: 1 validation error detected: Value '" + std::string(37, 't') +
                "' at 'clientRequestToken' failed to satisfy constraint: Member must have length "
                "less than or equal to 36");
}

TEST_F(Tokens, AreUsedByWhatSucceededOnly) {
  const std::string guarded =
      action("Put", "a", R"j("ConditionExpression":"attribute_not_exists(id)")j");
  EXPECT_EQ(write(guarded, token("t")), "{}");
  EXPECT_EQ(write(guarded, token("t")), "{}") << "a repetition does not look at conditions again";
  EXPECT_EQ(write(guarded, token("u")).substr(0, 28), "TransactionCanceledException");
  harness_.run("DeleteItem", R"({"TableName":"hash","Key":{"id":{"S":"a"}}})");
  EXPECT_EQ(write(guarded, token("u")), "{}");
  EXPECT_EQ(item("a"), R"({"Item":{"id":{"S":"a"}}})");
}

TEST_F(Tokens, LastTenMinutesAcrossRestarts) {
  harness_.clock().advance(std::chrono::minutes(9));
  EXPECT_EQ(write(add_one("a"), token("t")), "{}");
  harness_.clock().advance(std::chrono::minutes(10) - std::chrono::milliseconds(1));
  harness_.reopen();
  harness_.tables().background().run_all();
  EXPECT_EQ(write(add_one("a"), token("t")), "{}");
  EXPECT_EQ(item("a"), R"({"Item":{"id":{"S":"a"},"n":{"N":"1"}}})");
  harness_.clock().advance(std::chrono::milliseconds(1));
  EXPECT_EQ(write(add_one("a"), token("t")), "{}");
  EXPECT_EQ(item("a"), R"({"Item":{"id":{"S":"a"},"n":{"N":"2"}}})");
}

TEST_F(Tokens, AreErasedWhenNobodyCanAskForThem) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(write(add_one("a"), token("t" + std::to_string(i))), "{}");
    harness_.clock().advance(std::chrono::minutes(1));
  }
  harness_.tables().background().run_all();
  EXPECT_EQ(stored_tokens(), 5u);
  harness_.clock().advance(std::chrono::minutes(20));
  harness_.tables().background().run_all();
  EXPECT_EQ(stored_tokens(), 0u);
}

TEST_F(Tokens, OfARepetitionCostReads) {
  const std::string item = R"({"Put":{"TableName":"hash","Item":{"id":{"S":"a"},"v":{"S":")" +
                           std::string(1'536, 'x') + R"("}}}})";
  const std::string more = token("t") + R"(,"ReturnConsumedCapacity":"INDEXES")";
  EXPECT_EQ(
      write(item, more),
      R"({"ConsumedCapacity":[{"TableName":"hash","CapacityUnits":4.0,)"
      R"("WriteCapacityUnits":4.0,"Table":{"CapacityUnits":4.0,"WriteCapacityUnits":4.0}}]})");
  EXPECT_EQ(write(item, more),
            R"({"ConsumedCapacity":[{"TableName":"hash","CapacityUnits":2.0,)"
            R"("ReadCapacityUnits":2.0,"Table":{"CapacityUnits":2.0,"ReadCapacityUnits":2.0}}]})");
}

}  // namespace
}  // namespace stator::dynamodb
