#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "fake_runtime_api.hpp"
#include "lambda/lambda.hpp"

namespace {

using stator::sdk::testing::Answer;
using stator::sdk::testing::FakeRuntimeApi;
using stator::sdk::testing::FakeServer;
using stator::sdk::testing::ok;
using stator::sdk::testing::ScopedEnv;
using stator::sdk::testing::Seen;
using stator::sdk::testing::status;

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

TEST(Runtime, SendsAnAnswerInPieces) {
  FakeRuntimeApi api{.events = {"1", "2", "3"}};
  lambda::run([](std::string_view event, lambda::ResponseStream& stream) {
    if (event == "1") {
      stream.begin("text/plain");
      stream.write("caf");
      stream.write("\xC3\xA9");
      return;
    }
    if (event == "2") stream.begin(lambda::HttpResponse{418, {{"x", "y"}}, "tea", {}});
    throw std::runtime_error("as asked");
  });
  const auto posts = api.posts();
  ASSERT_EQ(posts.size(), 3u);
  EXPECT_EQ(posts[0].target, "/2018-06-01/runtime/invocation/id-0/response");
  EXPECT_EQ(posts[0].headers.at("lambda-runtime-function-response-mode"), "streaming");
  EXPECT_EQ(posts[0].headers.at("content-type"), "text/plain");
  EXPECT_EQ(posts[0].body, "caf\xC3\xA9");
  EXPECT_FALSE(posts[0].headers.contains("lambda-runtime-function-error-type"));
  // A failure after the first piece is told in the trailers.
  EXPECT_EQ(posts[1].body,
            R"({"statusCode":418,"headers":{"x":"y"}})" + std::string(8, '\0') + "tea");
  EXPECT_EQ(posts[1].headers.at("content-type"),
            "application/vnd.awslambda.http-integration-response");
  EXPECT_EQ(posts[1].headers.at("lambda-runtime-function-error-type"), "Function.Unhandled");
  EXPECT_FALSE(posts[1].headers.at("lambda-runtime-function-error-body").empty());
  // One before it is an ordinary error.
  EXPECT_EQ(posts[2].target, "/2018-06-01/runtime/invocation/id-2/error");
  EXPECT_EQ(api.server.connections(), 1);
}

TEST(Runtime, ABrokenStreamEndsItsInvocationAlone) {
  int handed_out = 0;
  FakeServer server([&](const Seen& request, int) {
    if (request.method == "POST") return Answer{"", true};
    if (handed_out == 2) return status(500, "");
    return ok("1", "Lambda-Runtime-Aws-Request-Id: a" + std::to_string(handed_out++) + "\r\n");
  });
  const ScopedEnv address("AWS_LAMBDA_RUNTIME_API", server.address().c_str());
  int calls = 0;
  lambda::run([&](std::string_view, lambda::ResponseStream& stream) {
    ++calls;
    stream.write("x");
  });
  EXPECT_EQ(calls, 2);
}

TEST(Runtime, StopsTheHandlerBeforeItsDeadline) {
  // The deadline of the fake's invocations has passed long since.
  FakeRuntimeApi api{.events = {"1"}};
  bool is_stopped = false;
  lambda::run([&](std::string_view, const lambda::Context& context) {
    const std::stop_token stop = context.stop_token();
    std::mutex mutex;
    std::condition_variable_any rung;
    std::unique_lock lock(mutex);
    rung.wait(lock, stop, [] { return false; });
    is_stopped = stop.stop_requested();
  });
  EXPECT_TRUE(is_stopped);
}

TEST(Runtime, AnAlarmThatDidNotRingEndsWithItsInvocation) {
  stator1_invocation invocation{};
  invocation.deadline_ms = stator1_now_ms() + 3'600'000;
  const lambda::Context context(invocation);
  EXPECT_FALSE(context.stop_token().stop_requested());
}

int run_named() {
  return lambda::run(lambda::named("create", [](std::string_view) { return "created"; }),
                     lambda::named("list", [](std::string_view) { return "listed"; }));
}

TEST(Runtime, RunsTheHandlerThatItsEnvironmentNames) {
  for (const char* handler : {"list", "items.list"}) {
    FakeRuntimeApi api{.events = {"1"}};
    const ScopedEnv name("_HANDLER", handler);
    run_named();
    ASSERT_EQ(api.posts().size(), 1u);
    EXPECT_EQ(api.posts()[0].body, "listed");
  }
}

TEST(Runtime, NamesItsHandlersWhereTheEnvironmentNamesNone) {
  FakeRuntimeApi api{.events = {"1"}};
  const ScopedEnv name("_HANDLER", "delete");
  EXPECT_EQ(run_named(), 1);
  ASSERT_EQ(api.posts().size(), 1u);
  EXPECT_EQ(api.posts()[0].body,
            R"({"errorMessage":"_HANDLER is 'delete', and this program has create, list",)"
            R"("errorType":"Runtime.HandlerNotFound","stackTrace":[]})");
}

TEST(Runtime, MakesNoHandlerButTheOneThatIsNamed) {
  FakeRuntimeApi api{.events = {"1"}};
  const ScopedEnv name("_HANDLER", "b");
  bool is_other_made = false;
  lambda::start(lambda::named("a",
                              [&] {
                                is_other_made = true;
                                return [](std::string_view) { return "a"; };
                              }),
                lambda::named("b", [] { return [](std::string_view) { return "b"; }; }));
  EXPECT_FALSE(is_other_made);
  ASSERT_EQ(api.posts().size(), 1u);
  EXPECT_EQ(api.posts()[0].body, "b");
}

TEST(Runtime, AsksAgainWhenTheApiIsAwayForAMoment) {
  int asked = 0;
  FakeServer server([&](const Seen& request, int) {
    if (request.method == "POST") return status(202, "");
    ++asked;
    if (asked == 1) return Answer{"HTTP/1.1 200 OK\r\nContent-Len", true};
    if (asked == 2) return ok("1", "Lambda-Runtime-Aws-Request-Id: a\r\n");
    return status(500, "");
  });
  const ScopedEnv address("AWS_LAMBDA_RUNTIME_API", server.address().c_str());
  int calls = 0;
  lambda::run([&](std::string_view) { ++calls; });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(asked, 3);
}

TEST(Runtime, ARefusedResultIsNotTheEnd) {
  int posts = 0;
  int handed_out = 0;
  FakeServer server([&](const Seen& request, int) {
    if (request.method == "POST") return ++posts, status(413, "too large");
    if (handed_out == 2) return status(500, "");
    return ok("1", "Lambda-Runtime-Aws-Request-Id: a" + std::to_string(handed_out++) + "\r\n");
  });
  const ScopedEnv address("AWS_LAMBDA_RUNTIME_API", server.address().c_str());
  lambda::run([](std::string_view) {});
  EXPECT_EQ(posts, 2) << "a refusal is final, and the next invocation comes";
}

TEST(Uuid, IsRandomAndOfVersion4) {
  const std::string id = lambda::uuid();
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
  EXPECT_NE(id, lambda::uuid());
}

}  // namespace
