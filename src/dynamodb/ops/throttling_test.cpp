#include <gtest/gtest.h>

#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

constexpr const char* kThrottled = "ProvisionedThroughputExceededException";

class Throttling : public ::testing::Test {
 protected:
  Throttling() {
    run("CreateTable",
        R"({"TableName":"items","ProvisionedThroughput":{"ReadCapacityUnits":4,)"
        R"("WriteCapacityUnits":3},"AttributeDefinitions":[{"AttributeName":"id",)"
        R"("AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})");
  }
  std::string run(const std::string& operation, const std::string& body) {
    return harness_.run(operation, body);
  }
  /// How often the request is let in before it is refused.
  int times(const std::string& operation, const std::string& body) {
    for (int count = 0; count < 100; ++count) {
      if (run(operation, body).find(kThrottled) == 0) return count;
    }
    return 100;
  }
  Harness harness_{storage::make_memory_store(), {.is_capacity_enforced = true}};
};

TEST_F(Throttling, WritesStopWhenTheUnitsAreUsedUpAndGoOnWithTime) {
  const std::string put = R"({"TableName":"items","Item":{"id":{"S":"a"}}})";
  EXPECT_EQ(times("PutItem", put), 3);
  harness_.clock().advance(std::chrono::seconds(2));
  EXPECT_EQ(times("PutItem", put), 6);
}

TEST_F(Throttling, ReadsOfEveryKindShareTheTablesUnits) {
  const std::string get = R"({"TableName":"items","Key":{"id":{"S":"a"}}})";
  EXPECT_EQ(times("GetItem", get), 8) << "half a unit each";
  harness_.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(times("Scan", R"({"TableName":"items","ConsistentRead":true})"), 4);
  EXPECT_EQ(times("TransactGetItems", R"({"TransactItems":[{"Get":)" + get + "}]}"), 0);
  harness_.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(times("TransactGetItems", R"({"TransactItems":[{"Get":)" + get + "}]}"), 2);
}

TEST_F(Throttling, ABatchHandsBackWhatItCouldNotRead) {
  std::string keys;
  for (char c = 'a'; c < 'a' + 12; ++c) {
    keys += std::string(keys.empty() ? "" : ",") + R"({"id":{"S":")" + c + R"("}})";
  }
  const std::string answer =
      run("BatchGetItem", R"({"RequestItems":{"items":{"Keys":[)" + keys + "]}}}");
  EXPECT_EQ(answer.find(R"("UnprocessedKeys":{"items":{)") == std::string::npos, false) << answer;
  EXPECT_NE(answer.find(R"({"id":{"S":"i"}})"), std::string::npos) << answer;
  EXPECT_EQ(answer.find(R"({"id":{"S":"h"}})"), std::string::npos) << answer;
}

TEST_F(Throttling, ATransactionCostsTwice) {
  const std::string put =
      R"({"TransactItems":[{"Put":{"TableName":"items","Item":{"id":{"S":"a"},"n":{"S":")" +
      std::string(1'100, 'x') + R"("}}}}]})";
  EXPECT_EQ(times("TransactWriteItems", put), 1);
  harness_.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(times("TransactWriteItems", put), 1) << "two KiB, twice, of three units a second";
}

}  // namespace
}  // namespace stator::dynamodb
