#include "apigateway/traffic/access_log.hpp"

#include <gtest/gtest.h>

#include <future>

#include "apigateway/test_exchange.hpp"
#include "apigateway/traffic/access_log_writer.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kGroup = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/api";
const Answered kAnswered{201, 17, std::chrono::milliseconds(3)};

json::Object settings(const char* format, const char* destination = kGroup) {
  return {{"destinationArn", destination}, {"format", format}};
}

std::shared_ptr<const AccessLog> compiled(const char* format) {
  return compile_access_log("abc", {{"stageName", "dev"}, {"accessLogSettings", settings(format)}});
}

std::string line(const char* format, const Exchange& exchange) {
  return access_log_line(*compiled(format), exchange, kAnswered);
}

TEST(AccessLog, RefusesWhatCouldNotBeWritten) {
  struct Case {
    json::Object settings;
    const char* message;
  };
  const Case cases[] = {
      {settings("$context.requestId"), ""},
      {settings(
           "{\"id\":\"$context.extendedRequestId\",\"c\":\"$context.authorizer.claims.a:b\"}\n"),
       ""},
      {settings("$context.requestId", "arn:aws:logs:us-east-1:123456789012:log-group:g:*"), ""},
      {settings("$context.status"),
       "Access log format must contain $context.requestId or $context.extendedRequestId"},
      {settings("$context.requestIdentity"),
       "The following context variables are not supported: [$context.requestIdentity]"},
      {settings("$context.requestId $context.xrayTraceId $context.resourcePath"),
       "The following context variables are not supported: "
       "[$context.xrayTraceId, $context.resourcePath]"},
      {settings("$context.requestId\n$context.status"),
       "Access log format must be single line, new line character is allowed only at end of the "
       "format"},
      {settings("$context.requestId", "arn:aws:firehose:us-east-1:123456789012:deliverystream/d"),
       "Invalid ARN specified in the request. "
       "arn:aws:firehose:us-east-1:123456789012:deliverystream/d is not a log group's"},
      {settings("$context.requestId", "arn:aws:logs:us-east-1:123456789012:log-group:a b"),
       "Invalid ARN specified in the request. "
       "arn:aws:logs:us-east-1:123456789012:log-group:a b is not a log group's"},
      {settings("$context.requestId", "arn:aws:logs:us-east-1:999999999999:log-group:g"),
       "Invalid ARN specified in the request. arn:aws:logs:us-east-1:999999999999:log-group:g "
       "is not of the API's account and Region"},
      {{{"format", "$context.requestId"}},
       "Access log settings need both a destinationArn and a format"},
      {{{"format", "$context.requestId"}, {"role", "x"}}, "Invalid access log settings: role"},
  };
  for (const Case& each : cases) {
    const auto checked = check_access_log({"123456789012", "us-east-1"}, each.settings);
    EXPECT_EQ(checked ? "" : checked.error().message, each.message) << json::dump(each.settings);
  }
}

TEST(AccessLog, IsAbsentWithoutSettings) {
  EXPECT_EQ(compile_access_log("abc", {{"stageName", "dev"}}), nullptr);
}

TEST(AccessLog, KnowsItsGroupWithAndWithoutTheStar) {
  const auto log = compiled("$context.requestId");
  EXPECT_EQ(log->group, "/aws/api");
  EXPECT_EQ(log->account, "123456789012");
  EXPECT_EQ(log->region, "us-east-1");
  EXPECT_EQ(log->stream_prefix, "abc/dev/");
  const auto starred = compile_access_log(
      "abc",
      {{"accessLogSettings", settings("x", "arn:aws:logs:us-east-1:123456789012:log-group:g:*")}});
  EXPECT_EQ(starred->group, "g");
}

/// The formats that API Gateway's console offers.
TEST(AccessLog, WritesTheCommonFormats) {
  const auto exchange = make_test_exchange();
  EXPECT_EQ(line("$context.identity.sourceIp - - [$context.requestTime] \"$context.httpMethod "
                 "$context.routeKey $context.protocol\" $context.status $context.responseLength "
                 "$context.requestId\n",
                 *exchange),
            "10.0.0.9 - - [02/Jan/2026:03:04:05 +0000] \"POST POST /items/{id} HTTP/1.1\" 201 17 "
            "req=");
  EXPECT_EQ(line(R"({"requestId":"$context.requestId","status":$context.status,)"
                 R"("error":"$context.error.message","path":"$context.path"})",
                 *exchange),
            R"({"requestId":"req=","status":201,"error":"-","path":"/dev/items/a b"})");
  EXPECT_EQ(line("<request id=\"$context.requestId\"><status>$context.status</status></request>",
                 *exchange),
            "<request id=\"req=\"><status>201</status></request>");
  EXPECT_EQ(line("$context.requestId,$context.stage,$context.responseLatency.", *exchange),
            "req=,dev,3.");
}

TEST(AccessLog, LetsNobodyForgeALineOrAMember) {
  const auto exchange = make_test_exchange();
  exchange->request.headers.set("user-agent", "a\",\"status\":\"200\\");
  exchange->address.path = "/x\ny\xff";
  EXPECT_EQ(line("{\"ua\":\"$context.identity.userAgent\",\"path\":\"$context.path\"}", *exchange),
            R"({"ua":"a\",\"status\":\"200\\","path":"/dev/x\ny)"
            "\xef\xbf\xbd\"}");
}

TEST(AccessLog, QuotesAnErrorOnce) {
  const auto exchange = make_test_exchange();
  exchange->error_message = "Not \"Found\"";
  EXPECT_EQ(line("$context.error.messageString $context.error.message", *exchange),
            R"("Not \"Found\"" Not \"Found\")");
}

/// Keeps what it gets; may be held up.
class FakeSink final : public AccessLogSink {
 public:
  void append(const AccessLog&, const std::string& stream,
              std::vector<AccessLogLine> lines) override {
    if (gate.valid()) {
      reached.set_value();
      std::exchange(gate, {}).wait();
    }
    largest = std::max(largest, lines.size());
    for (AccessLogLine& line : lines) texts.push_back(stream + " " + line.text);
  }
  std::future<void> gate;
  std::promise<void> reached;
  std::size_t largest = 0;
  std::vector<std::string> texts;
};

AccessLogLine at(const char* text, std::int64_t day = 0) {
  return {FakeClock().wall() + std::chrono::hours(24 * day), text};
}

TEST(AccessLogWriter, WritesInOrderToAStreamADay) {
  FakeSink sink;
  {
    AccessLogWriter writer(sink);
    const auto log = compiled("x");
    writer.add(log, at("one"));
    writer.add(log, at("two"));
    writer.add(log, at("three", 1));
  }
  EXPECT_EQ(sink.texts,
            (std::vector<std::string>{"abc/dev/2026/01/02 one", "abc/dev/2026/01/02 two",
                                      "abc/dev/2026/01/03 three"}));
}

TEST(AccessLogWriter, LosesWhatDoesNotFitAndSaysSo) {
  FakeSink sink;
  std::promise<void> open;
  sink.gate = open.get_future();
  {
    AccessLogWriter writer(sink);
    const auto log = compiled("x");
    writer.add(log, at("first"));
    sink.reached.get_future().wait();
    const std::string large(1u << 20, 'x');
    for (int i = 0; i < 10; ++i) writer.add(log, {FakeClock().wall(), large});
    EXPECT_EQ(writer.lines_lost(), 3u);
    writer.add(log, at("next"));
    open.set_value();
  }
  ASSERT_EQ(sink.texts.size(), 10u);
  EXPECT_EQ(sink.texts[8], "abc/dev/2026/01/02 3 access log lines were lost: too many came");
  EXPECT_EQ(sink.texts[9], "abc/dev/2026/01/02 next");
}

TEST(AccessLogWriter, GivesTheSinkBoundedBatches) {
  FakeSink sink;
  {
    AccessLogWriter writer(sink);
    const auto log = compiled("x");
    for (int i = 0; i < 2'500; ++i) writer.add(log, at("line"));
  }
  EXPECT_EQ(sink.texts.size(), 2'500u);
  EXPECT_LE(sink.largest, AccessLogWriter::kBatchLinesMax);
}

}  // namespace
}  // namespace stator::apigateway
