#include "lambda/logging_config.hpp"

#include <gtest/gtest.h>

namespace stator::lambda {
namespace {

Result<void> read(const std::string& text, LoggingConfig& logging) {
  return read_logging(aws::Input(json::parse_object(text).value()), logging);
}

std::string rendered(const LoggingConfig& logging) {
  FunctionRecord record;
  record.key.name = "f";
  record.logging = logging;
  return json::dump(render_logging(record));
}

TEST(LoggingConfig, ReadsAndRenders) {
  LoggingConfig logging;
  EXPECT_EQ(rendered(logging), R"({"LogFormat":"Text","LogGroup":"/aws/lambda/f"})");
  ASSERT_TRUE(read("{}", logging));
  ASSERT_TRUE(read(R"({"LoggingConfig":{"LogFormat":"JSON"}})", logging));
  EXPECT_EQ(rendered(logging),
            R"({"LogFormat":"JSON","ApplicationLogLevel":"INFO","SystemLogLevel":"INFO",)"
            R"("LogGroup":"/aws/lambda/f"})");
  ASSERT_TRUE(
      read(R"({"LoggingConfig":{"ApplicationLogLevel":"ERROR","LogGroup":"/own"}})", logging))
      << "what is not given stays";
  ASSERT_TRUE(read(R"({"LoggingConfig":{"SystemLogLevel":"WARN"}})", logging));
  EXPECT_EQ(rendered(logging), R"({"LogFormat":"JSON","ApplicationLogLevel":"ERROR",)"
                               R"("SystemLogLevel":"WARN","LogGroup":"/own"})");
  ASSERT_TRUE(read(R"({"LoggingConfig":{"LogFormat":"Text"}})", logging));
  EXPECT_EQ(rendered(logging), R"({"LogFormat":"Text","LogGroup":"/own"})");
}

TEST(LoggingConfig, RefusesWhatLambdaRefuses) {
  for (const char* text :
       {R"({"LogFormat":"json"})", R"({"LogFormat":"Text","SystemLogLevel":"INFO"})",
        R"({"ApplicationLogLevel":"INFO"})", R"({"LogFormat":"JSON","SystemLogLevel":"ERROR"})",
        R"({"LogFormat":"JSON","ApplicationLogLevel":"info"})", R"({"LogGroup":"a b"})",
        R"({"LogGroup":""})", R"({"Other":1})", R"([])"}) {
    LoggingConfig logging;
    EXPECT_FALSE(read(std::string(R"({"LoggingConfig":)") + text + "}", logging)) << text;
    EXPECT_FALSE(logging.is_json) << text << ": nothing of it was taken";
  }
}

}  // namespace
}  // namespace stator::lambda
