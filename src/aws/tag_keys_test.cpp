#include "aws/tag_keys.hpp"

#include <gtest/gtest.h>

namespace stator::aws {
namespace {

std::string keys_of(const std::string& members) {
  const Input input(json::parse_object(members).value());
  ConditionKeys keys;
  append_request_tags(input, "Tags", "TagKeys", keys);
  std::string text;
  for (const auto& [name, values] : keys) {
    text += (text.empty() ? "" : " ") + name + "=";
    for (const auto& value : values) text += (&value == &values.front() ? "" : ",") + value;
  }
  return text;
}

TEST(TagKeys, AreReadInEveryShapeThatRequestsHave) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b"}]})",
       "aws:RequestTag/a=1 aws:RequestTag/b= aws:TagKeys=a,b"},
      {R"({"Tags":{"a":"1"}})", "aws:RequestTag/a=1 aws:TagKeys=a"},
      {R"({"TagKeys":["a","b"]})", "aws:TagKeys=a,b"},
      {R"({"Tags":{},"TagKeys":[]})", ""},
      {R"({"Tags":"x","TagKeys":1})", ""},
      {R"({"Tags":[1,{"Value":"v"}],"TagKeys":[2]})", ""},
      {R"({})", ""}};
  for (const auto& [members, keys] : cases) EXPECT_EQ(keys_of(members), keys) << members;
}

TEST(TagKeys, OfAResourceAreOneKeyEach) {
  ConditionKeys keys;
  append_resource_tags(std::map<std::string, std::string>{{"team", "red"}}, keys);
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].name, "aws:ResourceTag/team");
  EXPECT_EQ(keys[0].values, std::vector<std::string>{"red"});
}

}  // namespace
}  // namespace stator::aws
