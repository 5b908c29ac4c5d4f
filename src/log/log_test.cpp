#include "log/log.hpp"

#include <gtest/gtest.h>

namespace stator::log {
namespace {

TEST(Log, WritesOneSafeLine) {
  const FakeClock clock;
  std::string out;
  const Logger logger(clock, Level::kInfo, [&](std::string_view line) { out += line; });
  logger.debug("http", "not shown");
  logger.info("http", "a\nforged line", {{"path", "/a b"}, {"status", "200"}});
  EXPECT_EQ(out, "2026-01-02T03:04:05.678Z info http a\\x0aforged line path=\"/a b\" status=200\n");
}

}  // namespace
}  // namespace stator::log
