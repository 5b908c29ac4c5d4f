#include "apigateway/authorizers/authorization.hpp"

#include <gtest/gtest.h>

#include "apigateway/test_exchange.hpp"
#include "oidc/test_provider.hpp"

namespace stator::apigateway {
namespace {

using std::chrono::milliseconds;

/// Takes a name from a header for a signature, and lets ann do what she wants.
class FakeDoor final : public aws::Authenticator, public aws::Authorizer {
 public:
  Result<aws::Principal> authenticate(const http::Request& request, std::string_view service,
                                      WallTime) override {
    EXPECT_EQ(service, "execute-api");
    const auto signer = request.headers.find("x-test-signer");
    if (!signer) return Error{ErrorCode::kUnauthenticated, "no signature"};
    return aws::Principal{.kind = aws::Principal::Kind::kUser, .arn = std::string(*signer)};
  }
  Result<void> authorize(const aws::Call& call, std::span<const aws::Permission> needs) override {
    asked = needs.front().action + " " + needs.front().resource;
    if (call.principal.arn == "ann") return {};
    return Error{ErrorCode::kAccessDenied, "no"};
  }
  std::string asked;
};

/// Takes a while to say yes.
class SlowInvoker final : public FunctionInvoker {
 public:
  explicit SlowInvoker(FakeClock& clock) : clock_(clock) {}
  void invoke(FunctionCall, std::function<void(Result<FunctionAnswer>)> done) override {
    clock_.advance(milliseconds(7));
    done(FunctionAnswer{R"({"isAuthorized":true})"});
  }

 private:
  FakeClock& clock_;
};

class AuthorizationTest : public testing::Test {
 protected:
  /// The status, 200 when the request may pass.
  int ask(const json::Object& route, const std::string& signer = "") {
    exchange = make_test_exchange();
    auto stage = std::make_shared<CompiledStage>();
    stage->api_id = exchange->stage->api_id;
    stage->account = exchange->stage->account;
    stage->region = exchange->stage->region;
    stage->name = exchange->stage->name;
    stage->routes.push_back(CompiledRoute{
        .key = "POST /items/{id}", .authorization = compile_authorization(route, authorizers)});
    exchange->stage = stage;
    exchange->route = &stage->routes.front();
    if (!signer.empty()) exchange->request.headers.add("x-test-signer", signer);
    int status = 0;
    authorization.check(exchange, [&status](const std::optional<Refusal>& refusal) {
      status = refusal ? refusal->status : 200;
    });
    return status;
  }

  FakeClock clock;
  FakeScheduler scheduler{clock};
  FakeDoor door;
  SlowInvoker invoker{clock};
  oidc::TestProvider provider;
  Authorization authorization{{door, door, invoker, scheduler, clock, provider.fetch()}};
  const Authorizers authorizers =
      compile_authorizers({{{"authorizerId", "f"},
                            {"authorizerType", "REQUEST"},
                            {"enableSimpleResponses", true},
                            {"authorizerPayloadFormatVersion", "2.0"},
                            {"authorizerUri",
                             "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
                             "arn:aws:lambda:us-east-1:1:function:f/invocations"}}},
                          {});
  std::shared_ptr<Exchange> exchange;
};

TEST_F(AuthorizationTest, AnOpenRouteAsksNothing) {
  EXPECT_EQ(ask({}), 200);
  EXPECT_EQ(ask({{"authorizationType", "NONE"}}), 200);
  EXPECT_FALSE(exchange->authorizer_latency);
  EXPECT_EQ(door.asked, "");
}

TEST_F(AuthorizationTest, ASignerMustBeAllowedToInvokeThePath) {
  const json::Object route{{"authorizationType", "AWS_IAM"}};
  EXPECT_EQ(ask(route), 403);
  EXPECT_EQ(ask(route, "bob"), 403);
  EXPECT_FALSE(exchange->caller.signer);
  EXPECT_EQ(ask(route, "ann"), 200);
  EXPECT_EQ(exchange->caller.signer->arn, "ann");
  EXPECT_EQ(door.asked,
            "execute-api:Invoke "
            "arn:aws:execute-api:us-east-1:123456789012:abc/dev/POST/items/a b");
}

TEST_F(AuthorizationTest, SaysHowLongTheAuthorizerTook) {
  EXPECT_EQ(ask({{"authorizationType", "CUSTOM"}, {"authorizerId", "f"}}), 200);
  EXPECT_EQ(exchange->authorizer_latency, milliseconds(7));
}

TEST_F(AuthorizationTest, ARouteIsShutWithoutItsAuthorizer) {
  for (const char* type : {"JWT", "CUSTOM", "SURPRISE"}) {
    EXPECT_EQ(ask({{"authorizationType", type}, {"authorizerId", "gone"}}, "ann"), 500) << type;
    EXPECT_NE(exchange->authorizer_error, "");
  }
}

}  // namespace
}  // namespace stator::apigateway
