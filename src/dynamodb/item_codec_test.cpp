#include "dynamodb/item_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/check.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/test_generators.hpp"

namespace stator::dynamodb {
namespace {

Item sample() {
  Item inner;
  inner.set("x", Value("y"));
  Item item;
  item.set("id", Value("a-1"));
  item.set("count", Number::from_integer(42));
  item.set("raw", Binary{std::string("\0\1", 2)});
  item.set("list", List{{Value("z"), Null{}, true}});
  item.set("map", inner);
  return item;
}

TEST(ItemCodec, FindsOneAttributeWithoutTheOthers) {
  const std::string bytes = encode_item(sample());
  const EncodedItem item(bytes);
  ASSERT_TRUE(item.find("count"));
  EXPECT_EQ(item.find("count")->decode(), Value(Number::from_integer(42)));
  EXPECT_EQ(item.find("map")->member("x")->decode(), Value("y"));
  EXPECT_EQ(item.find("list")->element(1)->type(), Type::kNull);
  EXPECT_FALSE(item.find("list")->element(3));
  EXPECT_FALSE(item.find("list")->member("x"));
  EXPECT_FALSE(item.find("absent"));
  EXPECT_FALSE(item.find("zzz"));
}

TEST(ItemCodec, WritesAwsJson) {
  std::string json;
  EncodedItem(encode_item(sample()));
  const std::string bytes = encode_item(sample());
  EncodedItem(bytes).append_json(json);
  EXPECT_EQ(json, R"({"count":{"N":"42"},"id":{"S":"a-1"},"list":{"L":[{"S":"z"},{"NULL":true},)"
                  R"({"BOOL":true}]},"map":{"M":{"x":{"S":"y"}}},"raw":{"B":"AAE="}})");
}

TEST(ItemCodec, CountsSizesByTheRulesOfAws) {
  // Names and contents; 3 for each list or map and 1 for each of its elements.
  Item item;
  item.set("pk", Value("abc"));
  EXPECT_EQ(size_bytes(item), 5u);
  item.set("l", List{{Value("ab"), true}});
  EXPECT_EQ(size_bytes(item), 5u + 1 + 3 + (2 + 1) + (1 + 1));
  Map map;
  map.set("k", Value("v"));
  item.set("m", map);
  EXPECT_EQ(size_bytes(item), 5u + 9 + 1 + 3 + (1 + 1) + 1);
  item.set("s", StringSet{{"a", "bc"}});
  EXPECT_EQ(size_bytes(item), 5u + 9 + 7 + 1 + 3);
}

TEST(ItemCodec, RefusesBytesThatNoEncoderWrote) {
  EXPECT_THROW(EncodedItem(""), BugError);
  EXPECT_THROW(EncodedItem("\2"), BugError);
  const std::string bytes = encode_item(sample());
  for (std::size_t length = 2; length < bytes.size(); ++length) {
    try {
      static_cast<void>(EncodedItem(std::string_view(bytes).substr(0, length)).decode());
    } catch (const BugError&) {
    }
  }
}

RC_GTEST_PROP(ItemCodecProperty, RoundTripsAndWritesTheSameJson, ()) {
  const Item item = *testing::map(4);
  const std::string bytes = encode_item(item);
  const EncodedItem encoded(bytes);
  RC_ASSERT(encoded.decode() == item);
  RC_ASSERT(encoded.size_bytes() == size_bytes(item));
  std::string from_bytes;
  std::string from_tree;
  encoded.append_json(from_bytes);
  append_json(from_tree, item);
  RC_ASSERT(from_bytes == from_tree);
  for (const auto& [name, value] : item) RC_ASSERT(encoded.find(name)->decode() == value);
}

}  // namespace
}  // namespace stator::dynamodb
