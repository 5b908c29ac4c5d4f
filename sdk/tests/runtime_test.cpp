#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "fake_server.hpp"
#include "lambda/lambda.hpp"

namespace {

using stator::sdk::testing::Answer;
using stator::sdk::testing::FakeServer;
using stator::sdk::testing::ok;
using stator::sdk::testing::ScopedEnv;
using stator::sdk::testing::Seen;
using stator::sdk::testing::status;

/// Hands out the events in turn, takes what is posted, and then says that it is over.
struct FakeRuntimeApi {
  std::vector<std::string> events;
  std::size_t handed_out = 0;
  std::string extra_headers;
  FakeServer server{[this](const Seen& request, int) { return answer(request); }};
  ScopedEnv address{"AWS_LAMBDA_RUNTIME_API", server.address().c_str()};

  Answer answer(const Seen& request) {
    if (request.method == "POST") return status(202, "{}");
    if (handed_out == events.size()) return status(500, "over");
    const std::string id = "id-" + std::to_string(handed_out);
    return ok(events[handed_out++], "Lambda-Runtime-Aws-Request-Id: " + id +
                                        "\r\nLambda-Runtime-Deadline-Ms: 1700000000000\r\n"
                                        "Lambda-Runtime-Invoked-Function-Arn: arn:f\r\n" +
                                        extra_headers);
  }
  [[nodiscard]] std::vector<Seen> posts() const {
    std::vector<Seen> posted;
    for (const Seen& request : server.seen()) {
      if (request.method == "POST") posted.push_back(request);
    }
    return posted;
  }
};

TEST(Runtime, HandsEventsToTheHandlerAndPostsItsAnswers) {
  FakeRuntimeApi api{.events = {"1", "2", "3"},
                     .extra_headers = "Lambda-Runtime-Trace-Id: Root=1\r\n"};
  std::string traces;
  const int exit_status = lambda::run([&](std::string_view event, const lambda::Context& context) {
    traces += std::getenv("_X_AMZN_TRACE_ID");
    EXPECT_EQ(context.trace_id(), "Root=1");
    EXPECT_EQ(context.function_arn(), "arn:f");
    EXPECT_EQ(context.deadline_ms(), 1700000000000);
    EXPECT_LT(context.remaining_ms(), 0);
    return std::string(event) + std::string(event) + std::string(context.request_id());
  });
  EXPECT_EQ(exit_status, 1);
  const auto posts = api.posts();
  ASSERT_EQ(posts.size(), 3u);
  EXPECT_EQ(posts[0].target, "/2018-06-01/runtime/invocation/id-0/response");
  EXPECT_EQ(posts[0].body, "11id-0");
  EXPECT_EQ(posts[0].headers.at("content-type"), "application/json");
  EXPECT_EQ(posts[2].body, "33id-2");
  EXPECT_EQ(traces, "Root=1Root=1Root=1");
  EXPECT_EQ(api.server.connections(), 1);
}

TEST(Runtime, AsksForTheNextEventWithItsAnswerWhereTheApiReadsBoth) {
  FakeRuntimeApi api{.events = {"1", "2"}, .extra_headers = "Stator-Runtime-Pipelining: on\r\n"};
  lambda::run([](std::string_view event) { return std::string(event); });
  const auto posts = api.posts();
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_EQ(posts[0].headers.at("stator-runtime-pipelining"), "next");
  EXPECT_EQ(posts[1].body, "2");
  const auto seen = api.server.seen();
  ASSERT_GE(seen.size(), 5u);
  for (const std::size_t at : {0u, 2u, 4u}) {
    EXPECT_EQ(seen[at].target, "/2018-06-01/runtime/invocation/next");
  }
  EXPECT_EQ(api.server.connections(), 1);
}

TEST(Runtime, DeliversAgainWhenAPipelinedAnswerIsLost) {
  int posts = 0;
  bool handed_out = false;
  FakeServer server([&](const Seen& request, int) {
    if (request.method == "POST") return ++posts == 1 ? Answer{"", true} : status(202, "");
    if (std::exchange(handed_out, true)) return status(500, "");
    return ok("1", "Lambda-Runtime-Aws-Request-Id: a\r\nStator-Runtime-Pipelining: on\r\n");
  });
  const ScopedEnv address("AWS_LAMBDA_RUNTIME_API", server.address().c_str());
  lambda::run([](std::string_view) { return std::string("{}"); });
  EXPECT_EQ(posts, 2);
  EXPECT_EQ(server.connections(), 2);
}

TEST(Runtime, ForgetsTheTraceOfTheLastInvocation) {
  const ScopedEnv stale("_X_AMZN_TRACE_ID", "Root=0");
  FakeRuntimeApi api{.events = {"1"}};
  lambda::run([&](std::string_view) {
    EXPECT_EQ(std::getenv("_X_AMZN_TRACE_ID"), nullptr);
    return std::string("{}");
  });
}

TEST(Runtime, AnExceptionIsTheInvocationsErrorAndNotTheEnd) {
  FakeRuntimeApi api{.events = {"1", "2", "3"}};
  lambda::run([](std::string_view event) -> std::string {
    if (event == "1") throw std::out_of_range("caf\xC3\xA9 \"quoted\"\n");
    if (event == "2") throw 42;
    return "{}";
  });
  const auto posts = api.posts();
  ASSERT_EQ(posts.size(), 3u);
  EXPECT_EQ(posts[0].target, "/2018-06-01/runtime/invocation/id-0/error");
  EXPECT_EQ(
      posts[0].body,
      "{\"errorMessage\":\"caf\xC3\xA9 \\\"quoted\\\"\\n\",\"errorType\":\"std::out_of_range\","
      "\"stackTrace\":[]}");
  EXPECT_EQ(posts[0].headers.at("lambda-runtime-function-error-type"), "Function.Unhandled");
  EXPECT_EQ(posts[1].body, R"({"errorMessage":"the handler threw something that is no exception",)"
                           R"("errorType":"UnknownException","stackTrace":[]})");
  EXPECT_EQ(posts[2].target, "/2018-06-01/runtime/invocation/id-2/response");
}

TEST(Runtime, AFailedStartIsReported) {
  FakeRuntimeApi api{.events = {"1"}};
  const ScopedEnv unset("NO_SUCH_NAME", nullptr);
  const int exit_status = lambda::start(
      [] { return [name = lambda::env("NO_SUCH_NAME")](std::string_view) { return name; }; });
  EXPECT_EQ(exit_status, 1);
  const auto posts = api.posts();
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].target, "/2018-06-01/runtime/init/error");
  EXPECT_EQ(posts[0].body, R"({"errorMessage":"environment variable NO_SUCH_NAME is not set",)"
                           R"("errorType":"std::runtime_error","stackTrace":[]})");
  EXPECT_EQ(api.handed_out, 0u);
}

TEST(Runtime, DeliversAgainWhenTheConnectionBreaks) {
  int posts = 0;
  bool handed_out = false;
  FakeServer server([&](const Seen& request, int) {
    if (request.method == "POST") return ++posts == 1 ? Answer{"", true} : status(202, "");
    if (std::exchange(handed_out, true)) return status(500, "");
    return ok("1", "Lambda-Runtime-Aws-Request-Id: a\r\n");
  });
  const ScopedEnv address("AWS_LAMBDA_RUNTIME_API", server.address().c_str());
  lambda::run([](std::string_view) { return std::string("{}"); });
  EXPECT_EQ(posts, 2);
}

TEST(Runtime, SaysThatItBelongsInsideLambda) {
  const ScopedEnv unset("AWS_LAMBDA_RUNTIME_API", nullptr);
  testing::internal::CaptureStderr();
  EXPECT_EQ(lambda::run([](std::string_view) { return std::string(); }), 1);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("AWS_LAMBDA_RUNTIME_API is not set"),
            std::string::npos);
}

constexpr std::string_view kEvent = R"({"version":"2.0","routeKey":"PUT /items/{id}",
  "rawPath":"/items/a b","rawQueryString":"x=1&y=","cookies":["c=1","d=2"],
  "headers":{"content-type":"text/plain","host":"h"},
  "queryStringParameters":{"x":"1","y":""},"pathParameters":{"id":"a b"},
  "requestContext":{"accountId":"0","stage":"$default","requestId":"R",
    "authorizer":{"jwt":{"claims":{"sub":"u"}}},
    "http":{"method":"PUT","path":"/items/a b","sourceIp":"192.0.2.1"}},
  "body":"aGkA","isBase64Encoded":true})";

TEST(HttpRequest, IsReadFromItsEvent) {
  const lambda::HttpRequest request(kEvent);
  EXPECT_EQ(request.method(), "PUT");
  EXPECT_EQ(request.path(), "/items/a b");
  EXPECT_EQ(request.raw_query(), "x=1&y=");
  EXPECT_EQ(request.route_key(), "PUT /items/{id}");
  EXPECT_EQ(request.stage(), "$default");
  EXPECT_EQ(request.source_ip(), "192.0.2.1");
  EXPECT_EQ(request.request_id(), "R");
  EXPECT_EQ(request.path_parameter("id"), "a b");
  EXPECT_EQ(request.path_parameter("no"), "");
  EXPECT_EQ(request.query("x"), "1");
  EXPECT_EQ(request.query("y"), "");
  EXPECT_FALSE(request.query("z"));
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(request.body(), std::string_view("hi\0", 3));
  EXPECT_EQ(request.cookies(), (std::vector<std::string_view>{"c=1", "d=2"}));
  EXPECT_EQ(request.authorizer(), R"({"jwt":{"claims":{"sub":"u"}}})");
}

TEST(HttpRequest, RefusesOtherEvents) {
  const auto problem = [](std::string_view event) -> std::string {
    try {
      const lambda::HttpRequest request(event);
      return "";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  };
  EXPECT_EQ(problem(R"({"version":"2.0"})"), "");
  EXPECT_EQ(problem(R"({"version":"1.0"})"),
            "the event: is not an HTTP API event of payload format 2.0");
  EXPECT_EQ(problem("[]"), "the event: must be an object");
  EXPECT_EQ(problem("{"), "the event: is not JSON: the text ends too early");
  EXPECT_EQ(problem(R"({"version":"2.0","headers":{"a":5}})"),
            "the event: headers.a: must be a string");
  EXPECT_EQ(problem(R"({"version":"2.0","body":"?","isBase64Encoded":true})"),
            "the event: body: is not base64");
}

TEST(HttpResponse, TakesTheFormThatTheGatewayReads) {
  EXPECT_EQ(lambda::to_event_json(lambda::message(404, "no \"x\"")),
            R"({"statusCode":404,"headers":{"content-type":"application/json"},)"
            R"("body":"{\"message\":\"no \\\"x\\\"\"}","isBase64Encoded":false})");
  EXPECT_EQ(lambda::to_event_json({.status = 200, .body = "\xFF", .cookies = {"a=1"}}),
            R"({"statusCode":200,"headers":{},"cookies":["a=1"],"body":"/w==",)"
            R"("isBase64Encoded":true})");
}

TEST(Runtime, ServesHttpHandlers) {
  FakeRuntimeApi api{.events = {std::string(kEvent), "[]"}};
  lambda::run([](const lambda::HttpRequest& request) {
    return lambda::message(200, request.path_parameter("id"));
  });
  const auto posts = api.posts();
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_NE(posts[0].body.find(R"({\"message\":\"a b\"})"), std::string::npos) << posts[0].body;
  EXPECT_EQ(posts[1].target, "/2018-06-01/runtime/invocation/id-1/error");
}

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

TEST(Uuid, IsRandomAndOfVersion4) {
  const std::string id = lambda::uuid();
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
  EXPECT_NE(id, lambda::uuid());
}

}  // namespace
