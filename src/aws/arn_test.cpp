#include "aws/arn.hpp"

#include <gtest/gtest.h>

namespace stator::aws {
namespace {

TEST(Arn, TakesTheSixPartsApart) {
  const auto arn = Arn::parse("arn:aws:lambda:us-east-1:000000000000:function:items:7");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->service, "lambda");
  EXPECT_EQ(arn->region, "us-east-1");
  EXPECT_EQ(arn->account, "000000000000");
  EXPECT_EQ(arn->resource, "function:items:7");
}

TEST(Arn, PrintsWhatItRead) {
  for (const std::string text :
       {"arn:aws:iam::000000000000:role/path/name", "arn:aws:s3:::bucket/key:with/colons",
        "arn:aws-cn:dynamodb:cn-north-1:1:table/T/index/I"}) {
    const auto arn = Arn::parse(text);
    ASSERT_TRUE(arn) << text;
    EXPECT_EQ(arn->to_string(), text);
  }
}

TEST(Arn, RefusesWhatIsNotOne) {
  for (const std::string_view text : {"", "arn", "arn:aws:s3", "arn:aws:s3:::", "urn:aws:s3:::b",
                                      "arn::s3:::b", "arn:aws::r:a:b", "function:items"}) {
    const auto arn = Arn::parse(text);
    ASSERT_FALSE(arn) << text;
    EXPECT_EQ(arn.error().code, ErrorCode::kInvalid);
  }
}

TEST(Arn, MakesOneOfItsParts) {
  EXPECT_EQ(make_arn("dynamodb", "eu-west-1", "123456789012", "table/items"),
            "arn:aws:dynamodb:eu-west-1:123456789012:table/items");
}

}  // namespace
}  // namespace stator::aws
