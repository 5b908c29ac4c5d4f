#include "aws/input.hpp"

#include <gtest/gtest.h>

namespace stator::aws {
namespace {

Input typed(std::string_view text) {
  return Input(json::parse_object(text).value());
}
Input by_text(std::string_view text) {
  return Input(json::parse_object(text).value(), Input::Scalars::kText);
}

TEST(Input, ReadsEachKindOfMember) {
  const Input input = typed(R"({"s":"x","i":-7,"b":true,"o":{"k":1},"a":["p","q"],"n":null})");
  EXPECT_EQ(input.text("s").value(), "x");
  EXPECT_EQ(input.integer("i").value(), -7);
  EXPECT_EQ(input.boolean("b").value(), true);
  EXPECT_EQ(input.object("o").value()->size(), 1u);
  EXPECT_EQ(input.array("a").value()->size(), 2u);
  EXPECT_EQ(input.text_list("a").value(), (std::vector<std::string>{"p", "q"}));
  EXPECT_TRUE(input.has("s"));
}

TEST(Input, AnAbsentOrNullMemberIsNotAnError) {
  const Input input = typed(R"({"n":null})");
  for (const std::string_view name : {"n", "absent"}) {
    EXPECT_EQ(input.text(name).value(), std::nullopt);
    EXPECT_EQ(input.integer(name).value(), std::nullopt);
    EXPECT_EQ(input.boolean(name).value(), std::nullopt);
    EXPECT_EQ(input.object(name).value(), nullptr);
    EXPECT_EQ(input.array(name).value(), nullptr);
    EXPECT_TRUE(input.text_list(name).value().empty());
    EXPECT_FALSE(input.has(name));
  }
}

TEST(Input, NamesTheMemberOfTheWrongType) {
  const Input input = typed(R"({"m":1.5,"t":"7","l":[1]})");
  const auto message = [](const auto& result) { return result.error().message; };
  EXPECT_EQ(message(input.text("m")), "Member 'm' must be a string");
  EXPECT_EQ(message(input.integer("m")), "Member 'm' must be an integer");
  EXPECT_EQ(message(input.integer("t")), "Member 't' must be an integer");
  EXPECT_EQ(message(input.boolean("t")), "Member 't' must be a boolean");
  EXPECT_EQ(message(input.object("t")), "Member 't' must be a structure");
  EXPECT_EQ(message(input.array("t")), "Member 't' must be a list");
  EXPECT_EQ(message(input.text_list("l")), "Member 'l' must be a list of strings");
  EXPECT_EQ(input.text("m").error().aws_type, "SerializationException");
}

TEST(Input, ReadsScalarsFromTextWhereTheProtocolSendsText) {
  const Input input = by_text(R"({"i":"3600","b":"false","e":"","x":"3x","n":5})");
  EXPECT_EQ(input.integer("i").value(), 3600);
  EXPECT_EQ(input.integer("n").value(), 5);
  EXPECT_EQ(input.boolean("b").value(), false);
  EXPECT_EQ(input.array("e").value()->size(), 0u);
  EXPECT_FALSE(input.integer("x"));
  EXPECT_FALSE(input.integer("e"));
  EXPECT_FALSE(input.boolean("x"));
  const Input nested = input.nested(json::parse_object(R"({"i":"1"})").value());
  EXPECT_EQ(nested.integer("i").value(), 1);
}

TEST(Input, RequiredTextSpeaksAsAwsDoes) {
  const Input input = typed(R"({"Empty":"","Name":"x"})");
  EXPECT_EQ(input.required_text("Name").value(), "x");
  EXPECT_EQ(input.required_text("RoleName").error().message,
            "1 validation error detected: Value null at 'roleName' failed to satisfy constraint: "
            "Member must not be null");
  EXPECT_EQ(input.required_text("Empty").error().message,
            "1 validation error detected: Value '' at 'empty' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1");
}

TEST(Input, AllowOnlyNamesTheFirstStranger) {
  const Input input = typed(R"({"A":1,"Absent":null,"B":2})");
  EXPECT_TRUE(input.allow_only({"A", "B"}));
  const auto refused = input.allow_only({"A"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(refused.error().message.find("'B'"), std::string::npos);
}

}  // namespace
}  // namespace stator::aws
