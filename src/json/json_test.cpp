#include "json/json.hpp"

#include <gtest/gtest.h>

namespace stator::json {
namespace {

TEST(Json, RoundTripsAndKeepsOrder) {
  const std::string text = R"({"b":1,"a":[true,null,"x\n",-2.5E0]})";
  EXPECT_EQ(dump(*parse(text)), text);
}

TEST(Json, SaysWhereTheFaultIs) {
  EXPECT_EQ(parse("{\"a\":}").error().code, ErrorCode::kInvalid);
  EXPECT_NE(parse("{} x").error().message.find("offset 3"), std::string::npos);
  EXPECT_FALSE(parse("{\"a\":1"));
  EXPECT_FALSE(parse(""));
  EXPECT_FALSE(parse_object("[]"));
  EXPECT_FALSE(parse(std::string(100, '[') + std::string(100, ']')));
}

TEST(Json, FindsMembersByType) {
  const Object object = *parse_object(R"({"s":"t","i":7,"b":true})");
  EXPECT_EQ(find_string(object, "s"), "t");
  EXPECT_EQ(find_int(object, "i"), 7);
  EXPECT_EQ(find_bool(object, "b"), true);
  EXPECT_EQ(find_string(object, "i"), std::nullopt);
  EXPECT_EQ(find_string(object, "none"), std::nullopt);
  EXPECT_EQ(quote("a\"b"), R"("a\"b")");
}

TEST(Json, ValidatesWithoutBuilding) {
  for (const auto* text : {"{}", " [1, -2.5e3, \"a\\u00e9\", null, true] ", "3", "\"x\""}) {
    EXPECT_TRUE(validate(text)) << text;
  }
  for (const auto* text : {"", "{", "{\"a\":}", "[1,]", "{} {}", "nul", "{'a':1}"}) {
    EXPECT_FALSE(validate(text)) << text;
  }
  EXPECT_TRUE(validate(std::string(512, '[') + std::string(512, ']')));
  EXPECT_FALSE(validate(std::string(513, '[') + std::string(513, ']')));
}

}  // namespace
}  // namespace stator::json
