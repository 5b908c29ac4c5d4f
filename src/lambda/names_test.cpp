#include "lambda/names.hpp"

#include <gtest/gtest.h>

namespace stator::lambda {
namespace {

constexpr const char* kAccount = "000000000000";
constexpr const char* kRegion = "us-east-1";

TEST(FunctionName, ReadsEveryForm) {
  const struct {
    const char* text;
    const char* parameter;
    const char* name;
    const char* qualifier;
  } cases[] = {
      {"items", "", "items", ""},
      {"items:$LATEST", "", "items", "$LATEST"},
      {"items", "$LATEST", "items", "$LATEST"},
      {"items:live", "live", "items", "live"},
      {"function:items", "", "items", ""},
      {"000000000000:function:items", "", "items", ""},
      {"000000000000:function:items:7", "", "items", "7"},
      {"arn:aws:lambda:us-east-1:000000000000:function:items", "", "items", ""},
      {"arn:aws:lambda:us-east-1:000000000000:function:items:7", "", "items", "7"},
  };
  for (const auto& one : cases) {
    const auto got = parse_function_name(kAccount, kRegion, one.text, one.parameter);
    ASSERT_TRUE(got) << one.text << ": " << got.error().message;
    EXPECT_EQ(got->key.name, one.name) << one.text;
    EXPECT_EQ(got->qualifier, one.qualifier) << one.text;
    EXPECT_EQ(got->arn(), "arn:aws:lambda:us-east-1:000000000000:function:" + got->key.name);
  }
}

TEST(FunctionName, RefusesInTheWordsOfAws) {
  const std::string long_name(65, 'x');
  const std::string long_arn(141, 'x');
  const struct {
    std::string text;
    const char* qualifier;
    const char* type;
    const char* message;
  } cases[] = {
      {"", "", "ValidationException", "length greater than or equal to 1"},
      {"a b", "", "ValidationException", "(arn:(aws[a-zA-Z-]*)?:lambda:)?"},
      {"a:b:c", "", "ValidationException", "regular expression"},
      {"../x", "", "ValidationException", "regular expression"},
      {"arn:aws:s3:us-east-1:000000000000:function:x", "", "ValidationException", "regular"},
      {long_name, "", "InvalidParameterValueException", "length less than or equal to 64"},
      {long_arn, "", "ValidationException", "length less than or equal to 140"},
      {"f:1", "2", "InvalidParameterValueException", "derived qualifier"},
      {"f", "a b", "ValidationException", "qualifier"},
      {"arn:aws:lambda:eu-west-1:000000000000:function:f", "", "ResourceNotFoundException",
       "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"},
      {"111111111111:function:f", "", "AccessDeniedException", "111111111111"},
  };
  for (const auto& one : cases) {
    const auto got = parse_function_name(kAccount, kRegion, one.text, one.qualifier);
    ASSERT_FALSE(got) << one.text;
    EXPECT_EQ(got.error().aws_type, one.type) << one.text;
    EXPECT_NE(got.error().message.find(one.message), std::string::npos) << got.error().message;
  }
}

TEST(LayerName, ReadsVersionArnsAndNames) {
  const auto layer = parse_layer_version_arn("arn:aws:lambda:us-east-1:000000000000:layer:cpp:12");
  ASSERT_TRUE(layer);
  EXPECT_EQ(layer->name, "cpp");
  EXPECT_EQ(layer->version, 12);
  EXPECT_EQ(layer->arn(), "arn:aws:lambda:us-east-1:000000000000:layer:cpp:12");
  for (const auto* text : {"cpp", "arn:aws:lambda:us-east-1:000000000000:layer:cpp", "",
                           "arn:aws:lambda:us-east-1:000000000000:layer:cpp:0",
                           "arn:aws:lambda:us-east-1:000000000000:layer:cpp:1x",
                           "arn:aws:lambda:us-east-1:000000000000:function:cpp:1"}) {
    EXPECT_FALSE(parse_layer_version_arn(text)) << text;
  }
  EXPECT_EQ(*parse_layer_name(kAccount, kRegion, "cpp"), "cpp");
  EXPECT_EQ(*parse_layer_name(kAccount, kRegion, "arn:aws:lambda:us-east-1:000000000000:layer:cpp"),
            "cpp");
  EXPECT_FALSE(parse_layer_name(kAccount, kRegion, "a/b"));
}

}  // namespace
}  // namespace stator::lambda
