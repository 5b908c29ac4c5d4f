#include <gtest/gtest.h>

#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

using testing::Harness;

/// What every case starts from.
constexpr const char* kItem =
    R"({"id":{"S":"a"},"n":{"N":"10"},"s":{"S":"text"},"ss":{"SS":["a","b"]},)"
    R"("ns":{"NS":["1","2"]},"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"N":"3"}]},)"
    R"("m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}}})";

constexpr const char* kValues =
    R"("ExpressionAttributeValues":{":one":{"N":"1"},":two":{"N":"2"},":t":{"S":"new"},)"
    R"(":l":{"L":[{"S":"z"}]},":a":{"SS":["a"]},":ab":{"SS":["a","b"]},":bc":{"SS":["b","c"]},)"
    R"(":big":{"N":"1E125"},":ns":{"NS":["2","3"]}})";

class Update : public ::testing::Test {
 protected:
  void SetUp() override { db_.make_table("items"); }

  /// Runs an update of item "a" with those of kValues that its text mentions.
  std::string update(const std::string& expression, const std::string& rest = "") {
    const auto all = json::parse_object("{" + std::string(kValues) + "}").value();
    json::Object used;
    for (const auto& value : all.at("ExpressionAttributeValues").get_object()) {
      const std::string name(value.key());
      const std::string padded = expression + " ";
      for (const char* end : {" ", ",", ")"}) {
        if (padded.find(name + end) != std::string::npos) used[name] = value.value();
      }
    }
    std::string body = R"({"TableName":"items","Key":{"id":{"S":"a"}})";
    if (!expression.empty()) body += R"(,"UpdateExpression":)" + json::quote(expression);
    if (!used.empty()) body += R"(,"ExpressionAttributeValues":)" + json::dump(used);
    return db_.run("UpdateItem", body + rest + "}");
  }
  /// The whole item after an update of kItem, without the attributes that it left alone.
  std::string after(const std::string& expression) {
    db_.put("items", kItem);
    return update(expression, R"(,"ReturnValues":"UPDATED_NEW")");
  }
  std::string get() {
    return db_.run("GetItem", R"({"TableName":"items","Key":{"id":{"S":"a"}}})");
  }
  Harness db_;
};

TEST_F(Update, AppliesEachAction) {
  const std::pair<std::string, std::string> cases[] = {
      {"SET s = :t", R"({"s":{"S":"new"}})"},
      {"SET fresh = :t", R"({"fresh":{"S":"new"}})"},
      {"SET n = n + :one", R"({"n":{"N":"11"}})"},
      {"SET n = :one - n", R"({"n":{"N":"-9"}})"},
      {"SET n = if_not_exists(n, :one) + :one", R"({"n":{"N":"11"}})"},
      {"SET c = if_not_exists(c, :one) + :one", R"({"c":{"N":"2"}})"},
      {"SET c = s", R"({"c":{"S":"text"}})"},
      {"SET m.z = :one", R"({"m":{"M":{"z":{"N":"1"}}}})"},
      {"SET m.x = m.y", R"({"m":{"M":{"x":{"N":"2"}}}})"},
      {"SET l[1] = :t", R"({"l":{"L":[{"S":"new"}]}})"},
      {"ADD n :one", R"({"n":{"N":"11"}})"},
      {"ADD fresh :one", R"({"fresh":{"N":"1"}})"},
      {"ADD ss :bc", R"({"ss":{"SS":["a","b","c"]}})"},
      {"ADD ns :ns", R"({"ns":{"NS":["1","2","3"]}})"},
      {"ADD fresh :bc", R"({"fresh":{"SS":["b","c"]}})"},
      {"ADD m.x :one", R"({"m":{"M":{"x":{"N":"2"}}}})"},
      {"DELETE ss :a", R"({"ss":{"SS":["b"]}})"},
      {"DELETE ss :bc", R"({"ss":{"SS":["a"]}})"},
  };
  for (const auto& [expression, attributes] : cases) {
    EXPECT_EQ(after(expression), R"({"Attributes":)" + attributes + "}") << expression;
  }
}

TEST_F(Update, ListsMeanTheElementsThatTheyHad) {
  const auto list = [&](const std::string& expression) {
    db_.put("items", kItem);
    const auto answer = update(expression, R"(,"ReturnValues":"ALL_NEW")");
    const auto begin = answer.find(R"("l":{"L":)");
    return begin == std::string::npos ? answer : answer.substr(begin, answer.find("]") + 1 - begin);
  };
  const std::string l = R"("l":{"L":)";
  EXPECT_EQ(list("REMOVE l[0]"), l + R"([{"N":"1"},{"N":"2"},{"N":"3"}])");
  EXPECT_EQ(list("REMOVE l[0], l[2]"), l + R"([{"N":"1"},{"N":"3"}])");
  EXPECT_EQ(list("REMOVE l[0] SET l[1] = :t"), l + R"([{"S":"new"},{"N":"2"},{"N":"3"}])");
  EXPECT_EQ(list("SET l[9] = :t, l[7] = :one"),
            l + R"([{"N":"0"},{"N":"1"},{"N":"2"},{"N":"3"},{"N":"1"},{"S":"new"}])");
  EXPECT_EQ(list("REMOVE l[3] SET l[8] = :t, l[0] = l[2]"),
            l + R"([{"N":"2"},{"N":"1"},{"N":"2"},{"S":"new"}])");
  EXPECT_EQ(list("REMOVE l[9]"), l + R"([{"N":"0"},{"N":"1"},{"N":"2"},{"N":"3"}])");
  EXPECT_EQ(list("SET l = list_append(:l, l)"),
            l + R"([{"S":"z"},{"N":"0"},{"N":"1"},{"N":"2"},{"N":"3"}])");
  EXPECT_EQ(list("SET l[0] = n, n = l[0]"), l + R"([{"N":"10"},{"N":"1"},{"N":"2"},{"N":"3"}])");
}

TEST_F(Update, ReadsOperandsFromTheItemAsItWas) {
  EXPECT_EQ(after("SET n = m.x, m.x = n"),
            R"({"Attributes":{"m":{"M":{"x":{"N":"10"}}},"n":{"N":"1"}}})");
}

TEST_F(Update, RemovesAndReturnsWhatItTouched) {
  EXPECT_EQ(after("REMOVE s, absent"), "{}");
  EXPECT_EQ(after("REMOVE m.x"), "{}");
  EXPECT_EQ(after("REMOVE m.nothing"), "{}");
  EXPECT_EQ(after("DELETE ss :ab"), "{}");
  EXPECT_EQ(get().find("\"ss\""), std::string::npos);
  EXPECT_EQ(after("DELETE absent :a"), "{}");
  db_.put("items", kItem);
  EXPECT_EQ(update("REMOVE m.x SET s = :t", R"(,"ReturnValues":"UPDATED_OLD")"),
            R"({"Attributes":{"m":{"M":{"x":{"N":"1"}}},"s":{"S":"text"}}})");
  EXPECT_EQ(update("SET fresh = :t", R"(,"ReturnValues":"UPDATED_OLD")"), "{}");
  db_.put("items", R"({"id":{"S":"a"},"s":{"S":"text"}})");
  EXPECT_EQ(update("SET s = :t", R"(,"ReturnValues":"ALL_OLD")"),
            R"({"Attributes":{"id":{"S":"a"},"s":{"S":"text"}}})");
  EXPECT_EQ(update("SET s = :t", R"(,"ReturnValues":"ALL_NEW")"),
            R"({"Attributes":{"id":{"S":"a"},"s":{"S":"new"}}})");
}

TEST_F(Update, RefusesAndLeavesTheItemAlone) {
  const std::string path =
      "The document path provided in the update expression is invalid for update";
  const std::string type = "An operand in the update expression has an incorrect data type";
  const std::string missing =
      "The provided expression refers to an attribute that does not exist in the item";
  const std::pair<std::string, std::string> cases[] = {
      {"SET id = :t",
       "One or more parameter values were invalid: Cannot update attribute id. This attribute is "
       "part of the key"},
      {"SET n = :one, s.x = :t", path},
      {"SET absent.x = :t", path},
      {"SET m[0] = :t", path},
      {"SET l.x = :t", path},
      {"REMOVE s.x", path},
      {"REMOVE absent.x", path},
      {"REMOVE m[0]", path},
      {"SET n = absent", missing},
      {"SET n = absent + :one", missing},
      {"SET n = s + :one", type},
      {"SET n = list_append(s, :l)", type},
      {"ADD s :one", type},
      {"ADD ss :ns", type},
      {"DELETE n :a", type},
      {"DELETE ns :a", type},
      {"ADD n :big", "Attempting to store more than 38 significant digits in a Number"},
  };
  for (const auto& [expression, message] : cases) {
    EXPECT_EQ(after(expression), "ValidationException: " + message) << expression;
    EXPECT_NE(get().find(R"("n":{"N":"10"})"), std::string::npos) << expression;
  }
}

TEST_F(Update, MakesAnItemUnlessItOnlyTakesAway) {
  EXPECT_EQ(update("REMOVE x", R"(,"ReturnValues":"ALL_NEW")"), "{}");
  EXPECT_EQ(update("REMOVE x.y[0]"), "{}");
  EXPECT_EQ(update("DELETE ss :a"), "{}");
  EXPECT_EQ(get(), "{}");
  EXPECT_EQ(update("", R"(,"ReturnValues":"ALL_NEW")"), R"({"Attributes":{"id":{"S":"a"}}})");
  EXPECT_EQ(get(), R"({"Item":{"id":{"S":"a"}}})");
  db_.run("DeleteItem", R"({"TableName":"items","Key":{"id":{"S":"a"}}})");
  EXPECT_EQ(update("SET s = :t REMOVE x"), "{}");
  EXPECT_EQ(get(), R"({"Item":{"id":{"S":"a"},"s":{"S":"new"}}})");
}

TEST_F(Update, KeepsItemsAndNestingWithinTheirBounds) {
  const std::string half(300'000, 'x');
  db_.put("items", R"({"id":{"S":"a"},"x":{"S":")" + half + R"("}})");
  EXPECT_EQ(update("SET y = x"),
            "ValidationException: Item size to update has exceeded the maximum allowed size");
  // Each update could wrap the map once more.
  db_.put("items", R"({"id":{"S":"a"},"m":{"M":{}}})");
  std::string answer;
  int levels = 1;
  for (; levels < 100 && (answer = update("SET m.m = m")) == "{}"; ++levels) continue;
  EXPECT_EQ(answer, "ValidationException: Nesting Levels have exceeded supported limits");
  EXPECT_EQ(levels, 32);
}

TEST_F(Update, AChangeThatChangesNothingWritesNothing) {
  db_.put("items", kItem);
  const auto before = db_.store().last();
  EXPECT_EQ(update("SET n = n"), "{}");
  EXPECT_EQ(db_.store().last(), before);
}

}  // namespace
}  // namespace stator::dynamodb
