#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "fake_runtime_api.hpp"
#include "lambda/lambda.hpp"

namespace {

using stator::sdk::testing::FakeRuntimeApi;
using stator::sdk::testing::ScopedEnv;

TEST(Log, WritesOneLineOfJson) {
  FakeRuntimeApi api{.events = {"1"}};
  testing::internal::CaptureStdout();
  lambda::run([](std::string_view) {
    lambda::log_debug("hidden");
    lambda::log_warn("a\nb", {{"k", "v"}});
    return std::string("{}");
  });
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_TRUE(out.starts_with("{\"timestamp\":\"20")) << out;
  EXPECT_TRUE(out.ends_with(
      "\"level\":\"WARN\",\"message\":\"a\\nb\",\"requestId\":\"id-0\",\"k\":\"v\"}\n"))
      << out;
}

TEST(Log, ObeysTheLevelOfItsEnvironment) {
  const ScopedEnv level("AWS_LAMBDA_LOG_LEVEL", "ERROR");
  testing::internal::CaptureStdout();
  lambda::log_warn("hidden");
  lambda::log_error("shown");
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(out.find("hidden"), std::string::npos);
  EXPECT_NE(out.find("shown"), std::string::npos);
}

TEST(Log, IsTextWhereTheEnvironmentWantsText) {
  const ScopedEnv format("AWS_LAMBDA_LOG_FORMAT", "Text");
  FakeRuntimeApi api{.events = {"1"}};
  testing::internal::CaptureStdout();
  lambda::run([](std::string_view) { lambda::log_warn("a\nb", {{"k", "v"}}); });
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(out.substr(24), "\tid-0\tWARN\ta\rb\tk=v\n") << out;
}

TEST(Log, KnowsEveryLevelOfLambda) {
  const ScopedEnv level("AWS_LAMBDA_LOG_LEVEL", "TRACE");
  testing::internal::CaptureStdout();
  lambda::log_trace("t");
  lambda::log_fatal("f");
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_NE(out.find(R"("level":"TRACE")"), std::string::npos);
  EXPECT_NE(out.find(R"("level":"FATAL")"), std::string::npos);
}

TEST(Log, TellsWhatAHandlerThrew) {
  FakeRuntimeApi api{.events = {"1"}};
  testing::internal::CaptureStdout();
  lambda::run([](std::string_view) { throw lambda::Error("Shop.Closed", "come \"later\""); });
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_TRUE(
      out.ends_with(R"("level":"ERROR","message":"come \"later\"","requestId":"id-0",)"
                    R"("errorType":"Shop.Closed","errorMessage":"come \"later\"","stackTrace":[]})"
                    "\n"))
      << out;
  ASSERT_EQ(api.posts().size(), 1u);
  EXPECT_EQ(api.posts()[0].body,
            R"({"errorMessage":"come \"later\"","errorType":"Shop.Closed","stackTrace":[]})");
}

TEST(Metrics, LeaveAsOneLineOfTheEmbeddedFormat) {
  testing::internal::CaptureStdout();
  {
    lambda::Metrics metrics("shop");
    metrics.dimension("Service", "items").property("requestId", "r");
    metrics.put("Latency", 1.5, lambda::Unit::kMilliseconds)
        .put("Latency", 2, lambda::Unit::kMilliseconds)
        .put("Orders", 1, lambda::Unit::kCount);
  }
  const std::string out = testing::internal::GetCapturedStdout();
  const std::size_t at = out.find(R"(,"CloudWatchMetrics")");
  ASSERT_NE(at, std::string::npos) << out;
  EXPECT_TRUE(out.starts_with(R"({"_aws":{"Timestamp":1)")) << out;
  EXPECT_EQ(out.substr(at),
            R"(,"CloudWatchMetrics":[{"Namespace":"shop","Dimensions":[["Service"]],"Metrics":)"
            R"([{"Name":"Latency","Unit":"Milliseconds"},{"Name":"Orders","Unit":"Count"}]}]},)"
            R"("Service":"items","requestId":"r","Latency":[1.5,2],"Orders":1})"
            "\n");
}

TEST(Metrics, AFullLineLeavesBeforeTheNextValue) {
  testing::internal::CaptureStdout();
  {
    lambda::Metrics metrics("n");
    for (int i = 0; i < 101; ++i) metrics.put("m", i);
    for (int i = 0; i < 100; ++i) metrics.put("x" + std::to_string(i), i);
  }
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 3) << out;
}

TEST(Metrics, AreFiniteAndBounded) {
  lambda::Metrics metrics("n");
  EXPECT_THROW(metrics.put("m", std::numeric_limits<double>::infinity()), std::invalid_argument);
  for (int i = 0; i < 30; ++i) metrics.dimension("d" + std::to_string(i), "v");
  EXPECT_THROW(metrics.dimension("one more", "v"), std::length_error);
}

}  // namespace
