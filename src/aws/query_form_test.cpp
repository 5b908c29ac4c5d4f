#include "aws/query_form.hpp"

#include <gtest/gtest.h>

namespace stator::aws {
namespace {

TEST(QueryForm, NestsStructuresAndLists) {
  struct Case {
    const char* form;
    const char* json;
  };
  const Case cases[] = {
      {"", "{}"},
      {"Action=CreateRole&Version=2010-05-08", R"({"Action":"CreateRole","Version":"2010-05-08"})"},
      {"Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.2.Key=l",
       R"({"Tags":[{"Key":"k","Value":"v"},{"Key":"l"}]})"},
      {"L.member.10=j&L.member.9=i&L.member.1=a", R"({"L":["a","i","j"]})"},
      {"Parameters=", R"({"Parameters":""})"},
      {"Empty", R"({"Empty":""})"},
      {"A.B.C=1&A.D=2", R"({"A":{"B":{"C":"1"},"D":"2"}})"},
      {"P=a+b%2Bc%0A", R"({"P":"a b+c\n"})"},
      {"X-Amz-Signature=00&A=1&&", R"({"A":"1"})"},
      {"M.member.x=1", R"({"M":{"member":{"x":"1"}}})"},
      {"M.member.0=1", R"({"M":{"member":{"0":"1"}}})"},
  };
  for (const Case& test : cases) {
    const auto object = parse_form(test.form);
    ASSERT_TRUE(object) << test.form;
    EXPECT_EQ(json::dump(*object), test.json) << test.form;
  }
}

TEST(QueryForm, RefusesWhatHasNoOneMeaning) {
  for (const char* form :
       {"A=1&A=2", "A=1&A.B=2", "A.B=2&A=1", "A%=1", "A=%zz", "A=%ff", "A..B=1", ".=1", "=1"}) {
    const auto object = parse_form(form);
    ASSERT_FALSE(object) << form;
    EXPECT_EQ(object.error().aws_type, "SerializationException");
  }
}

TEST(QueryForm, BoundsDepthAndNumber) {
  std::string deep = "a";
  for (std::size_t i = 1; i < kFormDepthMax; ++i) deep += ".a";
  EXPECT_TRUE(parse_form(deep + "=1"));
  EXPECT_FALSE(parse_form(deep + ".a=1"));

  std::string many;
  for (std::size_t i = 0; i < kFormFieldsMax; ++i) many += "k" + std::to_string(i) + "=&";
  EXPECT_TRUE(parse_form(many));
  EXPECT_FALSE(parse_form(many + "one=more"));
}

TEST(QueryForm, FindsAFieldWithoutParsing) {
  EXPECT_EQ(form_field("Version=1&Action=ListRoles&ActionX=no", "Action"), "ListRoles");
  EXPECT_EQ(form_field("MyAction=no", "Action"), "");
  EXPECT_EQ(form_field("", "Action"), "");
}

}  // namespace
}  // namespace stator::aws
