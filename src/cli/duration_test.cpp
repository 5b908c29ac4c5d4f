#include "cli/duration.hpp"

#include <gtest/gtest.h>

namespace stator::cli {
namespace {

TEST(ParseSeconds, TakesUnits) {
  EXPECT_EQ(parse_seconds("90"), 90);
  EXPECT_EQ(parse_seconds("90s"), 90);
  EXPECT_EQ(parse_seconds("10m"), 600);
  EXPECT_EQ(parse_seconds("2h"), 7'200);
  EXPECT_EQ(parse_seconds("7d"), 604'800);
  for (const char* text : {"", "m", "s", "-1s", "1.5h", "1 h", "10x", "99999999999d"}) {
    EXPECT_EQ(parse_seconds(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace stator::cli
