#include <gtest/gtest.h>

#include "dynamodb/test_support.hpp"
#include "dynamodb/test_tables.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;
using testing::index;
using testing::table;
using testing::with;

/// Twelve items of two partitions with indexes of every kind: `lkeys` and `lall` are local by l,
/// `gkeys` is global by g, `gsome` by (g, n) and includes "some1", `multi` by (g, n | a, b).
class IndexReads : public ::testing::Test {
 protected:
  void SetUp() override {
    json::Object request = table("pk sk:N l g n:N a b:N", "pk | sk");
    request["LocalSecondaryIndexes"] =
        json::Array{index("lkeys", "pk | l", "KEYS_ONLY"), index("lall", "pk | l")};
    request["GlobalSecondaryIndexes"] =
        json::Array{index("gkeys", "g", "KEYS_ONLY"), index("gsome", "g | n", "some1"),
                    index("multi", "g n | a b")};
    const std::string answer = db_.run("CreateTable", json::dump(request));
    ASSERT_NE(answer.find("CREATING"), std::string::npos) << answer;
    for (int i = 0; i < 12; ++i) put(i);
    db_.put("items", R"({"pk":{"S":"p0"},"sk":{"N":"99"},"g":{"S":"g0"}})");
  }

  /// Item i: partition p0 or p1, g0 to g2, n 0 or 1, a "a0" to "a2", b = i.
  void put(int i) {
    const auto number = [](int value) { return R"({"N":")" + std::to_string(value) + R"("})"; };
    const auto text = [](const char* name, int value) {
      return R"({"S":")" + std::string(name) + std::to_string(value) + R"("})";
    };
    db_.put("items", R"({"pk":)" + text("p", i % 2) + R"(,"sk":)" + number(i) + R"(,"l":)" +
                         text("l", 9 - i / 2) + R"(,"g":)" + text("g", i % 3) + R"(,"n":)" +
                         number(i % 2) + R"(,"a":)" + text("a", i / 4) + R"(,"b":)" + number(i) +
                         R"(,"some1":)" + text("s", i) + R"(,"rest":)" + text("r", i) + "}");
  }

  std::string run(const std::string& operation, const std::string& rest) {
    return db_.run(operation, R"({"TableName":"items",)" + rest + "}");
  }
  /// A query by a condition on :p, :q, :x, :y (strings p0, q.. given) and :m, :n (numbers).
  std::string query(const std::string& index_name, const std::string& condition,
                    const std::string& rest = "") {
    static const std::map<std::string, std::string> values = {
        {":p0", R"({"S":"p0"})"}, {":g0", R"({"S":"g0"})"}, {":g1", R"({"S":"g1"})"},
        {":l", R"({"S":"l"})"},   {":l6", R"({"S":"l6"})"}, {":l8", R"({"S":"l8"})"},
        {":a0", R"({"S":"a0"})"}, {":a1", R"({"S":"a1"})"}, {":a2", R"({"S":"a2"})"},
        {":n0", R"({"N":"0"})"},  {":n1", R"({"N":"1"})"},  {":n4", R"({"N":"4"})"},
        {":n6", R"({"N":"6"})"}};
    std::string used;
    for (const auto& [name, value] : values) {
      if ((condition + " " + rest + " ").find(name + " ") == std::string::npos &&
          (condition + rest).find(name + ")") == std::string::npos &&
          (condition + rest).find(name + "\"") == std::string::npos) {
        continue;
      }
      used += (used.empty() ? "\"" : ",\"") + name + "\":" + value;
    }
    return run("Query", R"("IndexName":")" + index_name + R"(","KeyConditionExpression":")" +
                            condition + R"(","ExpressionAttributeValues":{)" + used + "}" +
                            (rest.empty() ? "" : "," + rest));
  }
  static std::string sort_keys(const std::string& answer) {
    const auto object = json::parse_object(answer);
    if (!object || !object->contains("Items")) return answer;
    std::string keys;
    for (const auto& item : object->at("Items").get_array()) {
      if (!keys.empty()) keys += ' ';
      keys += json::view(item.at("sk").at("N").get_string());
    }
    return keys;
  }
  static std::string member(const std::string& answer, const char* name) {
    const auto object = json::parse_object(answer);
    const auto* value = object ? json::find(*object, name) : nullptr;
    return value ? json::dump(*value) : "";
  }
  Harness db_;
};

TEST_F(IndexReads, QueriesFollowTheIndexKey) {
  struct Case {
    std::string index, condition, keys;
  };
  for (const Case& c : {
           Case{"lkeys", "pk = :p0", "10 8 6 4 2 0"},
           Case{"lkeys", "pk = :p0 AND l < :l6", "10 8"},
           Case{"lkeys", "pk = :p0 AND l <= :l6", "10 8 6"},
           Case{"lkeys", "pk = :p0 AND l = :l6", "6"},
           Case{"lkeys", "pk = :p0 AND l > :l6", "4 2 0"},
           Case{"lkeys", "pk = :p0 AND l >= :l6", "6 4 2 0"},
           Case{"lkeys", "pk = :p0 AND l BETWEEN :l6 AND :l8", "6 4 2"},
           Case{"lkeys", "pk = :p0 AND begins_with(l, :l)", "10 8 6 4 2 0"},
           Case{"lkeys", "pk = :p0 AND begins_with(l, :l8)", "2"},
           Case{"gsome", "g = :g1", "4 10 1 7"},
           Case{"gsome", "g = :g1 AND n = :n1", "1 7"},
           Case{"gsome", "g = :g1 AND n < :n1", "4 10"},
           Case{"multi", "g = :g0 AND n = :n0", "0 6"},
           Case{"multi", "g = :g0 AND n = :n0 AND a = :a1", "6"},
           Case{"multi", "n = :n0 AND a > :a0 AND g = :g0", "6"},
           Case{"multi", "g = :g0 AND n = :n0 AND a = :a1 AND b = :n6", "6"},
           Case{"multi", "g = :g0 AND n = :n0 AND a = :a1 AND b > :n6", ""},
           Case{"multi", "g = :g0 AND n = :n0 AND a BETWEEN :a0 AND :a2", "0 6"},
       }) {
    EXPECT_EQ(sort_keys(query(c.index, c.condition)), c.keys) << c.index << ": " << c.condition;
  }
  EXPECT_EQ(sort_keys(query("lkeys", "pk = :p0 AND l > :l6", R"("ScanIndexForward":false)")),
            "0 2 4");
}

TEST_F(IndexReads, RefusesConditionsThatDoNotFitTheKey) {
  const std::pair<std::pair<std::string, std::string>, std::string> cases[] = {
      {{"multi", "g = :g0"},
       "HASH key attributes n must have equality conditions specified in the query"},
      {{"multi", "a = :a0"},
       "HASH key attributes g, n must have equality conditions specified in the query"},
      {{"multi", "g = :g0 AND n > :n0"},
       "HASH key attributes n must have equality conditions specified in the query"},
      {{"multi", "g = :g0 AND n = :n0 AND b = :n1"},
       "RANGE key attributes a must have equality conditions specified in the query because a "
       "condition is present on key attribute b"},
      {{"multi", "g = :g0 AND n = :n0 AND a > :a0 AND b = :n1"},
       "RANGE key attributes a must have equality conditions specified in the query because a "
       "condition is present on key attribute b"},
      {{"multi", "g = :g0 AND n = :a0"},
       "One or more parameter values were invalid: Condition parameter type does not match schema "
       "type"},
      {{"gkeys", "g = :g0 AND n = :n0"},
       "The number of query conditions (2) exceeds the number of key attributes defined in the "
       "schema (1)"},
      {{"gkeys", "pk = :p0"}, "Query condition missed key schema element: g"},
      {{"gsome", "g = :g0 AND a = :a0"}, "Query condition missed key schema element: n"},
      {{"nothing", "pk = :p0"}, "The table does not have the specified index: nothing"},
  };
  for (const auto& [input, message] : cases) {
    EXPECT_EQ(query(input.first, input.second), "ValidationException: " + message) << input.second;
  }
}

TEST_F(IndexReads, ReadsNoMoreThanTheIndexHas) {
  const std::string invalid = "ValidationException: One or more parameter values were invalid: ";
  EXPECT_EQ(query("gkeys", "g = :g0", R"("Select":"ALL_ATTRIBUTES")"),
            invalid +
                "Select type ALL_ATTRIBUTES is not supported for global secondary index "
                "gkeys because its projection type is not ALL");
  EXPECT_EQ(query("gsome", "g = :g0", R"("ProjectionExpression":"rest.x, some1, pk, a, rest.y")"),
            invalid + "Global secondary index gsome does not project [rest, a]");
  for (const char* name : {"gkeys", "lkeys"}) {
    const std::string condition = name[0] == 'g' ? "g = :g0" : "pk = :p0";
    EXPECT_EQ(query(name, condition, R"("FilterExpression":"rest = :a0 ")"),
              invalid + "Secondary index " + name +
                  " does not project one or more filter attributes: [rest]");
  }
  EXPECT_EQ(query("gkeys", "g = :g0", R"("FilterExpression":"g = :g0 ")"),
            "ValidationException: Filter Expression can only contain non-primary key attributes: "
            "Primary key attribute: g");
  const std::string inconsistent =
      "ValidationException: Consistent reads are not supported on global secondary indexes";
  EXPECT_EQ(query("gkeys", "g = :g0", R"("ConsistentRead":true)"), inconsistent);
  EXPECT_EQ(run("Scan", R"("IndexName":"gkeys","ConsistentRead":true)"), inconsistent);
}

TEST_F(IndexReads, KeysAreScalarsAndNeverEmpty) {
  const auto get = [&](const std::string& projection) {
    return run("GetItem", R"("Key":{"pk":{"S":"p0"},"sk":{"N":"0"}},"ProjectionExpression":")" +
                              projection + "\"");
  };
  const std::string scalars =
      "ValidationException: Key attributes must be scalars; list random access '[]' and map lookup "
      "'.' are not allowed: ";
  EXPECT_EQ(get("pk.x"), scalars + "Key: pk");
  EXPECT_EQ(get("l[0]"), scalars + "IndexKey: l");
  EXPECT_EQ(run("Scan", R"("ProjectionExpression":"rest.x, g.x")"), scalars + "IndexKey: g");
  EXPECT_EQ(query("gkeys", "g = :g0", R"("FilterExpression":"sk.x = :g0 ")"), scalars + "Key: sk");
  EXPECT_EQ(run("UpdateItem", R"("Key":{"pk":{"S":"p0"},"sk":{"N":"0"}},)"
                              R"("UpdateExpression":"REMOVE l.x")"),
            scalars + "IndexKey: l");

  const auto with_value = [&](const std::string& index_name, const std::string& condition,
                              const std::string& value) {
    return run("Query", R"("IndexName":")" + index_name + R"(","KeyConditionExpression":")" +
                            condition + R"(","ExpressionAttributeValues":{":v":{"S":")" + value +
                            R"("}})");
  };
  EXPECT_EQ(with_value("gkeys", "g = :v", ""),
            "ValidationException: One or more parameter values are not valid. A value specified "
            "for a secondary index key is not supported. The AttributeValue for a key attribute "
            "cannot contain an empty string value. IndexName: gkeys, IndexKey: g");
  EXPECT_EQ(with_value("lall", "pk = :v AND l > :v", std::string(1'025, 'x')),
            "ValidationException: One or more parameter values were invalid: Aggregated size of "
            "all range keys has exceeded the size limit of 1024 bytes");
}

TEST_F(IndexReads, GivesProjectedAttributesAndFetchesForLocalIndexes) {
  EXPECT_EQ(
      member(query("gsome", "g = :g1 AND n = :n1", R"("Limit":1)"), "Items"),
      R"([{"g":{"S":"g1"},"n":{"N":"1"},"pk":{"S":"p1"},"sk":{"N":"1"},"some1":{"S":"s1"}}])");
  EXPECT_EQ(member(query("lkeys", "pk = :p0 AND l = :l6"), "Items"),
            R"([{"l":{"S":"l6"},"pk":{"S":"p0"},"sk":{"N":"6"}}])");
  EXPECT_EQ(
      member(query("lkeys", "pk = :p0 AND l = :l6", R"("ProjectionExpression":"rest")"), "Items"),
      R"([{"rest":{"S":"r6"}}])");
  const std::string all =
      R"([{"a":{"S":"a1"},"b":{"N":"6"},"g":{"S":"g0"},"l":{"S":"l6"},"n":{"N":"0"},)"
      R"("pk":{"S":"p0"},"rest":{"S":"r6"},"sk":{"N":"6"},"some1":{"S":"s6"}}])";
  for (const char* name : {"lkeys", "lall"}) {
    EXPECT_EQ(member(query(name, "pk = :p0 AND l = :l6", R"("Select":"ALL_ATTRIBUTES")"), "Items"),
              all);
  }
}

TEST_F(IndexReads, ChargesTheIndexAndWhatItFetches) {
  const std::string indexes = R"("ReturnConsumedCapacity":"INDEXES")";
  EXPECT_EQ(member(query("lkeys", "pk = :p0", indexes), "ConsumedCapacity"),
            R"({"TableName":"items","CapacityUnits":5E-1,"Table":{"CapacityUnits":0E0},)"
            R"("LocalSecondaryIndexes":{"lkeys":{"CapacityUnits":5E-1}}})");
  // Six items, each a read of its own.
  EXPECT_EQ(member(query("lkeys", "pk = :p0",
                         R"("ConsistentRead":true,"Select":"ALL_ATTRIBUTES",)" + indexes),
                   "ConsumedCapacity"),
            R"({"TableName":"items","CapacityUnits":7E0,"Table":{"CapacityUnits":6E0},)"
            R"("LocalSecondaryIndexes":{"lkeys":{"CapacityUnits":1E0}}})");
  EXPECT_EQ(member(query("gkeys", "g = :g0", indexes), "ConsumedCapacity"),
            R"({"TableName":"items","CapacityUnits":5E-1,"Table":{"CapacityUnits":0E0},)"
            R"("GlobalSecondaryIndexes":{"gkeys":{"CapacityUnits":5E-1}}})");
}

TEST_F(IndexReads, PagesCoverEqualKeysOnceInBothDirections) {
  for (const std::string forward : {"true", "false"}) {
    std::vector<std::string> seen;
    std::string start;
    do {
      const std::string answer =
          query("gkeys", "g = :g0",
                R"("Limit":1,"ScanIndexForward":)" + forward +
                    (start.empty() ? "" : R"(,"ExclusiveStartKey":)" + start));
      if (!sort_keys(answer).empty()) seen.push_back(sort_keys(answer));
      start = member(answer, "LastEvaluatedKey");
    } while (!start.empty() && seen.size() < 20);
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, (std::vector<std::string>{"0", "3", "6", "9", "99"}));
  }
  EXPECT_EQ(member(query("multi", "g = :g0 AND n = :n0", R"("Limit":1)"), "LastEvaluatedKey"),
            R"({"pk":{"S":"p0"},"sk":{"N":"0"},"g":{"S":"g0"},"n":{"N":"0"},"a":{"S":"a0"},)"
            R"("b":{"N":"0"}})");
}

TEST_F(IndexReads, ChecksStartKeys) {
  const auto from = [&](const std::string& key) {
    return query("gsome", "g = :g1 AND n = :n1", R"("ExclusiveStartKey":)" + key);
  };
  const std::string invalid = "ValidationException: The provided starting key is invalid";
  EXPECT_EQ(from("{}"), invalid);
  EXPECT_EQ(from(R"({"pk":{"S":"p1"},"sk":{"N":"1"}})"), invalid);
  EXPECT_EQ(from(R"({"pk":{"S":"p1"},"sk":{"N":"1"},"g":{"S":"g1"},"n":{"S":"1"}})"),
            "ValidationException: The provided key element does not match the schema");
  EXPECT_EQ(from(R"({"pk":{"N":"1"},"sk":{"N":"1"},"g":{"S":"g1"},"n":{"N":"1"}})"),
            invalid + ": The provided key element does not match the schema");
  EXPECT_EQ(from(R"({"pk":{"S":"p1"},"sk":{"N":"1"},"g":{"S":"g2"},"n":{"N":"1"}})"),
            "ValidationException: The provided starting key is outside query boundaries based on "
            "provided conditions");
  EXPECT_EQ(from(R"({"pk":{"S":"p1"},"sk":{"N":"1"},"g":{"S":"g1"},"n":{"N":"2"}})"),
            "ValidationException: The provided starting key does not match the range key "
            "predicate");
  EXPECT_EQ(sort_keys(from(R"({"pk":{"S":"p1"},"sk":{"N":"1"},"g":{"S":"g1"},"n":{"N":"1"}})")),
            "7");
  EXPECT_EQ(run("Scan", R"("IndexName":"gsome","ExclusiveStartKey":{"pk":{"S":"p1"}})"), invalid);
}

TEST_F(IndexReads, ScansReadWhatIsInTheIndexInSegments) {
  std::multiset<std::string> seen;
  for (int segment = 0; segment < 3; ++segment) {
    std::string start;
    do {
      const std::string answer =
          run("Scan", R"("IndexName":"gsome","TotalSegments":3,"Limit":2,"Segment":)" +
                          std::to_string(segment) +
                          (start.empty() ? "" : R"(,"ExclusiveStartKey":)" + start));
      const auto object = json::parse_object(answer);
      ASSERT_TRUE(object) << answer;
      for (const auto& item : object->at("Items").get_array()) seen.insert(json::dump(item));
      start = member(answer, "LastEvaluatedKey");
    } while (!start.empty());
  }
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 12u);
  EXPECT_EQ(member(run("Scan", R"("IndexName":"gkeys","Select":"COUNT")"), "Count"), "13");
}

TEST_F(IndexReads, KeysOfIndexesAreJudgedWhenTheyAreWritten) {
  const std::string key = R"("pk":{"S":"p"},"sk":{"N":"1"})";
  const auto put_with = [&](const std::string& attribute) {
    return run("PutItem", R"("Item":{)" + key + "," + attribute + "}");
  };
  const auto set = [&](const std::string& value) {
    return run("UpdateItem", R"("Key":{)" + key +
                                 R"(},"UpdateExpression":"SET l = :v","ExpressionAttributeValues":)"
                                 R"({":v":)" +
                                 value + "}");
  };
  const std::string invalid = "ValidationException: One or more parameter values were invalid: ";
  const std::string empty = "ValidationException: One or more parameter values are not valid. ";
  EXPECT_EQ(put_with(R"("l":{"N":"1"})"),
            invalid + "Type mismatch for Index Key l Expected: S Actual: N IndexName: lkeys");
  EXPECT_EQ(put_with(R"("g":{"S":""})"),
            empty +
                "A value specified for a secondary index key is not supported. The "
                "AttributeValue for a key attribute cannot contain an empty string value. "
                "IndexName: gkeys, IndexKey: g");
  EXPECT_EQ(set(R"({"S":""})"),
            empty +
                "The update expression attempted to update a secondary index key to a value "
                "that is not supported. The AttributeValue for a key attribute cannot contain "
                "an empty string value.");
  EXPECT_EQ(
      put_with(R"("l":{"S":")" + std::string(1'025, 'x') + R"("})"),
      invalid + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  EXPECT_EQ(put_with(R"("g":{"S":")" + std::string(2'049, 'x') + R"("})"),
            invalid + "Size of hashkey has exceeded the maximum size limit of2048 bytes");
  EXPECT_EQ(put_with(R"("l":{"S":")" + std::string(1'024, 'x') + R"("})"), "{}");
}

/// What writes cost; every item is below 1 KB, so each index written costs 1.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations
TEST(IndexCapacity, WritesCostWhatChangesInTheIndexes) {
  Harness db;
  json::Object request = table("pk sk g l", "pk | sk");
  request["GlobalSecondaryIndexes"] = json::Array{index("global", "g", "proj")};
  request["LocalSecondaryIndexes"] = json::Array{index("local", "pk | l")};
  db.run("CreateTable", json::dump(request));
  const auto cost = [&](const std::string& operation, const std::string& rest) {
    const std::string answer = db.run(
        operation, R"({"TableName":"items","ReturnConsumedCapacity":"INDEXES",)" + rest + "}");
    const auto object = json::parse_object(answer);
    if (!object) return answer;
    const auto& consumed = object->at("ConsumedCapacity").get_object();
    const auto units = [](const json::Value& part) {
      return std::to_string(static_cast<int>(part.at("CapacityUnits").as_double()));
    };
    std::string text =
        std::to_string(static_cast<int>(consumed.at("CapacityUnits").as_double())) + " =";
    text += " " + units(consumed.at("Table"));
    if (const auto* global = consumed.if_contains("GlobalSecondaryIndexes")) {
      text += " g" + units(global->at("global"));
    }
    if (const auto* local = consumed.if_contains("LocalSecondaryIndexes")) {
      text += " l" + units(local->at("local"));
    }
    return text;
  };
  const std::string key = R"("pk":{"S":"p"},"sk":{"S":"1"})";
  const auto put = [&](const std::string& more) {
    return cost("PutItem", R"("Item":{)" + key + more + "}");
  };
  const auto update = [&](const std::string& expression) {
    return cost("UpdateItem", R"("Key":{)" + key + R"(},"UpdateExpression":")" + expression +
                                  R"(","ExpressionAttributeValues":{":v":{"S":"new"}})");
  };
  const std::string full = R"(,"g":{"S":"g"},"l":{"S":"l"},"proj":{"S":"p"},"misc":{"S":"o"})";
  EXPECT_EQ(put(R"(,"misc":{"S":"o"})"), "1 = 1");
  EXPECT_EQ(put(full), "3 = 1 g1 l1");
  EXPECT_EQ(put(full), "1 = 1");
  EXPECT_EQ(update("SET misc = :v"), "2 = 1 l1");
  EXPECT_EQ(update("SET proj = :v"), "3 = 1 g1 l1");
  EXPECT_EQ(update("SET g = :v"), "4 = 1 g2 l1");
  EXPECT_EQ(update("SET l = :v"), "3 = 1 l2");
  EXPECT_EQ(cost("UpdateItem", R"("Key":{)" + key + R"(},"UpdateExpression":"REMOVE g")"),
            "3 = 1 g1 l1");
  EXPECT_EQ(cost("DeleteItem", R"("Key":{)" + key + "}"), "2 = 1 l1");
  EXPECT_EQ(db.run("PutItem", R"({"TableName":"items","ReturnConsumedCapacity":"TOTAL","Item":{)" +
                                  key + full + "}}"),
            R"({"ConsumedCapacity":{"TableName":"items","CapacityUnits":3.0}})");
}

TEST(IndexCapacity, CollectionsAreSizedOnlyBesideLocalIndexes) {
  Harness db;
  json::Object request = table("pk sk l", "pk | sk");
  request["LocalSecondaryIndexes"] = json::Array{index("local", "pk | l")};
  db.run("CreateTable", json::dump(request));
  db.make_table("plain", "S");
  const auto metrics = [&](const std::string& name, const std::string& operation,
                           const std::string& rest) {
    return db.run(operation, R"({"TableName":")" + name +
                                 R"(","ReturnItemCollectionMetrics":"SIZE",)" + rest + "}");
  };
  const std::string answer = R"({"ItemCollectionMetrics":{"ItemCollectionKey":{"pk":{"S":"p"}},)"
                             R"("SizeEstimateRangeGB":[0.0,1.0]}})";
  const std::string key = R"({"pk":{"S":"p"},"sk":{"S":"1"}})";
  EXPECT_EQ(metrics("items", "PutItem", R"("Item":)" + key), answer);
  EXPECT_EQ(metrics("items", "UpdateItem", R"("Key":)" + key), answer);
  EXPECT_EQ(metrics("items", "DeleteItem", R"("Key":)" + key), answer);
  EXPECT_EQ(metrics("plain", "PutItem", R"("Item":{"id":{"S":"p"},"sk":{"S":"1"}})"), "{}");
}

}  // namespace
}  // namespace stator::dynamodb
