#include <gtest/gtest.h>

#include "dynamodb/json_writer.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

/// BatchExecuteStatement and ExecuteTransaction on a table "tab" with items 1 and 2.
class StatementLists : public ::testing::Test {
 protected:
  void SetUp() override {
    harness_.make_table("tab");
    harness_.put("tab", R"({"id":{"S":"1"},"n":{"N":"1"}})");
    harness_.put("tab", R"({"id":{"S":"2"},"n":{"N":"2"}})");
  }

  std::string list(const std::string& operation, const std::string& member,
                   const std::vector<std::string>& statements, const std::string& more) {
    std::string body = "{\"" + member + "\":[";
    for (std::size_t i = 0; i < statements.size(); ++i) {
      body += i == 0 ? "{\"Statement\":" : ",{\"Statement\":";
      append_json_string(body, statements[i]);
      body += "}";
    }
    return harness_.run(operation, body + "]" + more + "}");
  }
  std::string batch(const std::vector<std::string>& statements, const std::string& more = "") {
    return list("BatchExecuteStatement", "Statements", statements, more);
  }
  std::string transact(const std::vector<std::string>& statements, const std::string& more = "") {
    return list("ExecuteTransaction", "TransactStatements", statements, more);
  }
  std::string select(const std::string& id) {
    return harness_.run("ExecuteStatement",
                        R"({"Statement":"SELECT n FROM tab WHERE id=')" + id + R"('"})");
  }

  testing::Harness harness_;
};

TEST_F(StatementLists, BatchReads) {
  EXPECT_EQ(batch({"SELECT n FROM tab WHERE id='1'", "SELECT n FROM tab WHERE id='none'",
                   "SELECT n FROM tab WHERE n=1", "SLECT * FROM tab",
                   "SELECT n FROM nope WHERE id='1'", "SELECT n FROM tab WHERE id IN ['2']"}),
            R"({"Responses":[{"Item":{"n":{"N":"1"}},"TableName":"tab"},{"TableName":"tab"},)"
            R"({"Error":{"Code":"ValidationError","Message":"Select statements within )"
            R"(BatchExecuteStatement must specify the primary key in the where clause."}},)"
            R"({"Error":{"Code":"ValidationError","Message":"Statement wasn't well formed, can't )"
            R"(be processed: Expected data manipulation"}},)"
            R"({"Error":{"Code":"ResourceNotFound","Message":"Requested resource not found"}},)"
            R"({"Item":{"n":{"N":"2"}},"TableName":"tab"}]})");
}

TEST_F(StatementLists, BatchWrites) {
  EXPECT_EQ(batch({"INSERT INTO tab VALUE {'id':'1'}", "INSERT INTO tab VALUE {'id':'3','n':3}",
                   "UPDATE tab SET n=5 WHERE id='2' RETURNING ALL NEW *",
                   "DELETE FROM tab WHERE id='none'"}),
            R"({"Responses":[{"Error":{"Code":"DuplicateItem","Message":"Duplicate primary key )"
            R"(exists in table"},"TableName":"tab"},{"TableName":"tab"},)"
            R"({"Item":{"id":{"S":"2"},"n":{"N":"5"}},"TableName":"tab"},{"TableName":"tab"}]})");
  EXPECT_EQ(select("3"), R"({"Items":[{"n":{"N":"3"}}]})");
  EXPECT_EQ(
      harness_.run("BatchExecuteStatement",
                   R"({"Statements":[{"Statement":"UPDATE tab SET n=1 WHERE id='1' AND n=7",)"
                   R"("ReturnValuesOnConditionCheckFailure":"ALL_OLD"}]})"),
      R"({"Responses":[{"Error":{"Code":"ConditionalCheckFailed","Message":"The conditional request )"
      R"(failed","Item":{"id":{"S":"1"},"n":{"N":"1"}}},"TableName":"tab"}]})");
}

TEST_F(StatementLists, BatchRefusals) {
  const std::string invalid = "ValidationException: ";
  EXPECT_EQ(batch({"SELECT n FROM tab WHERE id='1'", "DELETE FROM tab WHERE id='1'"}),
            invalid + "Read and write requests together in the same batch is not supported.");
  EXPECT_EQ(batch({"DELETE FROM tab WHERE id='1'", "UPDATE tab SET n=1 WHERE id='1'"}),
            invalid + "Provided list of item keys contains duplicates");
  EXPECT_EQ(batch({}),
            invalid +
                "1 validation error detected: Value '[]' at 'statements' failed to "
                "satisfy constraint: Member must have length greater than or equal to 1");
  EXPECT_NE(batch(std::vector<std::string>(26, "SELECT n FROM tab WHERE id='1'"))
                .find("Member must have length less than or equal to 25"),
            std::string::npos);
  EXPECT_EQ(
      harness_.run("BatchExecuteStatement",
                   R"({"Statements":[{"Statement":"x"},{"Parameters":[]}]})"),
      invalid +
          "2 validation errors detected: Value null at 'statements.2.member.statement' failed "
          "to satisfy constraint: Member must not be null; Value '[]' at "
          "'statements.2.member.parameters' failed to satisfy constraint: Member must have "
          "length greater than or equal to 1");
  EXPECT_EQ(harness_.run("ExecuteTransaction",
                         R"({"TransactStatements":[{"Statement":"x","ConsistentRead":true}]})"),
            invalid + "The operation has no parameter ConsistentRead");
}

TEST_F(StatementLists, BatchCapacity) {
  EXPECT_EQ(harness_.run("BatchExecuteStatement",
                         R"({"Statements":[{"Statement":"SELECT n FROM tab WHERE id='1'"},)"
                         R"({"Statement":"SELECT n FROM tab WHERE id='2'","ConsistentRead":true}],)"
                         R"("ReturnConsumedCapacity":"TOTAL"})"),
            R"({"Responses":[{"Item":{"n":{"N":"1"}},"TableName":"tab"},{"Item":{"n":{"N":"2"}},)"
            R"("TableName":"tab"}],"ConsumedCapacity":[{"TableName":"tab","CapacityUnits":1.5}]})");
}

TEST_F(StatementLists, TransactionReads) {
  EXPECT_EQ(transact({"SELECT n FROM tab WHERE id='1'", "SELECT n FROM tab WHERE id='none'"}),
            R"({"Responses":[{"Item":{"n":{"N":"1"}}},{}]})");
}

TEST_F(StatementLists, TransactionWritesAllOrNothing) {
  EXPECT_EQ(transact({"INSERT INTO tab VALUE {'id':'3','n':3}", "UPDATE tab SET n=n+1 WHERE id='1'",
                      "EXISTS(SELECT * FROM tab WHERE id='2' AND n=2)"}),
            R"({"Responses":[]})");
  EXPECT_EQ(select("1"), R"({"Items":[{"n":{"N":"2"}}]})");
  EXPECT_EQ(
      transact({"INSERT INTO tab VALUE {'id':'3'}", "UPDATE tab SET n=9 WHERE id='1'",
                "DELETE FROM tab WHERE id='2' AND n=7", "UPDATE tab SET n=1 WHERE id='none'"}),
      "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for "
      "specific reasons [DuplicateItem, None, ConditionalCheckFailed, ConditionalCheckFailed]"
      R"({"CancellationReasons":[{"Code":"DuplicateItem","Message":"Duplicate primary key exists in )"
      R"(table"},{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The conditional )"
      R"(request failed"},{"Code":"ConditionalCheckFailed","Message":"The conditional request )"
      R"(failed"}]})");
  EXPECT_EQ(select("1"), R"({"Items":[{"n":{"N":"2"}}]})");
}

TEST_F(StatementLists, TransactionsHappenOncePerToken) {
  const std::vector<std::string> statements = {"UPDATE tab SET n=n+1 WHERE id='1'"};
  const std::string token = R"(,"ClientRequestToken":"once","ReturnConsumedCapacity":"TOTAL")";
  EXPECT_EQ(transact(statements, token),
            R"({"Responses":[],"ConsumedCapacity":[{"TableName":"tab","CapacityUnits":2.0,)"
            R"("WriteCapacityUnits":2.0}]})");
  EXPECT_EQ(transact(statements, token),
            R"({"Responses":[],"ConsumedCapacity":[{"TableName":"tab","CapacityUnits":2.0,)"
            R"("ReadCapacityUnits":2.0}]})");
  EXPECT_EQ(select("1"), R"({"Items":[{"n":{"N":"2"}}]})");
  EXPECT_TRUE(transact({"UPDATE tab SET n=n+2 WHERE id='1'"}, token)
                  .starts_with("IdempotentParameterMismatchException"));
}

TEST_F(StatementLists, TransactionRefusals) {
  const std::string invalid = "ValidationException: ";
  const std::string failed = invalid + "Validation failed in TransactStatements[0]: ";
  const std::string by_key =
      "Select statements within ExecuteTransaction must specify the primary key in the where "
      "clause.";
  EXPECT_EQ(transact({"SELECT n FROM tab WHERE id='1'", "DELETE FROM tab WHERE id='1'"}),
            invalid +
                "ExecuteTransaction API does not support both read and write operations in the "
                "same request.");
  EXPECT_EQ(transact({"SELECT n FROM tab"}), failed + by_key);
  EXPECT_EQ(transact({"SELECT n FROM tab WHERE id='1' AND n=1"}), failed + by_key);
  EXPECT_EQ(transact({"SELECT n FROM tab.idx WHERE id='1'"}),
            failed + "Reads on indices are not supported within transactions.");
  EXPECT_EQ(transact({"DELETE FROM tab WHERE id='1' RETURNING ALL OLD *"}),
            failed + "RETURNING clause is not supported in ExecuteTransaction.");
  EXPECT_EQ(transact({"SELECT * FROM tab WHERE"}),
            failed + "Statement wasn't well formed, can't be processed: Unexpected term");
  EXPECT_EQ(transact({"EXISTS(SELECT * FROM tab WHERE id='1')"}),
            failed + "EXISTS() must contain a single item read with additional condition");
  EXPECT_EQ(transact({"DELETE FROM tab WHERE id='1'", "UPDATE tab SET n=1 WHERE id='1'"}),
            invalid + "Transaction request cannot include multiple operations on one item");
  EXPECT_EQ(transact({"UPDATE nope SET n=1 WHERE id='1'", "UPDATE tab SET n=1 WHERE id='1'"}),
            "TransactionCanceledException: Transaction cancelled, please refer cancellation "
            "reasons for specific reasons [ResourceNotFound, None]"
            R"({"CancellationReasons":[{"Code":"ResourceNotFound","Message":"Requested resource )"
            R"(not found"},{"Code":"None"}]})");
  const std::string mismatch =
      R"({"Code":"ValidationError","Message":"The provided key element does not match the schema"})";
  EXPECT_EQ(transact({"UPDATE tab SET n=1 WHERE n=1", "UPDATE tab SET n=1 WHERE id=1",
                      "UPDATE tab SET n=1 WHERE id='1'"}),
            "TransactionCanceledException: Transaction cancelled, please refer cancellation "
            "reasons for specific reasons [ValidationError, ValidationError, None]"
            R"({"CancellationReasons":[)" +
                mismatch + "," + mismatch + R"(,{"Code":"None"}]})");
}

TEST_F(StatementLists, NeedWhatTheirStatementsNeed) {
  transact({"INSERT INTO tab VALUE {'id':'3'}", "INSERT INTO tab VALUE {'id':'4'}",
            "EXISTS(SELECT * FROM tab WHERE id='2' AND n=2)"});
  ASSERT_EQ(harness_.last_needs().size(), 2u);
  EXPECT_EQ(harness_.last_needs()[0].action, "dynamodb:PartiQLInsert");
  EXPECT_EQ(harness_.last_needs()[1].action, "dynamodb:PartiQLSelect");
}

}  // namespace
}  // namespace stator::dynamodb
