#include <gtest/gtest.h>

#include "apigateway/traffic/account_throttle.hpp"
#include "apigateway/traffic/metrics_page.hpp"

namespace stator::apigateway {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(AccountThrottle, CountsEachAccountAndRegionAlone) {
  AccountThrottle throttle({1, 2});
  const SteadyTime now{};
  EXPECT_TRUE(throttle.take("a", "eu", now));
  EXPECT_TRUE(throttle.take("a", "eu", now));
  EXPECT_FALSE(throttle.take("a", "eu", now));
  EXPECT_TRUE(throttle.take("a", "us", now));
  EXPECT_TRUE(throttle.take("b", "eu", now));
  EXPECT_TRUE(throttle.take("a", "eu", now + milliseconds(1000)));
}

TEST(Figures, CountWhatTheMetricsOfAWSCount) {
  Figures figures;
  figures.add({200, milliseconds(1), microseconds(400), 10});
  figures.add({429, microseconds(1001), {}, 5, true});
  figures.add({404, milliseconds(2), {}, 0});
  figures.add({503, std::chrono::seconds(31), std::chrono::seconds(30), 1});
  const auto reading = figures.read();
  EXPECT_EQ(reading.client_errors, 2u);
  EXPECT_EQ(reading.server_errors, 1u);
  EXPECT_EQ(reading.throttled, 1u);
  EXPECT_EQ(reading.bytes, 16u);
  EXPECT_EQ(reading.latency.counts[0], 1u);
  EXPECT_EQ(reading.latency.counts[1], 2u);
  EXPECT_EQ(reading.latency.counts.back(), 1u);
  EXPECT_EQ(reading.latency.sum_us, 31'004'001u);
  EXPECT_EQ(reading.integration_latency.counts[0], 1u);
  EXPECT_EQ(reading.integration_latency.counts[kLatencySteps.size() - 1], 1u);
}

std::shared_ptr<const CompiledApi> api_with(const char* stage_text) {
  const auto stage = compile_stage({"1", "us-east-1"},
                                   {json::Object{{"apiId", "abc"}},
                                    {},
                                    {json::Object{{"routeKey", "GET /a"}, {"routeId", "r1"}},
                                     json::Object{{"routeKey", "GET /b"}, {"routeId", "r2"}}},
                                    {}},
                                   *json::parse_object(stage_text));
  EXPECT_TRUE(stage);
  auto api = std::make_shared<CompiledApi>();
  api->id = "abc";
  api->stages.emplace((*stage)->name, *stage);
  return api;
}

TEST(MetricsPage, NamesStagesAndTheRoutesWithDetailedMetrics) {
  const auto api =
      api_with(R"({"stageName":"dev","routeSettings":{"GET /b":{"detailedMetricsEnabled":true}}})");
  const CompiledStage& stage = *api->stages.at("dev");
  stage.figures->add({500, milliseconds(2), milliseconds(1), 3});
  stage.routes[1].traffic.figures->add({500, milliseconds(2), milliseconds(1), 3});
  const std::string page = metrics_page({api});
  for (
      const char* line : {
          "# TYPE stator_apigateway_requests_total counter\n",
          "stator_apigateway_requests_total{api=\"abc\",stage=\"dev\"} 1\n",
          "stator_apigateway_4xx_total{api=\"abc\",stage=\"dev\"} 0\n",
          "stator_apigateway_5xx_total{api=\"abc\",stage=\"dev\"} 1\n",
          "stator_apigateway_data_processed_bytes_total{api=\"abc\",stage=\"dev\"} 3\n",
          "stator_apigateway_latency_seconds_bucket{api=\"abc\",stage=\"dev\",le=\"0.001000\"} 0\n",
          "stator_apigateway_latency_seconds_bucket{api=\"abc\",stage=\"dev\",le=\"0.002500\"} 1\n",
          "stator_apigateway_latency_seconds_bucket{api=\"abc\",stage=\"dev\",le=\"+Inf\"} 1\n",
          "stator_apigateway_latency_seconds_sum{api=\"abc\",stage=\"dev\"} 0.002000\n",
          "stator_apigateway_route_requests_total"
          "{api=\"abc\",stage=\"dev\",route=\"GET /b\"} 1\n",
      }) {
    EXPECT_NE(page.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(page.find("GET /a"), std::string::npos);
}

}  // namespace
}  // namespace stator::apigateway
