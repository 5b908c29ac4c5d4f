#include "dynamodb/expr/evaluate.hpp"

#include <gtest/gtest.h>

#include "dynamodb/expr/parser.hpp"

namespace stator::dynamodb::expr {
namespace {

/// The item that every case looks at.
Item sample() {
  Map inner;
  inner.set("x", Value("deep"));
  inner.set("list", List{{Number::from_integer(1), Value("two")}});
  Item item;
  item.set("text", Value("hello"));
  item.set("num", Number::from_integer(10));
  item.set("raw", Binary{"\x01\x02"});
  item.set("yes", true);
  item.set("nothing", Null{});
  item.set("ss", StringSet{{"a", "b"}});
  item.set("ns", NumberSet{{Number::from_integer(1), Number::from_integer(2)}});
  item.set("bs", BinarySet{{Binary{"\x01"}}});
  item.set("list", List{{Value("p"), Number::from_integer(7)}});
  item.set("m", std::move(inner));
  return item;
}

Map values() {
  Map map;
  map.set(":hello", Value("hello"));
  map.set(":he", Value("he"));
  map.set(":ell", Value("ell"));
  map.set(":a", Value("a"));
  map.set(":p", Value("p"));
  map.set(":z", Value("z"));
  map.set(":deep", Value("deep"));
  map.set(":n2", Number::from_integer(2));
  map.set(":n5", Number::from_integer(5));
  map.set(":n7", Number::from_integer(7));
  map.set(":n10", Number::from_integer(10));
  map.set(":n20", Number::from_integer(20));
  map.set(":b1", Binary{"\x01"});
  map.set(":b2", Binary{"\x02"});
  map.set(":true", true);
  map.set(":null", Null{});
  map.set(":ab", StringSet{{"a", "b"}});
  map.set(":S", Value("S"));
  map.set(":L", Value("L"));
  return map;
}

bool evaluate(const std::string& text, const Item& item) {
  const Map map = values();
  const Names names = {{"#l", "list"}, {"#raw", "raw"}, {"#text", "text"}};
  Placeholders placeholders(names, map);
  const auto node = parse_condition("ConditionExpression", text, placeholders);
  EXPECT_TRUE(node) << text << ": " << node.error().message;
  const std::string bytes = encode_item(item);
  return node && holds(*node, EncodedItem(bytes));
}

TEST(Evaluate, HoldsWhereItShould) {
  for (const std::string text : {
           "#text = :hello",
           ":hello = #text",
           "num = :n10",
           "num <> :n5",
           "num > :n5",
           "num >= :n10",
           "num < :n20",
           "num <= :n10",
           "#text <> :n10",
           "absent <> :n5",
           "absent <> gone",
           "num BETWEEN :n5 AND :n20",
           "num BETWEEN :n10 AND :n10",
           "num IN (:n5, :n10)",
           "#text IN (:a, #text)",
           "yes = :true",
           "nothing = :null",
           "ss = :ab",
           "m.x = :deep",
           "m.#l[1] <> :a",
           "#l[0] = :p",
           "attribute_exists(m.x)",
           "attribute_exists(#l[1])",
           "attribute_not_exists(m.y)",
           "attribute_not_exists(#l[2])",
           "attribute_not_exists(#text.x)",
           "attribute_type(#text, :S)",
           "attribute_type(#l, :L)",
           "begins_with(#text, :he)",
           "begins_with(#raw, :b1)",
           "contains(#text, :ell)",
           "contains(#raw, :b2)",
           "contains(ss, :a)",
           "contains(ns, :n2)",
           "contains(bs, :b1)",
           "contains(#l, :n7)",
           "size(#text) = :n5",
           "size(#l) = :n2",
           "size(ss) = size(#raw)",
           "size(m) = :n2",
           "NOT num = :n5",
           "num = :n5 OR num = :n10",
           "num = :n10 AND #text = :hello",
           "num = :n5 AND num = :n5 OR num = :n10",
           "NOT (num = :n5 AND num = :n10)",
           "NOT num = :n5 AND num = :n10",
       }) {
    EXPECT_TRUE(evaluate(text, sample())) << text;
  }
}

TEST(Evaluate, FailsWhereItShould) {
  for (const std::string text : {
           "#text = :n10",
           "absent = :n5",
           "absent = gone",
           "absent < :n5",
           "#text < :n10",
           "yes < num",
           "num BETWEEN :n20 AND :n20",
           "#text BETWEEN :n5 AND :n20",
           "num IN (:n5, :hello)",
           "absent IN (:n5)",
           "attribute_exists(#l[2])",
           "attribute_exists(#text[0])",
           "attribute_not_exists(num)",
           "attribute_type(num, :S)",
           "attribute_type(absent, :S)",
           "begins_with(#text, :ell)",
           "begins_with(num, :he)",
           "begins_with(absent, :he)",
           "contains(#text, :z)",
           "contains(#text, :n5)",
           "contains(ss, :z)",
           "contains(ss, :n2)",
           "contains(num, :n10)",
           "size(num) = :n2",
           "size(absent) < :n5",
           "NOT num = :n10",
           "num = :n10 AND num = :n5",
       }) {
    EXPECT_FALSE(evaluate(text, sample())) << text;
  }
}

TEST(Evaluate, SeesNothingWhereThereIsNoItem) {
  const Map map = values();
  const Names names;
  Placeholders placeholders(names, map);
  const auto absent =
      parse_condition("ConditionExpression", "attribute_not_exists(num)", placeholders);
  EXPECT_TRUE(holds(absent.value(), EncodedItem()));
  const auto present = parse_condition("ConditionExpression", "num = :n10", placeholders);
  EXPECT_FALSE(holds(present.value(), EncodedItem()));
}

}  // namespace
}  // namespace stator::dynamodb::expr
