#include "cli/aws/ini_file.hpp"

#include <gtest/gtest.h>

namespace stator::cli {
namespace {

TEST(IniFile, ReadsSectionsAndKeys) {
  const auto file = IniFile::parse(
      "; a comment\n"
      "stray = 1\n"
      "[default]\r\n"
      "Region = eu-west-1\r\n"
      "aws_access_key_id=AKIA # mine\n"
      "aws_secret_access_key = a#b=c;d\n"
      "s3 =\n"
      "  max_concurrent_requests = 20\n"
      "[profile  \"my own\" ]\n"
      "region = us-east-2\n"
      "[profile dev] # theirs\n"
      "role_arn = arn:aws:iam::1:role/x\n"
      "nothing here\n"
      "[broken\n"
      "region = lost\n"
      "[default]\n"
      "output = json\n");
  const auto* section = file.section("default");
  ASSERT_NE(section, nullptr);
  EXPECT_EQ(*section, (IniFile::Section{{"region", "eu-west-1"},
                                        {"aws_access_key_id", "AKIA"},
                                        {"aws_secret_access_key", "a#b=c;d"},
                                        {"s3", ""},
                                        {"output", "json"}}));
  ASSERT_NE(file.section("profile my own"), nullptr);
  EXPECT_EQ(file.section("profile my own")->at("region"), "us-east-2");
  ASSERT_NE(file.section("profile dev"), nullptr);
  EXPECT_EQ(file.section("profile dev")->size(), 1u);
  EXPECT_EQ(file.section("dev"), nullptr);
}

TEST(IniFile, NamesAProfilesSection) {
  EXPECT_EQ(config_section("default"), "default");
  EXPECT_EQ(config_section("dev"), "profile dev");
}

}  // namespace
}  // namespace stator::cli
