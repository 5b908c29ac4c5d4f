#include <gtest/gtest.h>

#include <algorithm>

#include "dynamodb/json_writer.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

/// SELECT from the indexes of a table "tab" (id, sk), over items that are not all in them.
class IndexStatements : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string answer = harness_.run("CreateTable", R"({"TableName":"tab",
      "BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},
        {"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"},
        {"AttributeName":"h","AttributeType":"N"},{"AttributeName":"k","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "LocalSecondaryIndexes":[{"IndexName":"lsi",
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"k","KeyType":"RANGE"}],
        "Projection":{"ProjectionType":"KEYS_ONLY"}}],
      "GlobalSecondaryIndexes":[{"IndexName":"gsi",
        "KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"h","KeyType":"RANGE"}],
        "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["p"]}},
        {"IndexName":"many","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},
          {"AttributeName":"k","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]})");
    ASSERT_NE(answer.find("CREATING"), std::string::npos) << answer;
    put("1", "x", 1, "c");
    put("2", "x", 2, "b");
    put("3", "y", 3, "a");
    put("4", "x", 4, "d");
    harness_.put("tab", R"({"id":{"S":"i"},"sk":{"S":"5"},"n":{"N":"5"}})");
  }

  void put(const std::string& sk, const std::string& g, int h, const std::string& k) {
    harness_.put("tab", R"({"id":{"S":"i"},"sk":{"S":")" + sk + R"("},"g":{"S":")" + g +
                            R"("},"h":{"N":")" + std::to_string(h) + R"("},"k":{"S":")" + k +
                            R"("},"p":{"S":"p)" + sk + R"("},"n":{"N":")" + sk + R"("}})");
  }

  std::string run(std::string_view statement, const std::string& more = "") {
    std::string body = "{\"Statement\":";
    append_json_string(body, statement);
    return harness_.run("ExecuteStatement", body + more + "}");
  }

  /// The values of the single column between commas, or the error's message.
  std::string column(std::string_view statement, const std::string& more = "") {
    std::string answer = run(statement, more);
    constexpr std::string_view kInvalid = "ValidationException: ";
    if (answer.starts_with(kInvalid)) return answer.substr(kInvalid.size());
    answer.resize(std::min({answer.size(), answer.find("],\"NextToken"), answer.find("],\"Cons")}));
    std::string values;
    for (std::size_t at = 0; (at = answer.find("\":\"", at)) != std::string::npos;) {
      at += 3;
      if (!values.empty()) values.push_back(',');
      values += answer.substr(at, answer.find('"', at) - at);
    }
    return values;
  }

  testing::Harness harness_;
};

TEST_F(IndexStatements, ReadByTheKeysOfTheIndex) {
  EXPECT_EQ(column("SELECT sk FROM tab.gsi WHERE g = 'x'"), "1,2,4");
  EXPECT_EQ(column("SELECT sk FROM \"tab\".\"gsi\" WHERE g = 'x' AND h > 1"), "2,4");
  EXPECT_EQ(column("SELECT sk FROM tab.gsi WHERE g = 'x' ORDER BY h DESC"), "4,2,1");
  EXPECT_EQ(column("SELECT sk FROM tab.gsi WHERE g IN ['y','x'] AND h BETWEEN 2 AND 3"), "2,3");
  EXPECT_EQ(column("SELECT sk FROM tab.gsi WHERE g = 'x' AND p = 'p2'"), "2");
  EXPECT_EQ(column("SELECT sk FROM tab.lsi WHERE id = 'i'"), "3,2,1,4");
  EXPECT_EQ(column("SELECT sk FROM tab.lsi WHERE id = 'i' AND k <= 'b' ORDER BY k DESC"), "2,3");
  EXPECT_EQ(run("SELECT * FROM tab.gsi WHERE g = 'y'"),
            R"({"Items":[{"g":{"S":"y"},"h":{"N":"3"},"id":{"S":"i"},"p":{"S":"p3"},)"
            R"("sk":{"S":"3"}}]})");
}

TEST_F(IndexStatements, ScanTheIndexWithoutItsPartition) {
  EXPECT_EQ(column("SELECT sk FROM tab.lsi WHERE k = 'b'"), "2");
  EXPECT_EQ(column("SELECT sk FROM tab.lsi WHERE n = 2"), "") << "n is not in the index";
  EXPECT_EQ(column("SELECT sk FROM tab.gsi WHERE sk = '4'"), "4");
  EXPECT_EQ(column("SELECT sk FROM tab.lsi WHERE NOT n = 2"), "3,2,1,4");
}

TEST_F(IndexStatements, FetchWhatALocalIndexLacksAndRefuseItOfAGlobalOne) {
  EXPECT_EQ(column("SELECT n FROM tab.lsi WHERE id = 'i' AND k = 'b'"), "2");
  EXPECT_EQ(column("SELECT n, q FROM tab.gsi WHERE g = 'x'"),
            "One or more parameter values were invalid: Global secondary index gsi does not "
            "project [n, q]");
  EXPECT_EQ(column("SELECT n FROM tab.gsi"),
            "One or more parameter values were invalid: Global secondary index gsi does not "
            "project [n]");
}

TEST_F(IndexStatements, RefuseFiltersOnWhatTheIndexLacks) {
  const std::string refused =
      "One or more parameter values were invalid: Secondary index gsi does not project one or "
      "more filter attributes: ";
  const std::string select = "SELECT sk FROM tab.gsi WHERE ";
  EXPECT_EQ(column(select + "g='x' AND n=1"), refused + "[n]");
  EXPECT_EQ(column(select + "g='x' AND NOT (n=1 OR p='p1')"), refused + "[n]");
  EXPECT_EQ(column(select + "g='x' AND b='1' AND (a='2' OR p='3')"), refused + "[a, b]");
  EXPECT_EQ(column(select + "g='x' AND (zz='1' OR aa='2' OR mm='3')"), refused + "[zz, aa, mm]");
  EXPECT_EQ(column(select + "g IN ['x','y'] AND n IS MISSING"), refused + "[n]");
  EXPECT_EQ(column(select + "(g='x' OR g='y') AND zz='1'"), refused + "[zz]");
  EXPECT_EQ(column(select + "(g='x' AND u1='1') OR (g='y' AND u2='1')"), refused + "[u2]");
  EXPECT_EQ(column(select + "(g='x' AND n=1) OR g='y'"), "3");
  EXPECT_EQ(column(select + "g='x' AND (g='y' OR zz='1')"), "");
  EXPECT_EQ(column("SELECT sk FROM tab.lsi WHERE id='i' AND n=1"),
            "One or more parameter values were invalid: Secondary index lsi does not project one "
            "or more filter attributes: [n]");
}

TEST_F(IndexStatements, RefuseWhatIndexesCannotDo) {
  EXPECT_EQ(column("SELECT sk FROM tab.gsi WHERE g = 'x'", R"(,"ConsistentRead":true)"),
            "Consistent reads are not supported on global secondary indexes");
  EXPECT_EQ(
      column("SELECT sk FROM tab.lsi WHERE id = 'i' AND k = 'a'", R"(,"ConsistentRead":true)"),
      "3");
  EXPECT_EQ(column("SELECT sk FROM tab.gsi WHERE g = 'x' ORDER BY sk"),
            "Variable reference sk in ORDER BY clause must be part of the primary key");
  EXPECT_EQ(column("SELECT sk FROM tab.many WHERE g = 'x'"),
            "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
            "multi-attribute RANGE keys.");
  EXPECT_EQ(column("UPDATE tab.gsi SET n = 1 WHERE id = 'i' AND sk = '1'"),
            "This operation is not supported on an index");
}

TEST_F(IndexStatements, GoOnWhereTheLastPageEnded) {
  std::string paged;
  std::string more = R"(,"Limit":1)";
  for (int page = 0; page < 9; ++page) {
    const std::string values = column("SELECT sk FROM tab.gsi WHERE g = 'x' ORDER BY h DESC", more);
    const std::string answer = run("SELECT sk FROM tab.gsi WHERE g = 'x' ORDER BY h DESC", more);
    paged += values;
    const std::string mark = "\"NextToken\":\"";
    const auto at = answer.find(mark);
    if (at == std::string::npos) break;
    EXPECT_NE(answer.find(R"("LastEvaluatedKey":{)"), std::string::npos);
    const auto begin = at + mark.size();
    const std::string token = answer.substr(begin, answer.find('"', begin) - begin);
    more = R"(,"Limit":1,"NextToken":")" + token + "\"";
    EXPECT_EQ(column("SELECT sk FROM tab.lsi WHERE id = 'i'", more), "Invalid NextToken");
  }
  EXPECT_EQ(paged, "421");
}

TEST_F(IndexStatements, AreChargedToTheIndex) {
  const std::string indexes = R"(,"ReturnConsumedCapacity":"INDEXES")";
  const auto capacity = [&](std::string_view statement) {
    const std::string answer = run(statement, indexes);
    return answer.substr(std::min(answer.size(), answer.find("\"ConsumedCapacity\"")));
  };
  EXPECT_EQ(capacity("SELECT sk FROM tab.gsi WHERE g = 'x'"),
            R"("ConsumedCapacity":{"TableName":"tab","CapacityUnits":0.5,"Table":)"
            R"({"CapacityUnits":0.0},"GlobalSecondaryIndexes":{"gsi":{"CapacityUnits":0.5}}}})");
  EXPECT_EQ(capacity("SELECT n FROM tab.lsi WHERE id = 'i' AND k > 'b'"),
            R"("ConsumedCapacity":{"TableName":"tab","CapacityUnits":1.5,"Table":)"
            R"({"CapacityUnits":1.0},"LocalSecondaryIndexes":{"lsi":{"CapacityUnits":0.5}}}})");
}

}  // namespace
}  // namespace stator::dynamodb
