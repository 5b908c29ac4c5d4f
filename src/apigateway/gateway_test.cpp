#include "apigateway/gateway.hpp"

#include <gtest/gtest.h>

#include <future>

#include "http/client.hpp"
#include "json/json.hpp"

namespace stator::apigateway {
namespace {

using std::chrono::milliseconds;

/// Answers at once as told, or keeps the callback for later.
class FakeInvoker final : public FunctionInvoker {
 public:
  void invoke(FunctionCall call, std::function<void(Result<FunctionAnswer>)> done) override {
    last = std::move(call);
    if (answer) {
      done(*answer);
    } else {
      kept = std::move(done);
      invoked.set_value();
    }
  }
  FunctionCall last;
  std::optional<Result<FunctionAnswer>> answer = Result<FunctionAnswer>(FunctionAnswer{"{}"});
  std::function<void(Result<FunctionAnswer>)> kept;
  std::promise<void> invoked;
};

/// Takes the signer's name from a header, and lets ann do what it was told.
class FakeDoor final : public aws::Authenticator, public aws::Authorizer {
 public:
  Result<aws::Principal> authenticate(const http::Request& request, std::string_view service,
                                      WallTime) override {
    const auto signer = request.headers.find("x-test-signer");
    if (!signer) return Error{ErrorCode::kUnauthenticated, "no signature"};
    EXPECT_EQ(service, "execute-api");
    return aws::Principal{.kind = aws::Principal::Kind::kUser,
                          .account = "123",
                          .arn = "arn:aws:iam::123:user/" + std::string(*signer),
                          .user_id = "AIDA1",
                          .access_key_id = "AKIA1",
                          .role_name = {}};
  }
  Result<void> authorize(const aws::Call& call, std::span<const aws::Permission> needs) override {
    for (const auto& need : needs) asked.push_back(need.action + " " + need.resource);
    if (call.principal.arn.ends_with("/ann")) return {};
    return Error{ErrorCode::kAccessDenied, "no"};
  }
  std::vector<std::string> asked;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    call_.account = "123";
    call_.region = "us-east-1";
    api_ = *json::find_string(*apis_.create(call_, Kind::kApi, "", {{"name", "n"}}), "apiId");
    const auto integration = apis_.create(
        call_, Kind::kIntegration, api_,
        {{"integrationUri", "arn:aws:lambda:us-east-1:123:function:f"}, {"timeoutInMillis", 5000}});
    target_ = "integrations/" + *json::find_string(*integration, "integrationId");
    add_route("GET /items/{id}");
    add_route("POST /items");
    EXPECT_TRUE(apis_.create(call_, Kind::kStage, api_, {{"stageName", "$default"}}));
    EXPECT_TRUE(apis_.create(call_, Kind::kStage, api_,
                             {{"stageName", "dev"}, {"stageVariables", {{"v", "1"}}}}));
    server_.start();
  }
  ~GatewayTest() override { server_.stop(milliseconds(0)); }

  void add_route(const char* key, const char* authorization = "NONE") {
    EXPECT_TRUE(apis_.create(
        call_, Kind::kRoute, api_,
        {{"routeKey", key}, {"target", target_}, {"authorizationType", authorization}}));
  }

  void allow_origin(const char* origin) {
    EXPECT_TRUE(apis_.update(call_, Kind::kApi, {api_}, [&](json::Object& record, const auto&) {
      record["corsConfiguration"] = json::Object{{"allowOrigins", json::Array{origin}}};
      return Result<void>();
    }));
  }

  http::Response send_with(const std::vector<http::Headers::Field>& headers,
                           const std::string& method, const std::string& target) {
    http::Request request{.method = method, .target = target};
    request.headers.add("Host", api_ + ".execute-api.localhost:4566");
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    http::Client client({"127.0.0.1", server_.port()});
    auto response = client.send(request);
    EXPECT_TRUE(response) << (response ? "" : response.error().message);
    return response ? *response : http::Response{};
  }

  http::Response send(const std::string& method, const std::string& target,
                      const std::string& host = "", const std::string& body = "",
                      const std::string& signer = "") {
    http::Request request{.method = method, .target = target};
    request.body = body;
    request.headers.add("Host", host.empty() ? api_ + ".execute-api.localhost:4566" : host);
    if (!signer.empty()) request.headers.add("x-test-signer", signer);
    http::Client client({"127.0.0.1", server_.port()});
    auto response = client.send(request);
    EXPECT_TRUE(response) << (response ? "" : response.error().message);
    return response ? *response : http::Response{};
  }
  std::string last_trace() { return invoker_.last.trace_id; }
  json::Object last_event() { return *json::parse_object(invoker_.last.payload); }

  FakeClock clock_;
  FakeScheduler scheduler_{clock_};
  SystemRandom random_;
  log::Logger logger_{clock_, log::Level::kError, log::stderr_sink()};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  Apis apis_{*store_, random_, ".execute-api.localhost:4566"};
  FakeInvoker invoker_;
  FakeDoor door_;
  Gateway gateway_{{apis_, invoker_, scheduler_, clock_, random_, door_, door_}};
  http::Server server_{{.loops = 1},
                       [this](http::Request&& request, http::Responder responder) {
                         if (Gateway::owns(request)) {
                           gateway_.handle(std::move(request), std::move(responder));
                         } else {
                           std::move(responder).send({421, {}, "not an API"});
                         }
                       },
                       clock_,
                       logger_};
  aws::Call call_;
  std::string api_, target_;
};

TEST_F(GatewayTest, TakesARequestToItsFunctionAndTheAnswerBack) {
  invoker_.answer = FunctionAnswer{R"({"statusCode":201,"headers":{"x-a":"b"},"body":"made"})"};
  const auto response = send("GET", "/items/a%20b?q=1");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.get("x-a"), "b");
  EXPECT_EQ(response.body, "made");
  EXPECT_EQ(response.headers.get("apigw-requestid").size(), 16u);
  EXPECT_EQ(invoker_.last.function_arn, "arn:aws:lambda:us-east-1:123:function:f");
  EXPECT_EQ(invoker_.last.source_arn,
            "arn:aws:execute-api:us-east-1:123:" + api_ + "/$default/GET/items/{id}");
  EXPECT_EQ(json::dump(last_event().at("pathParameters")), R"({"id":"a b"})");
  EXPECT_EQ(scheduler_.pending(), 0u);
}

TEST_F(GatewayTest, IsFoundByHostAndByPathAndByStage) {
  send("GET", "/items/1", "localhost:4566");
  EXPECT_EQ(send("GET", "/items/1", "localhost:4566").status, 421);
  EXPECT_EQ(send("GET", "/items/1", api_ + ".execute-api.us-east-1.amazonaws.com").status, 200);
  const std::string base = "/_aws/execute-api/" + api_;
  EXPECT_EQ(send("GET", base + "/$default/items/1", "localhost:4566").status, 200);
  EXPECT_EQ(json::find_string(last_event(), "rawPath"), "/items/1");
  EXPECT_EQ(send("GET", base + "/%24default/items/1", "localhost:4566").status, 200);
  EXPECT_EQ(send("GET", base + "/dev/items/1", "localhost:4566").status, 200);
  EXPECT_EQ(json::find_string(last_event(), "rawPath"), "/dev/items/1");
  EXPECT_EQ(send("GET", "/dev/items/1").status, 200);
  EXPECT_EQ(json::dump(last_event().at("stageVariables")), R"({"v":"1"})");
  for (const std::string& target :
       {base, base + "/", base + "/prod/items/1", base + "/dev", std::string("/_aws/execute-api/"),
        std::string("/_aws/execute-api/nope/dev/items/1")}) {
    EXPECT_EQ(send("GET", target, "localhost:4566").status, 404) << target;
  }
}

TEST_F(GatewayTest, AnswersInItsOwnWordsWhereThereIsNoFunctionToAsk) {
  const auto missing = send("GET", "/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, R"({"message":"Not Found"})");
  EXPECT_EQ(send("DELETE", "/items/1").status, 404);
  EXPECT_EQ(send("GET", "/items/%zz").status, 400);
  EXPECT_EQ(send("GET", "/items/%ff").status, 400);
  EXPECT_EQ(send("POST", "/items", "", std::string((10u << 20) + 1, 'x')).status, 413);
  EXPECT_EQ(send("GET", "/items/1", "unknown.execute-api.localhost").status, 404);
  EXPECT_EQ(send("GET", "/items/1?q=" + std::string(10'100, 'x')).status, 200);
  const auto large = send("GET", "/items/1?q=" + std::string(10'240, 'x'));
  EXPECT_EQ(large.status, 431);
  EXPECT_EQ(large.body, R"({"message":"Request Header Fields Too Large"})");
}

TEST_F(GatewayTest, ARouteThatAsksForASignatureIsInvokedByWhomItAllows) {
  add_route("PUT /items/{id}", "AWS_IAM");
  for (const char* signer : {"", "bob"}) {
    const auto refused = send("PUT", "/items/a%20b", "", "", signer);
    EXPECT_EQ(refused.status, 403) << signer;
    EXPECT_EQ(refused.body, R"({"message":"Forbidden"})") << signer;
  }
  EXPECT_EQ(invoker_.last.payload, "");
  door_.asked.clear();
  EXPECT_EQ(send("PUT", "/dev/items/a%20b", "", "", "ann").status, 200);
  EXPECT_EQ(door_.asked,
            std::vector<std::string>{"execute-api:Invoke arn:aws:execute-api:us-east-1:123:" +
                                     api_ + "/dev/PUT/items/a b"});
  const auto event = last_event();
  EXPECT_EQ(json::dump(event.at("requestContext").as_object().at("authorizer")),
            R"({"iam":{"accessKey":"AKIA1","accountId":"123","callerId":"AIDA1",)"
            R"("cognitoIdentity":null,"principalOrgId":null,)"
            R"("userArn":"arn:aws:iam::123:user/ann","userId":"AIDA1"}})");
  door_.asked.clear();
  EXPECT_EQ(send("GET", "/items/1").status, 200);
  EXPECT_EQ(json::find(last_event().at("requestContext").as_object(), "authorizer"), nullptr);
  EXPECT_TRUE(door_.asked.empty());
}

TEST_F(GatewayTest, AnswersAPreflightItselfAndEveryAnswerSaysWhoMayReadIt) {
  allow_origin("https://app.example");
  add_route("ANY /guarded", "AWS_IAM");
  const auto preflight = [&](const std::string& target, const std::string& origin) {
    return send_with({{"Origin", origin}, {"Access-Control-Request-Method", "GET"}}, "OPTIONS",
                     target);
  };
  for (const char* target : {"/items/1", "/nothing", "/dev/items/1"}) {
    const auto leave = preflight(target, "https://app.example");
    EXPECT_EQ(leave.status, 204) << target;
    EXPECT_EQ(leave.headers.get("access-control-allow-origin"), "https://app.example") << target;
    const auto refused = preflight(target, "https://other.example");
    EXPECT_EQ(refused.status, 204) << target;
    EXPECT_FALSE(refused.headers.find("access-control-allow-origin")) << target;
  }
  EXPECT_EQ(preflight("/guarded", "https://app.example").status, 403);
  EXPECT_EQ(send("OPTIONS", "/items/1").status, 404);
  EXPECT_EQ(invoker_.last.payload, "");
  for (const char* target : {"/items/1", "/nothing", "/guarded"}) {
    const auto answer = send_with({{"Origin", "https://app.example"}}, "GET", target);
    EXPECT_EQ(answer.headers.get("access-control-allow-origin"), "https://app.example") << target;
  }
}

TEST_F(GatewayTest, ThrottlesARouteAndAChangeForgetsNothing) {
  const auto set_burst = [&](int burst) {
    EXPECT_TRUE(apis_.update(call_, Kind::kStage, {api_, "dev"}, [&](json::Object& stage, auto&) {
      stage["defaultRouteSettings"] =
          json::Object{{"throttlingBurstLimit", burst}, {"throttlingRateLimit", 1}};
      return Result<void>();
    }));
  };
  set_burst(2);
  EXPECT_EQ(send("GET", "/dev/items/1").status, 200);
  EXPECT_EQ(send("GET", "/dev/items/2").status, 200);
  const auto refused = send("GET", "/dev/items/3");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, R"({"message":"Too Many Requests"})");
  EXPECT_EQ(send("POST", "/dev/items").status, 200) << "each route has the default on its own";
  EXPECT_EQ(send("GET", "/items/1").status, 200) << "another stage";
  set_burst(3);
  EXPECT_EQ(send("GET", "/dev/items/4").status, 200);
  EXPECT_EQ(send("GET", "/dev/items/5").status, 429);
  clock_.advance(milliseconds(1000));
  EXPECT_EQ(send("GET", "/dev/items/6").status, 200);
  const auto figures = apis_.find(api_)->stage("dev")->figures->read();
  EXPECT_EQ(figures.throttled, 2u);
  EXPECT_EQ(figures.client_errors, 2u);
}

TEST_F(GatewayTest, TellsAFollowerOfEachRequest) {
  const auto pipe = gateway_.watch().followers().add(api_);
  const auto dev_trace = [&] { return gateway_.watch().table_times().take(last_trace()); };
  EXPECT_EQ(send("GET", "/items/1").status, 200);
  EXPECT_FALSE(dev_trace()) << "what was watched has been told";
  gateway_.watch().followers().close();
  EXPECT_EQ(send("GET", "/items/1").status, 200);
}

TEST_F(GatewayTest, TellsAFailureFromAThrottle) {
  invoker_.answer = FunctionAnswer{R"({"errorMessage":"x"})", true};
  EXPECT_EQ(send("GET", "/items/1").body, R"({"message":"Internal Server Error"})");
  invoker_.answer = Result<FunctionAnswer>(Error{ErrorCode::kThrottled, "busy"});
  EXPECT_EQ(send("GET", "/items/1").status, 503);
  invoker_.answer = Result<FunctionAnswer>(Error{ErrorCode::kAccessDenied, "no"});
  EXPECT_EQ(send("GET", "/items/1").status, 500);
}

TEST_F(GatewayTest, GivesUpAtTheIntegrationsTimeoutAndDropsALateAnswer) {
  invoker_.answer.reset();
  auto response = std::async(std::launch::async, [this] { return send("GET", "/items/1"); });
  invoker_.invoked.get_future().wait();
  scheduler_.advance(milliseconds(5000));
  EXPECT_EQ(response.get().body, R"({"message":"Service Unavailable"})");
  invoker_.kept(FunctionAnswer{"{}"});
}

}  // namespace
}  // namespace stator::apigateway
