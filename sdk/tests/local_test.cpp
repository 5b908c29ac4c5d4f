#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "core/http.hpp"
#include "core/local.hpp"
#include "fake_server.hpp"
#include "lambda/lambda.hpp"

namespace stator::sdk {
namespace {

template <class H>
LocalFunction function_of(H& handler) {
  return {&lambda::detail::handle<H>, &handler};
}

/// One exchange with a server of that function.
template <class H>
HttpAnswer exchange(H handler, const LocalOptions& options, const HttpCall& call) {
  LocalOptions on_free_port = options;
  on_free_port.port = 0;
  auto server = LocalServer::listen(on_free_port, function_of(handler));
  EXPECT_TRUE(server);
  std::thread serving([&] { server->serve_next(); });
  const auto url = parse_url("http://127.0.0.1:" + std::to_string(server->port()));
  HttpConnection connection(connect(*url, after_ms(5000)).value());
  auto answer = connection.exchange(call, after_ms(5000));
  serving.join();
  return answer ? *answer : HttpAnswer{.status = 0, .body = answer.error().message};
}

const Headers kHeaders{{"host", "h"}, {"cookie", "a=1; b=2"}, {"x-two", "1"}, {"x-two", "2"}};
constexpr const char* kInvocations = "/2015-03-31/functions/function/invocations";

TEST(Local, ServesInvocationsAsTheEmulatorDoes) {
  const auto echo = [](std::string_view event) { return std::string(event); };
  const auto answer = exchange(echo, {}, {"POST", kInvocations, kHeaders, "[1]"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "[1]");
  EXPECT_EQ(exchange(echo, {}, {"GET", kInvocations, kHeaders, ""}).status, 405);
  EXPECT_EQ(exchange(echo, {}, {"GET", "/items", kHeaders, ""}).status, 404);
}

TEST(Local, TellsTheHandlerAboutItself) {
  const testing::ScopedEnv name("AWS_LAMBDA_FUNCTION_NAME", "f");
  const testing::ScopedEnv region("AWS_REGION", "eu-west-1");
  const auto who = [](const lambda::Context& context) {
    EXPECT_GT(context.remaining_ms(), 0);
    EXPECT_EQ(context.request_id().size(), 36u);
    return std::string(context.function_arn());
  };
  EXPECT_EQ(exchange(who, {}, {"POST", kInvocations, kHeaders, ""}).body,
            "arn:aws:lambda:eu-west-1:000000000000:function:f");
}

TEST(Local, AFailedInvocationSaysSo) {
  const auto bad = [](std::string_view) -> std::string { throw std::runtime_error("as asked"); };
  const auto answer = exchange(bad, {}, {"POST", kInvocations, kHeaders, "{}"});
  EXPECT_EQ(answer.header("x-amz-function-error"), "Unhandled");
  EXPECT_EQ(answer.body,
            R"({"errorMessage":"as asked","errorType":"std::runtime_error","stackTrace":[]})");
}

TEST(Local, ServesAnApisRequests) {
  const auto handler = [](const lambda::HttpRequest& request) {
    EXPECT_EQ(request.route_key(), "GET /items/{id}");
    EXPECT_EQ(request.cookies(), (std::vector<std::string_view>{"a=1", "b=2"}));
    EXPECT_EQ(request.header("x-two"), "1,2");
    lambda::HttpResponse response{201, {{"x", "y"}}, "", {"c=3"}};
    response.body = std::string(request.path_parameter("id")) + "|" +
                    std::string(request.query("q").value_or("")) + "\xFF";
    return response;
  };
  const LocalOptions options{.is_http = true, .routes = {"POST /items", "GET /items/{id}"}};
  const auto answer = exchange(handler, options, {"GET", "/items/a%20b?q=1+2&q=3", kHeaders, ""});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "a b|1 2,3\xFF");
  EXPECT_EQ(answer.header("x"), "y");
  EXPECT_EQ(answer.header("set-cookie"), "c=3");
  EXPECT_EQ(exchange(handler, options, {"GET", "/other", kHeaders, ""}).status, 404);
}

TEST(Local, ServesStreamsAndFailuresOfAnApi) {
  const LocalOptions http{.is_http = true};
  const auto streams = [](const lambda::HttpRequest&, lambda::ResponseStream& stream) {
    stream.begin(lambda::HttpResponse{.status = 202, .headers = {{"a", "b"}}});
    stream.write("one ");
    stream.write("two");
  };
  const auto answer = exchange(streams, http, {"GET", "/", kHeaders, ""});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.header("a"), "b");
  EXPECT_EQ(answer.body, "one two");
  const auto bad = [](const lambda::HttpRequest&) -> lambda::HttpResponse { throw 1; };
  EXPECT_EQ(exchange(bad, http, {"GET", "/", kHeaders, ""}).status, 500);
  const auto plain = [](std::string_view) { return std::string("[1]"); };
  EXPECT_EQ(exchange(plain, http, {"GET", "/", kHeaders, ""}).body, "[1]");
}

TEST(Local, ReadsItsOptions) {
  auto options = parse_local_options({"--http", "0.0.0.0:81", "--route", "GET /a"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->host, "0.0.0.0");
  EXPECT_EQ(options->port, 81);
  EXPECT_TRUE(options->is_http);
  EXPECT_EQ(options->routes, std::vector<std::string>{"GET /a"});
  options = parse_local_options({"--port", "9000", "--event", "e.json"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->event_file, "e.json");
  EXPECT_FALSE(options->is_http);
  for (const auto& [arguments, problem] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--nothing"}, "--nothing: is not an option; see --help"},
           {{"--event"}, "--event: needs a value"},
           {{"--http", "70000"}, "--http: is [HOST:]PORT"},
           {{"--port", ":80"}, "--port: is [HOST:]PORT"},
           {{"--route", "GET"}, "--route: is 'METHOD /path'"}}) {
    const auto refused = parse_local_options(arguments);
    ASSERT_FALSE(refused) << problem;
    EXPECT_EQ(refused.error().message, problem);
  }
}

TEST(Local, AnswersOneEventFromAFile) {
  const std::string path = ::testing::TempDir() + "/event.json";
  std::ofstream(path) << "[1]";
  auto echo = [](std::string_view event) {
    if (event == "[2]") throw std::runtime_error("no");
    return std::string(event);
  };
  using Echo = decltype(echo);
  const auto run = [&](const std::string& file) {
    return run_locally({"--event", file}, &lambda::detail::handle<Echo>, &echo);
  };
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(run(path), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "[1]\n");
  std::ofstream(path) << "[2]";
  EXPECT_EQ(run(path), 1);
  EXPECT_EQ(run("/nonexistent"), 2);
  EXPECT_EQ(run_locally({"--what"}, &lambda::detail::handle<Echo>, &echo), 2);
}

TEST(Local, RequestsThatCannotBeReadAreRefused) {
  auto handler = [] {};
  auto server = LocalServer::listen({.port = 0}, function_of(handler));
  ASSERT_TRUE(server);
  for (const auto& [request, status] : std::vector<std::pair<std::string, int>>{
           {"nonsense\r\n\r\n", 400},
           {"GET nowhere HTTP/1.1\r\n\r\n", 400},
           {"POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n", 400},
           {"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", 411},
           {"POST / HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n", 413},
           {"GET / HTTP/1.1\r\nx: " + std::string(70'000, 'x'), 431}}) {
    std::thread serving([&] { server->serve_next(); });
    const auto url = parse_url("http://127.0.0.1:" + std::to_string(server->port()));
    HttpConnection connection(connect(*url, after_ms(5000)).value());
    // What it refuses, it may hang up on before all has arrived.
    (void)connection.begin_upload(request, after_ms(5000));
    const auto answer = connection.receive(after_ms(5000));
    serving.join();
    EXPECT_TRUE(answer || status == 431) << request.substr(0, 40);
    EXPECT_EQ(answer ? answer->status : status, status) << request.substr(0, 40);
  }
}

}  // namespace
}  // namespace stator::sdk
