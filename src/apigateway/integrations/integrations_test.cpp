#include "apigateway/integrations/integrations.hpp"

#include <gtest/gtest.h>

#include <future>

#include "apigateway/test_exchange.hpp"
#include "http/client.hpp"
#include "http/test_socket.hpp"

namespace stator::apigateway {
namespace {

using namespace std::chrono_literals;

class FakeInvoker final : public FunctionInvoker {
 public:
  void invoke(FunctionCall call, std::function<void(Result<FunctionAnswer>)> done) override {
    last = std::move(call);
    done(answer);
  }
  FunctionCall last;
  Result<FunctionAnswer> answer = Result<FunctionAnswer>(FunctionAnswer{"{}"});
};

/// A server that takes every request to one integration, and a backend for it to ask.
class IntegrationsTest : public testing::Test {
 protected:
  IntegrationsTest() {
    upstream_.start();
    backend_.start();
    server_.start();
  }
  ~IntegrationsTest() override {
    server_.stop(0ms);
    upstream_.stop();
    backend_.stop(0ms);
  }

  void integrate(json::Object record, const std::string& route_key = "ANY /items/{id}") {
    auto stage = std::make_shared<CompiledStage>();
    stage->api_id = "abc";
    stage->account = "123";
    stage->region = "us-east-1";
    stage->name = "$default";
    stage->variables = {{"fn", "f"}};
    stage->routes.push_back(CompiledRoute{.key = route_key, .id = "r1"});
    auto integration = compile_integration(record, stage->variables);
    ASSERT_TRUE(integration) << integration.error().message;
    stage->routes[0].integration = *std::move(integration);
    stage_ = std::move(stage);
  }
  /// An HTTP_PROXY integration with the backend.
  [[nodiscard]] json::Object proxy(const std::string& path = "/base/{id}",
                                   std::int64_t timeout_ms = 20'000) const {
    return {{"integrationType", "HTTP_PROXY"},
            {"integrationUri", "http://127.0.0.1:" + std::to_string(backend_.port()) + path},
            {"timeoutInMillis", timeout_ms}};
  }

  http::Response send(const std::string& method = "GET", const std::string& body = "") {
    http::Request request{.method = method, .target = "/items/7?q=1"};
    request.body = body;
    http::Client client({"127.0.0.1", server_.port()});
    auto response = client.send(request);
    EXPECT_TRUE(response) << (response ? "" : response.error().message);
    return response ? *response : http::Response{};
  }

  void handle(http::Request&& request, http::Responder responder) {
    const auto exchange =
        std::make_shared<Exchange>(std::move(request), std::move(responder), "req=", "Root=1-0-0");
    exchange->address = Address{"abc", "$default", "/items/7", "abc.execute-api.localhost"};
    exchange->stage = stage_;
    exchange->route = &stage_->routes[0];
    exchange->path_parameters = {{"id", "7"}};
    exchange->finish = [this](Exchange& finished, http::Response&) {
      error_ = finished.integration_error;
      status_ = finished.integration_status;
    };
    integrations_.answer(exchange);
  }

  SystemClock clock_;
  TimerThread timers_;
  log::Logger logger_{clock_, log::Level::kError, log::stderr_sink()};
  FakeInvoker invoker_;
  http::Upstream upstream_{{.body_bytes_max = 1u << 20}};
  Integrations integrations_{{invoker_, timers_, clock_, &upstream_}};
  std::shared_ptr<const CompiledStage> stage_;
  std::string error_;
  std::optional<int> status_;

  http::Request asked_;
  std::optional<http::Response> backend_answer_ = http::Response{};
  std::promise<http::Responder> held_;
  http::Server backend_{{.loops = 1},
                        [this](http::Request&& request, http::Responder responder) {
                          asked_ = std::move(request);
                          if (!backend_answer_) return held_.set_value(std::move(responder));
                          std::move(responder).send(*backend_answer_);
                        },
                        clock_,
                        logger_};
  http::Server server_{{.loops = 1},
                       [this](http::Request&& request, http::Responder responder) {
                         handle(std::move(request), std::move(responder));
                       },
                       clock_,
                       logger_};
};

TEST_F(IntegrationsTest, PassARequestOnToAUrlAndItsAnswerBack) {
  integrate(proxy());
  backend_answer_ = http::Response{201, {}, std::string("\x00\xff binary", 9)};
  backend_answer_->headers.add("X-From", "backend");
  backend_answer_->headers.add("Set-Cookie", "a=1");
  backend_answer_->headers.add("Set-Cookie", "b=2");
  backend_answer_->headers.add("Keep-Alive", "timeout=5");
  const auto response = send("POST", "body");
  EXPECT_EQ(asked_.method, "POST");
  EXPECT_EQ(asked_.target, "/base/7?q=1");
  EXPECT_EQ(asked_.body, "body");
  EXPECT_EQ(asked_.headers.get("host"), "127.0.0.1:" + std::to_string(backend_.port()));
  EXPECT_EQ(asked_.headers.get("via"), "HTTP/1.1 AmazonAPIGateway");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, backend_answer_->body);
  EXPECT_EQ(response.headers.get("x-from"), "backend");
  EXPECT_EQ(response.headers.find("keep-alive"), std::nullopt);
  std::string cookies;
  for (const auto& [name, value] : response.headers.fields()) {
    if (name == "Set-Cookie") cookies += value + ";";
  }
  EXPECT_EQ(cookies, "a=1;b=2;");
  EXPECT_EQ(status_, 201);
}

TEST_F(IntegrationsTest, AnswerHeadAnd204AndErrorsOfTheBackendAsTheyAre) {
  integrate(proxy());
  backend_answer_ = http::Response{200, {}, "hidden"};
  EXPECT_EQ(send("HEAD").body, "");
  EXPECT_EQ(asked_.method, "HEAD");
  backend_answer_ = http::Response{204, {}, ""};
  EXPECT_EQ(send("OPTIONS").status, 204);
  backend_answer_ = http::Response{500, {}, "broken"};
  EXPECT_EQ(send().body, "broken");
}

TEST_F(IntegrationsTest, SayThatAUrlIsOutOfReachTooSlowOrTooTalkative) {
  const std::string unavailable = R"({"message":"Service Unavailable"})";
  integrate({{"integrationType", "HTTP_PROXY"}, {"integrationUri", "http://127.0.0.1:1/"}});
  auto response = send();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, unavailable);
  EXPECT_NE(error_.find("127.0.0.1:1"), std::string::npos);
  integrate(proxy());
  backend_answer_ = http::Response{200, {}, std::string(2u << 20, 'x')};
  EXPECT_EQ(send().status, 503);
  integrate(proxy("/", 50));
  backend_answer_.reset();
  response = send();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, unavailable);
  (void)held_.get_future().get();
}

TEST_F(IntegrationsTest, GiveARequestUpWhenItsClientLeaves) {
  integrate(proxy());
  backend_answer_.reset();
  http::TestSocket client(server_.port());
  client.send("GET /items/7 HTTP/1.1\r\nHost: h\r\n\r\n");
  http::Responder responder = held_.get_future().get();
  std::promise<void> gone;
  responder.on_disconnect([&gone] { gone.set_value(); });
  client.close();
  gone.get_future().wait();
}

TEST_F(IntegrationsTest, ChangeRequestsAndAnswersByTheirParameters) {
  json::Object record = proxy();
  record["requestParameters"] = {{"overwrite:header.x-id", "$request.path.id"},
                                 {"append:querystring.stage", "$context.stage"}};
  record["responseParameters"] = {
      {"404", {{"overwrite:statuscode", "200"}, {"append:header.x-was", "404"}}}};
  integrate(record);
  backend_answer_ = http::Response{404, {}, "gone"};
  const auto response = send();
  EXPECT_EQ(asked_.headers.get("x-id"), "7");
  EXPECT_EQ(asked_.target, "/base/7?q=1&stage=%24default");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("x-was"), "404");
  EXPECT_EQ(response.body, "gone");
  EXPECT_EQ(status_, 404);
}

json::Object function(const char* version, json::Object more = {}) {
  json::Object record{
      {"integrationType", "AWS_PROXY"},
      {"integrationUri", "arn:aws:lambda:us-east-1:123:function:${stageVariables.fn}:live"},
      {"payloadFormatVersion", version}};
  for (auto& member : more) record[member.key()] = std::move(member.value());
  return record;
}

TEST_F(IntegrationsTest, AskAFunctionInEitherFormat) {
  integrate(function("1.0", {{"credentialsArn", "arn:aws:iam::123:role/r"}}));
  invoker_.answer =
      FunctionAnswer{R"({"statusCode":200,"multiValueHeaders":{"a":["1","2"]},"body":"x"})"};
  EXPECT_EQ(send().headers.get("a"), "1");
  EXPECT_EQ(invoker_.last.function_arn, "arn:aws:lambda:us-east-1:123:function:f:live");
  EXPECT_EQ(invoker_.last.role_arn, "arn:aws:iam::123:role/r");
  EXPECT_EQ(json::find_string(*json::parse_object(invoker_.last.payload), "version"), "1.0");
  invoker_.answer = FunctionAnswer{R"({"no":"status"})"};
  EXPECT_EQ(send().status, 500);
  integrate(function("2.0"));
  EXPECT_EQ(send().body, R"({"no":"status"})");
  EXPECT_EQ(json::find_string(*json::parse_object(invoker_.last.payload), "version"), "2.0");
}

TEST_F(IntegrationsTest, AFunctionSeesTheRequestAsItsParametersChangeIt) {
  integrate(function("2.0", {{"requestParameters",
                              {{"overwrite:header.x-id", "$request.path.id"},
                               {"overwrite:path", "/other"},
                               {"remove:querystring.q", "''"}}}}));
  (void)send();
  const json::Object event = *json::parse_object(invoker_.last.payload);
  EXPECT_EQ(event.at("headers").at("x-id"), json::Value("7"));
  EXPECT_EQ(event.at("rawPath"), json::Value("/other"));
  EXPECT_EQ(event.at("rawQueryString"), json::Value(""));
}

TEST_F(IntegrationsTest, TellFailuresApart) {
  integrate(function("2.0"));
  struct Case {
    Result<FunctionAnswer> answer;
    int status;
  };
  for (const Case& c :
       {Case{FunctionAnswer{R"({"errorMessage":"x"})", true}, 500},
        Case{FunctionAnswer{"not json"}, 500}, Case{Error{ErrorCode::kThrottled, "busy"}, 503},
        Case{Error{ErrorCode::kTooLarge, "big"}, 413},
        Case{Error{ErrorCode::kAccessDenied, "no"}, 500},
        Case{Error{ErrorCode::kNotFound, "none"}, 500}}) {
    invoker_.answer = c.answer;
    EXPECT_EQ(send().status, c.status);
    EXPECT_NE(error_, "");
  }
  integrate({{"integrationUri", "arn:aws:lambda:us-east-1:123:function:${stageVariables.none}"}});
  EXPECT_EQ(send().status, 500);
}

}  // namespace
}  // namespace stator::apigateway
