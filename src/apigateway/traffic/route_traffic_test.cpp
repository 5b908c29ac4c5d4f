#include "apigateway/traffic/route_traffic.hpp"

#include <gtest/gtest.h>

namespace stator::apigateway {
namespace {

json::Object object(const char* text) {
  return *json::parse_object(text);
}

TEST(RouteTraffic, RefusesSettingsThatCannotBeMeant) {
  struct Case {
    const char* settings;
    const char* message;
  };
  const Case cases[] = {
      {R"({})", ""},
      {R"({"throttlingBurstLimit":0,"throttlingRateLimit":0.5,"detailedMetricsEnabled":true})", ""},
      {R"({"throttlingBurstLimit":null})", ""},
      {R"({"throttlingBurstLimit":-1})",
       "throttlingBurstLimit must be a whole number of at least 0"},
      {R"({"throttlingBurstLimit":1.5})",
       "throttlingBurstLimit must be a whole number of at least 0"},
      {R"({"throttlingRateLimit":-0.1})", "throttlingRateLimit must be a number of at least 0"},
      {R"({"throttlingRateLimit":"1"})", "throttlingRateLimit must be a number of at least 0"},
      {R"({"detailedMetricsEnabled":1})", "detailedMetricsEnabled must be a boolean"},
      {R"({"loggingLevel":"INFO"})", "Execution logs are not supported on protocolType HTTP"},
      {R"({"dataTraceEnabled":false})", "Execution logs are not supported on protocolType HTTP"},
      {R"({"burst":1})", "Invalid route settings: burst"},
  };
  for (const Case& each : cases) {
    const auto checked = check_route_settings(object(each.settings));
    EXPECT_EQ(checked ? "" : checked.error().message, each.message) << each.settings;
  }
}

TEST(RouteTraffic, TakesTheRoutesOwnSettingsMemberByMember) {
  const auto stage =
      object(R"({"defaultRouteSettings":{"throttlingBurstLimit":7,"detailedMetricsEnabled":true},)"
             R"("routeSettings":{"GET /a":{"throttlingRateLimit":2.5},)"
             R"("GET /b":{"throttlingBurstLimit":1,"detailedMetricsEnabled":false}}})");
  const auto own = compile_route_traffic(stage, "GET /a", nullptr);
  EXPECT_EQ(own.limit->rate, 2.5);
  EXPECT_EQ(own.limit->burst, 7);
  EXPECT_NE(own.figures, nullptr);
  const auto other = compile_route_traffic(stage, "GET /b", nullptr);
  EXPECT_EQ(other.limit->rate, kAccountLimit.rate);
  EXPECT_EQ(other.limit->burst, 1);
  EXPECT_EQ(other.figures, nullptr);
  EXPECT_EQ(compile_route_traffic(stage, "$default", nullptr).limit->burst, 7);
}

TEST(RouteTraffic, HasNoLimitAndNoFiguresUnlessToldSo) {
  const auto none = compile_route_traffic(object(R"({"stageName":"x"})"), "GET /a", nullptr);
  EXPECT_FALSE(none.limit);
  EXPECT_EQ(none.bucket, nullptr);
  EXPECT_EQ(none.figures, nullptr);
}

TEST(RouteTraffic, KeepsCountingThroughAChange) {
  const auto before =
      compile_route_traffic(object(R"({"defaultRouteSettings":{"throttlingBurstLimit":7,)"
                                   R"("detailedMetricsEnabled":true}})"),
                            "GET /a", nullptr);
  const auto after =
      compile_route_traffic(object(R"({"routeSettings":{"GET /a":{"throttlingBurstLimit":9,)"
                                   R"("detailedMetricsEnabled":true}}})"),
                            "GET /a", &before);
  EXPECT_EQ(after.limit->burst, 9);
  EXPECT_EQ(after.bucket, before.bucket);
  EXPECT_EQ(after.figures, before.figures);
}

}  // namespace
}  // namespace stator::apigateway
