#include "lambda/events/lineage.hpp"

#include <gtest/gtest.h>

namespace stator::lambda::events {
namespace {

constexpr std::string_view kF = "arn:aws:lambda:us-east-1:000000000000:function:f";
constexpr std::string_view kG = "arn:aws:lambda:us-east-1:000000000000:function:g";
constexpr std::string_view kRoot =
    "Root=1-5f000000-445546778899aabbccddeeff;Parent=00112233;Sampled=0";

TEST(EventLineage, CountsEachFunctionByItself) {
  std::string trace(kRoot);
  EXPECT_EQ(rounds(trace, kF), 0);
  trace = with_round(trace, kF);
  EXPECT_TRUE(trace.starts_with(std::string(kRoot) + ";Lineage=")) << trace;
  EXPECT_EQ(rounds(trace, kF), 1);
  EXPECT_EQ(rounds(trace, kG), 0);
  trace = with_round(with_round(trace, kG), kF);
  EXPECT_EQ(rounds(trace, kF), 2);
  EXPECT_EQ(rounds(trace, kG), 1);
  EXPECT_EQ(trace.find("Lineage="), trace.rfind("Lineage=")) << trace;
}

TEST(EventLineage, KeepsWhatStandsAroundIt) {
  const std::string trace = with_round("Root=1;Lineage=a87bd80c:1|68fd508a:5;Sampled=0", kF);
  EXPECT_TRUE(trace.starts_with("Root=1;Lineage=a87bd80c:1|68fd508a:5|")) << trace;
  EXPECT_TRUE(trace.ends_with(":1;Sampled=0")) << trace;
  EXPECT_EQ(rounds(with_round(trace, kF), kF), 2);
}

TEST(EventLineage, StandsWhatIsNone) {
  const std::string name = with_round("", kF).substr(8, 8);
  for (const std::string trace :
       {"", ";", ";;", "Lineage=", "Lineage=|", "Lineage=;", "Root=1;Lineage=", "Lineage=::|:"}) {
    EXPECT_EQ(rounds(trace, kF), 0) << trace;
    EXPECT_EQ(rounds(with_round(trace, kF), kF), 1) << trace;
  }
  EXPECT_EQ(rounds("Lineage=" + name + ":", kF), 0);
  EXPECT_EQ(rounds("Lineage=" + name + ":-5", kF), 0);
  EXPECT_EQ(rounds("Lineage=" + name + ":x", kF), 0);
  EXPECT_EQ(rounds("Lineage=" + name + ":99", kF), kRoundsMax);
  EXPECT_EQ(rounds("Lineage=" + name, kF), 0);
}

}  // namespace
}  // namespace stator::lambda::events
