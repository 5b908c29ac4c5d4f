#include "base/strings.hpp"

#include <gtest/gtest.h>

namespace stator {
namespace {

TEST(Strings, WildcardMatchesRunsAndSingles) {
  EXPECT_TRUE(wildcard_match("*", ""));
  EXPECT_TRUE(wildcard_match("dynamodb:*Item", "dynamodb:PutItem"));
  EXPECT_TRUE(wildcard_match("a?c*", "abcdef"));
  EXPECT_TRUE(wildcard_match("*b*b", "abab"));
  EXPECT_FALSE(wildcard_match("a?c", "ac"));
  EXPECT_FALSE(wildcard_match("*b*b", "aba"));
}

TEST(Strings, WildcardStaysFastOnHostilePatterns) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  pattern += "b";
  EXPECT_FALSE(wildcard_match(pattern, std::string(20'000, 'a')));
}

TEST(Strings, SplitKeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ',').size(), 3u);
  EXPECT_EQ(split("", ',').size(), 1u);
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(trim("\t a b "), "a b");
  EXPECT_TRUE(equals_ignore_case("Content-Type", "content-type"));
}

}  // namespace
}  // namespace stator
