#include <gtest/gtest.h>

#include <set>

#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

/// Query and Scan on a table of three partitions of ten items each, with numeric sort keys.
class Pages : public ::testing::Test {
 protected:
  void SetUp() override {
    db_.make_table("items", "N");
    for (const char* id : {"a", "b", "c"}) {
      for (int sk = -5; sk < 5; ++sk) {
        db_.put("items", R"({"id":{"S":")" + std::string(id) + R"("},"sk":{"N":")" +
                             std::to_string(sk) + R"("},"even":{"BOOL":)" +
                             (sk % 2 == 0 ? "true" : "false") + "}}");
      }
    }
  }
  std::string run(const std::string& operation, const std::string& rest) {
    return db_.run(operation, R"({"TableName":"items")" + (rest.empty() ? "" : "," + rest) + "}");
  }
  /// A query of partition "a" by `condition`, which may use :low and :high.
  std::string query(const std::string& condition, const std::string& low, const std::string& high,
                    const std::string& rest = "") {
    std::string values = R"(":a":{"S":"a"})";
    if (!low.empty()) values += R"(,":low":{"N":")" + low + R"("})";
    if (!high.empty()) values += R"(,":high":{"N":")" + high + R"("})";
    return run("Query", R"("KeyConditionExpression":"id = :a)" + condition +
                            R"(","ExpressionAttributeValues":{)" + values + "}" + rest);
  }
  /// The sort keys of an answer's items, as "1 2 3".
  static std::string sort_keys(const std::string& answer) {
    const auto object = json::parse_object(answer);
    if (!object) return answer;
    std::string keys;
    for (const auto& item : object->at("Items").get_array()) {
      if (!keys.empty()) keys += ' ';
      keys += json::view(item.at("sk").at("N").get_string());
    }
    return keys;
  }
  static std::string last_key(const std::string& answer) {
    const auto object = json::parse_object(answer);
    const auto* key = object ? json::find(*object, "LastEvaluatedKey") : nullptr;
    return key ? json::dump(*key) : "";
  }
  Harness db_;
};

TEST_F(Pages, QueryConditionsSelectRangesInTheOrderOfNumbers) {
  struct Case {
    std::string condition, low, high, keys;
  };
  for (const Case& c : {
           Case{"", "", "", "-5 -4 -3 -2 -1 0 1 2 3 4"},
           Case{" AND sk = :low", "3", "", "3"},
           Case{" AND sk = :low", "9", "", ""},
           Case{" AND sk < :low", "-3", "", "-5 -4"},
           Case{" AND sk <= :low", "-3", "", "-5 -4 -3"},
           Case{" AND sk > :low", "2", "", "3 4"},
           Case{" AND sk >= :low", "2", "", "2 3 4"},
           Case{" AND :low <= sk", "2", "", "2 3 4"},
           Case{" AND sk BETWEEN :low AND :high", "-1", "1", "-1 0 1"},
           Case{" AND sk BETWEEN :low AND :high", "-0.5", "0.5", "0"},
       }) {
    EXPECT_EQ(sort_keys(query(c.condition, c.low, c.high)), c.keys) << c.condition;
  }
  EXPECT_EQ(sort_keys(query(" AND sk > :low", "1", "", R"(,"ScanIndexForward":false)")), "4 3 2");
}

TEST_F(Pages, QueryPagesForwardAndBackward) {
  for (const std::string forward : {"true", "false"}) {
    std::string start;
    std::string all;
    int pages = 0;
    do {
      const std::string answer =
          query(" AND sk >= :low", "-4", "",
                R"(,"Limit":4,"ScanIndexForward":)" + forward +
                    (start.empty() ? "" : R"(,"ExclusiveStartKey":)" + start));
      all += (all.empty() ? "" : " ") + sort_keys(answer);
      start = last_key(answer);
      ++pages;
    } while (!start.empty() && pages < 10);
    EXPECT_EQ(all, forward == "true" ? "-4 -3 -2 -1 0 1 2 3 4" : "4 3 2 1 0 -1 -2 -3 -4");
    EXPECT_EQ(pages, 3);
  }
}

TEST_F(Pages, ALimitGivesAKeyEvenAtTheEnd) {
  EXPECT_NE(last_key(query("", "", "", R"(,"Limit":10)")), "");
  EXPECT_EQ(last_key(query("", "", "", R"(,"Limit":11)")), "");
}

TEST_F(Pages, FiltersAfterCounting) {
  const std::string filter = R"(,"FilterExpression":"even = :t","ExpressionAttributeValues":)"
                             R"({":a":{"S":"a"},":t":{"BOOL":true}})";
  const std::string query = R"("KeyConditionExpression":"id = :a","Limit":3)" + filter;
  EXPECT_EQ(run("Query", query),
            R"({"Items":[{"even":{"BOOL":true},"id":{"S":"a"},"sk":{"N":"-4"}}],"Count":1,)"
            R"("ScannedCount":3,"LastEvaluatedKey":{"id":{"S":"a"},"sk":{"N":"-3"}}})");
  EXPECT_EQ(run("Query", query + R"(,"Select":"COUNT")"),
            R"({"Count":1,"ScannedCount":3,"LastEvaluatedKey":{"id":{"S":"a"},"sk":{"N":"-3"}}})");
}

TEST_F(Pages, SelectsAndProjects) {
  EXPECT_EQ(query(" AND sk = :low", "1", "", R"(,"ProjectionExpression":"sk")"),
            R"({"Items":[{"sk":{"N":"1"}}],"Count":1,"ScannedCount":1})");
  const std::pair<std::string, std::string> cases[] = {
      {R"("Select":"SPECIFIC_ATTRIBUTES")",
       "One or more parameter values were invalid: Must specify the AttributesToGet or "
       "ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"},
      {R"("Select":"COUNT","ProjectionExpression":"sk")",
       "One or more parameter values were invalid: Cannot specify the ProjectionExpression when "
       "choosing to get COUNT"},
      {R"("Select":"ALL_PROJECTED_ATTRIBUTES")",
       "One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when "
       "Querying using an IndexName"},
      {R"("IndexName":"by-date")", "The table does not have the specified index: by-date"},
      {R"("Segment":1)",
       "The TotalSegments parameter is required but was not present in the request when Segment "
       "parameter is present"},
      {R"("TotalSegments":2)",
       "The Segment parameter is required but was not present in the request when parameter "
       "TotalSegments is present"},
      {R"("Segment":2,"TotalSegments":2)",
       "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
       "Segment: 2 is not less than TotalSegments: 2"},
      {R"("Limit":0)",
       "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member "
       "must have value greater than or equal to 1"},
      {R"("ExclusiveStartKey":{"id":{"S":"a"}})",
       "The provided starting key is invalid: The provided key element does not match the schema"},
  };
  for (const auto& [rest, message] : cases) {
    EXPECT_EQ(run("Scan", rest), "ValidationException: " + message) << rest;
  }
}

TEST_F(Pages, RefusesKeyConditionsInTheWordsOfAws) {
  const std::pair<std::string, std::string> cases[] = {
      {"id > :s", "Query key condition not supported"},
      {"sk = :n", "Query condition missed key schema element: id"},
      {"id = :s AND extra = :n", "Query condition missed key schema element: sk"},
      {"id = :n",
       "One or more parameter values were invalid: Condition parameter type does not match schema "
       "type"},
      {"id = :s AND begins_with(sk, :s)",
       "One or more parameter values were invalid: Condition parameter type does not match schema "
       "type"},
      {"id = :s OR sk = :n", "Invalid operator used in KeyConditionExpression: OR"},
      {"id = :s AND sk <> :n", "Invalid operator used in KeyConditionExpression: <>"},
      {"id = :s AND attribute_exists(sk)",
       "Invalid operator used in KeyConditionExpression: attribute_exists"},
      {"id = :s AND id = :s", "KeyConditionExpressions must only contain one condition per key"},
      {"id = :s AND sk.x = :n",
       "KeyConditionExpressions cannot have conditions on nested attributes"},
      {"id = :s AND size(sk) = :n", "KeyConditionExpressions cannot contain nested operations"},
      {"id = sk",
       "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
       "condition"},
      {"id = :s AND sk = :n AND extra = :n",
       "The number of query conditions (3) exceeds the number of key attributes defined in the "
       "schema (2)"},
      {"id = ", "Invalid KeyConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\""},
  };
  for (const auto& [condition, message] : cases) {
    json::Object values;
    if (condition.find(":s") != std::string::npos) values[":s"] = json::Object{{"S", "a"}};
    if (condition.find(":n") != std::string::npos) values[":n"] = json::Object{{"N", "1"}};
    std::string rest = R"("KeyConditionExpression":)" + json::quote(condition);
    if (!values.empty()) rest += R"(,"ExpressionAttributeValues":)" + json::dump(values);
    EXPECT_EQ(run("Query", rest), "ValidationException: " + message) << condition;
  }
  EXPECT_EQ(run("Query", ""),
            "ValidationException: Either the KeyConditions or KeyConditionExpression parameter "
            "must be specified in the request.");
}

TEST_F(Pages, ChecksStartKeysAgainstTheQuery) {
  const auto from = [&](const std::string& key) {
    return query(" AND sk >= :low", "0", "", R"(,"ExclusiveStartKey":)" + key);
  };
  EXPECT_EQ(from(R"({"id":{"S":"a"}})"),
            "ValidationException: The provided starting key is invalid");
  EXPECT_EQ(from(R"({"id":{"S":"b"},"sk":{"N":"0"}})"),
            "ValidationException: The provided starting key is outside query boundaries based on "
            "provided conditions");
  EXPECT_EQ(from(R"({"id":{"S":"a"},"sk":{"N":"-1"}})"),
            "ValidationException: The provided starting key does not match the range key "
            "predicate");
  EXPECT_EQ(from(R"({"id":{},"sk":{"N":"-1"}})"),
            "ValidationException: The provided starting key is invalid: Supplied AttributeValue is "
            "empty, must contain exactly one of the supported datatypes");
}

TEST_F(Pages, AFilterMayNotTestTheKey) {
  EXPECT_EQ(query("", "", "1", R"(,"FilterExpression":"even = :high AND sk = :high")"),
            "ValidationException: Filter Expression can only contain non-primary key attributes: "
            "Primary key attribute: sk");
}

TEST_F(Pages, SegmentsDivideAScanAndPagesCoverIt) {
  std::multiset<std::string> seen;
  for (int segment = 0; segment < 3; ++segment) {
    std::string start;
    do {
      const std::string answer =
          run("Scan", R"("TotalSegments":3,"Limit":4,"Segment":)" + std::to_string(segment) +
                          (start.empty() ? "" : R"(,"ExclusiveStartKey":)" + start));
      const auto object = json::parse_object(answer);
      ASSERT_TRUE(object) << answer;
      for (const auto& item : object->at("Items").get_array()) seen.insert(json::dump(item));
      start = last_key(answer);
    } while (!start.empty());
  }
  EXPECT_EQ(seen.size(), 30u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 30u);
}

TEST_F(Pages, AStartKeyBelongsToItsSegment) {
  int refused = 0;
  for (int segment = 0; segment < 2; ++segment) {
    const std::string answer =
        run("Scan", R"("TotalSegments":2,"ExclusiveStartKey":{"id":{"S":"a"},"sk":{"N":"0"}},)"
                    R"("Segment":)" +
                        std::to_string(segment));
    if (answer ==
        "ValidationException: The provided starting key is invalid: Invalid "
        "ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
        "TotalSegments: 2 Segment: " +
            std::to_string(segment)) {
      ++refused;
    }
  }
  EXPECT_EQ(refused, 1);
}

TEST_F(Pages, APageEndsBeforeItGrowsAboveOneMebibyte) {
  db_.make_table("big", "N");
  const std::string filler(300'000, 'x');
  for (int i = 0; i < 5; ++i) {
    db_.put("big", R"({"id":{"S":"a"},"sk":{"N":")" + std::to_string(i) + R"("},"v":{"S":")" +
                       filler + R"("}})");
  }
  const std::string count =
      R"({"TableName":"big","Select":"COUNT","ReturnConsumedCapacity":"TOTAL")";
  // 3 items of 300,010 or 300,011 bytes are 219.8 blocks of 4 KiB.
  EXPECT_EQ(db_.run("Scan", count + "}"),
            R"({"Count":3,"ScannedCount":3,"LastEvaluatedKey":{"id":{"S":"a"},"sk":{"N":"2"}},)"
            R"("ConsumedCapacity":{"TableName":"big","CapacityUnits":110.0}})");
  EXPECT_EQ(db_.run("Scan", count + R"(,"ConsistentRead":true,"ExclusiveStartKey":)"
                                    R"({"id":{"S":"a"},"sk":{"N":"2"}}})"),
            R"({"Count":2,"ScannedCount":2,)"
            R"("ConsumedCapacity":{"TableName":"big","CapacityUnits":147.0}})");
}

TEST_F(Pages, StringSortKeysTakePrefixes) {
  db_.make_table("texts", "S");
  for (const char* sk : {"a", "ab", "abc", "b", "\u00e9"}) {
    db_.put("texts", R"({"id":{"S":"p"},"sk":{"S":")" + std::string(sk) + R"("}})");
  }
  EXPECT_EQ(db_.run("Query", R"j({"TableName":"texts","KeyConditionExpression":"id = :p AND )j"
                             R"j(begins_with(sk, :x)","ExpressionAttributeValues":)j"
                             R"j({":p":{"S":"p"},":x":{"S":"ab"}},"ProjectionExpression":"sk"})j"),
            R"({"Items":[{"sk":{"S":"ab"}},{"sk":{"S":"abc"}}],"Count":2,"ScannedCount":2})");
}

}  // namespace
}  // namespace stator::dynamodb
