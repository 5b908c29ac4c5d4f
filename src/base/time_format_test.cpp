#include "base/time_format.hpp"

#include <gtest/gtest.h>

namespace stator {
namespace {

TEST(TimeFormat, WritesEachServicesForm) {
  const WallTime time = FakeClock().wall();
  EXPECT_EQ(iso8601(time), "2026-01-02T03:04:05Z");
  EXPECT_EQ(iso8601_ms(time), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(iso8601_lambda(time), "2026-01-02T03:04:05.678+0000");
  EXPECT_EQ(iso8601_basic(time), "20260102T030405Z");
  EXPECT_EQ(http_date(time), "Fri, 02 Jan 2026 03:04:05 GMT");
  EXPECT_EQ(common_log_time(time), "02/Jan/2026:03:04:05 +0000");
}

TEST(TimeFormat, ReadsWhatItWrites) {
  const WallTime whole = from_epoch_ms(1767323045000);
  EXPECT_EQ(parse_iso8601_basic(iso8601_basic(whole)), whole);
  EXPECT_EQ(parse_http_date(http_date(whole)), whole);
}

TEST(TimeFormat, RefusesOtherShapes) {
  for (const char* text : {"", "20260102T030405", "20261302T030405Z", "20260230T030405Z",
                           "2026010aT030405Z", "20260102 030405Z", "20260102T250405Z"}) {
    EXPECT_EQ(parse_iso8601_basic(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_http_date("Fri, 02 Foo 2026 03:04:05 GMT"), std::nullopt);
}

}  // namespace
}  // namespace stator
