#include "http/message.hpp"

#include <gtest/gtest.h>

namespace stator::http {
namespace {

TEST(Headers, ComparesNamesWithoutCase) {
  Headers headers;
  headers.add("X-One", "1");
  headers.add("Other", "o");
  headers.add("x-one", "2");
  EXPECT_EQ(headers.get("X-ONE"), "1");
  headers.set("x-One", "3");
  EXPECT_EQ(headers.fields().size(), 2u);
  EXPECT_EQ(headers.get("x-one"), "3");
  headers.remove("X-oNE");
  EXPECT_FALSE(headers.find("x-one"));
  EXPECT_EQ(headers.get("x-one"), "");
  headers.set("New", "n");
  EXPECT_EQ(headers.get("new"), "n");
}

TEST(Request, SplitsItsTarget) {
  EXPECT_EQ((Request{.target = "/a?b?c"}).path(), "/a");
  EXPECT_EQ((Request{.target = "/a?b?c"}).query(), "b?c");
  EXPECT_EQ((Request{.target = "/a"}).query(), "");
}

TEST(Reason, KnowsTheRegistryOnly) {
  EXPECT_EQ(reason(100), "Continue");
  EXPECT_EQ(reason(404), "Not Found");
  EXPECT_EQ(reason(511), "Network Authentication Required");
  for (const int status : {0, 99, 299, 418, 600}) EXPECT_EQ(reason(status), "") << status;
}

TEST(ParseQuery, DecodesPairsInOrder) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(parse_query(""), Pairs());
  EXPECT_EQ(parse_query("b=2&a=1&b"), (Pairs{{"b", "2"}, {"a", "1"}, {"b", ""}}));
  EXPECT_EQ(parse_query("a+b=c%20d%2B&&x=y=z"), (Pairs{{"a b", "c d+"}, {"x", "y=z"}}));
  EXPECT_EQ(parse_query("a=%2"), std::nullopt);
  EXPECT_EQ(parse_query("%zz=1"), std::nullopt);
}

}  // namespace
}  // namespace stator::http
