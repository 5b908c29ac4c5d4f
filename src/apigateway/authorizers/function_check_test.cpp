#include "apigateway/authorizers/function_check.hpp"

#include <gtest/gtest.h>

#include "apigateway/test_exchange.hpp"

namespace stator::apigateway {
namespace {

using std::chrono::seconds;

constexpr const char* kFunction = "arn:aws:lambda:us-east-1:123456789012:function:auth";
constexpr const char* kYes = R"({"isAuthorized":true,"context":{"user":"ann"}})";
constexpr const char* kNo = R"({"isAuthorized":false})";

/// Answers as told, or keeps what it was asked for later.
class FakeInvoker final : public FunctionInvoker {
 public:
  void invoke(FunctionCall call, std::function<void(Result<FunctionAnswer>)> done) override {
    calls.push_back(std::move(call));
    if (answer) return done(*answer);
    kept.push_back(std::move(done));
  }
  std::vector<FunctionCall> calls;
  std::optional<Result<FunctionAnswer>> answer;
  std::vector<std::function<void(Result<FunctionAnswer>)>> kept;
};

class FunctionCheckTest : public testing::Test {
 protected:
  FunctionCheckTest() { configure({}); }

  /// The authorizer: simple answers of format 2.0, kept for a minute by the header x-key.
  void configure(const std::string& changes) {
    record = *json::parse_object(
        R"({"authorizerId":"z1","authorizerType":"REQUEST","enableSimpleResponses":true,)"
        R"("authorizerPayloadFormatVersion":"2.0","authorizerResultTtlInSeconds":60,)"
        R"("identitySource":["$request.header.x-key"],"authorizerUri":)"
        R"("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/)" +
        std::string(kFunction) + R"(/invocations"})");
    if (!changes.empty()) {
      const json::Object changed = *json::parse_object(changes);
      for (const auto& member : changed) record[member.key()] = member.value();
    }
    stage = make_stage();
  }

  std::shared_ptr<const CompiledStage> make_stage() {
    auto made = std::make_shared<CompiledStage>();
    made->api_id = "abc";
    made->account = "123456789012";
    made->region = "us-east-1";
    made->name = "dev";
    made->variables = {{"fn", "other"}};
    const Authorizers authorizers = compile_authorizers({record}, made->variables);
    for (const char* key : {"POST /items/{id}", "GET /other"}) {
      made->routes.push_back(CompiledRoute{
          .key = key,
          .authorization = compile_authorization(
              {{"authorizationType", "CUSTOM"}, {"authorizerId", "z1"}}, authorizers)});
    }
    return made;
  }

  struct Asked {
    std::shared_ptr<Exchange> exchange;
    std::optional<std::optional<Refusal>> told;

    /// The status; 200 when the request may pass, 0 when nothing was said yet.
    [[nodiscard]] int status() const { return !told ? 0 : *told ? (*told)->status : 200; }
  };
  std::shared_ptr<Asked> ask(const std::string& key, std::size_t route = 0) {
    auto asked = std::make_shared<Asked>();
    asked->exchange = make_test_exchange();
    asked->exchange->stage = stage;
    asked->exchange->route = &stage->routes[route];
    if (route == 1) {
      asked->exchange->request.method = "GET";
      asked->exchange->address.path = "/other";
    }
    if (!key.empty()) asked->exchange->request.headers.add("X-Key", key);
    check.check(asked->exchange, [asked](std::optional<Refusal> refusal) {
      EXPECT_FALSE(asked->told) << "told twice";
      asked->told = std::move(refusal);
    });
    return asked;
  }
  int status(const std::string& key, std::size_t route = 0) { return ask(key, route)->status(); }
  void answer(std::string payload, bool is_error = false) {
    invoker.answer = FunctionAnswer{std::move(payload), is_error};
  }
  static std::string policy(const std::string& resource) {
    return R"({"principalId":"p","policyDocument":{"Version":"2012-10-17","Statement":[{"Effect":)"
           R"("Allow","Action":"execute-api:Invoke","Resource":")" +
           resource + R"("}]},"context":{"n":1}})";
  }
  json::Object event() { return *json::parse_object(invoker.calls.back().payload); }

  FakeClock clock;
  FakeScheduler scheduler{clock};
  FakeInvoker invoker;
  FunctionCheck check{{invoker, scheduler, clock}};
  json::Object record;
  std::shared_ptr<const CompiledStage> stage;
};

TEST_F(FunctionCheckTest, SaysYesOrNo) {
  answer(kYes);
  const auto yes = ask("a");
  EXPECT_EQ(yes->status(), 200);
  EXPECT_EQ(json::dump(*yes->exchange->caller.context), R"({"user":"ann"})");
  answer(kNo);
  const auto no = ask("b");
  EXPECT_EQ(no->status(), 403);
  EXPECT_EQ((*no->told)->message, "Forbidden");
  EXPECT_EQ(scheduler.pending(), 0u);
}

TEST_F(FunctionCheckTest, AsksInFormat2) {
  configure(R"({"identitySource":["$request.header.x-key","$stageVariables.fn",
                "$context.identity.sourceIp"],"authorizerCredentialsArn":"arn:aws:iam::1:role/r"})");
  answer(kYes);
  ASSERT_EQ(status("a"), 200);
  const FunctionCall& call = invoker.calls.back();
  EXPECT_EQ(call.function_arn, kFunction);
  EXPECT_EQ(call.source_arn, "arn:aws:execute-api:us-east-1:123456789012:abc/authorizers/z1");
  EXPECT_EQ(call.role_arn, "arn:aws:iam::1:role/r");
  const json::Object asked = event();
  EXPECT_EQ(json::find_string(asked, "version"), "2.0");
  EXPECT_EQ(json::find_string(asked, "type"), "REQUEST");
  EXPECT_EQ(json::find_string(asked, "routeArn"),
            "arn:aws:execute-api:us-east-1:123456789012:abc/dev/POST/items/a b");
  EXPECT_EQ(json::dump(asked.at("identitySource")), R"(["a","other","10.0.0.9"])");
  EXPECT_EQ(json::find_string(asked, "routeKey"), "POST /items/{id}");
  EXPECT_EQ(json::dump(asked.at("pathParameters")), R"({"id":"a b"})");
  EXPECT_EQ(json::dump(asked.at("queryStringParameters")), R"({"x":"1,3","y":"2"})");
  EXPECT_FALSE(asked.contains("body"));
  EXPECT_FALSE(asked.contains("isBase64Encoded"));
}

TEST_F(FunctionCheckTest, AsksInFormat1) {
  configure(R"({"authorizerPayloadFormatVersion":"1.0","enableSimpleResponses":false,
                "identitySource":["$request.header.x-key","$request.querystring.x"]})");
  answer(policy("*"));
  const auto asked = ask("a");
  ASSERT_EQ(asked->status(), 200) << asked->exchange->authorizer_error;
  EXPECT_EQ(asked->exchange->caller.principal_id, "p");
  const json::Object sent = event();
  EXPECT_EQ(json::find_string(sent, "version"), "1.0");
  EXPECT_EQ(json::find_string(sent, "methodArn"),
            "arn:aws:execute-api:us-east-1:123456789012:abc/dev/POST/items/a b");
  EXPECT_EQ(json::find_string(sent, "identitySource"), "a,1,3");
  EXPECT_EQ(json::find_string(sent, "authorizationToken"), "a,1,3");
  EXPECT_EQ(json::find_string(sent, "resource"), "/items/{id}");
  EXPECT_EQ(json::find_string(sent, "httpMethod"), "POST");
  EXPECT_FALSE(sent.contains("body"));
}

TEST_F(FunctionCheckTest, IsNotAskedWithoutIdentity) {
  answer(kYes);
  const auto refused = ask("");
  EXPECT_EQ(refused->status(), 401);
  EXPECT_EQ((*refused->told)->message, "Unauthorized");
  EXPECT_TRUE(invoker.calls.empty());
  configure(R"({"identitySource":[],"authorizerResultTtlInSeconds":0})");
  EXPECT_EQ(status(""), 200);
  EXPECT_TRUE(event().at("identitySource").is_null());
}

TEST_F(FunctionCheckTest, KeepsWhatWasDecided) {
  answer(kYes);
  EXPECT_EQ(status("a"), 200);
  answer(kNo);
  EXPECT_EQ(status("b"), 403);
  EXPECT_EQ(status("a"), 200);
  answer(kYes);
  EXPECT_EQ(status("b"), 403) << "a no is kept too";
  EXPECT_EQ(invoker.calls.size(), 2u);
  EXPECT_EQ(json::dump(*ask("a")->exchange->caller.context), R"({"user":"ann"})");
  answer(kNo);
  clock.advance(seconds(59));
  EXPECT_EQ(status("a"), 200);
  clock.advance(seconds(1));
  EXPECT_EQ(status("a"), 403);
  EXPECT_EQ(invoker.calls.size(), 3u);
}

TEST_F(FunctionCheckTest, KeepsNothingWithoutATime) {
  configure(R"({"authorizerResultTtlInSeconds":0})");
  answer(kYes);
  EXPECT_EQ(status("a"), 200);
  answer(kNo);
  EXPECT_EQ(status("a"), 403);
}

TEST_F(FunctionCheckTest, ASimpleYesIsForItsRouteAlone) {
  answer(kYes);
  EXPECT_EQ(status("a", 0), 200);
  answer(kNo);
  EXPECT_EQ(status("a", 1), 403);
  EXPECT_EQ(status("a", 0), 200);
  EXPECT_EQ(invoker.calls.size(), 2u);
}

TEST_F(FunctionCheckTest, AKeptPolicyIsAskedAboutEachRequest) {
  configure(R"({"enableSimpleResponses":false})");
  answer(policy("arn:aws:execute-api:us-east-1:123456789012:abc/dev/POST/*"));
  EXPECT_EQ(status("a", 0), 200);
  EXPECT_EQ(status("a", 1), 403);
  EXPECT_EQ(status("a", 0), 200);
  EXPECT_EQ(invoker.calls.size(), 1u);
}

TEST_F(FunctionCheckTest, ARouteKeyAmongTheSourcesAsksForEachRoute) {
  configure(R"({"enableSimpleResponses":false,
                "identitySource":["$request.header.x-key","$context.routeKey"]})");
  answer(policy("arn:aws:execute-api:us-east-1:123456789012:abc/dev/POST/*"));
  EXPECT_EQ(status("a", 0), 200);
  answer(policy("arn:aws:execute-api:us-east-1:123456789012:abc/dev/GET/*"));
  EXPECT_EQ(status("a", 1), 200);
  EXPECT_EQ(status("a", 0), 200);
  EXPECT_EQ(invoker.calls.size(), 2u);
}

TEST_F(FunctionCheckTest, WhatOneStageDecidedIsNothingToAnother) {
  answer(kYes);
  EXPECT_EQ(status("a"), 200);
  answer(kNo);
  stage = make_stage();
  EXPECT_EQ(status("a"), 403) << "another stage or API, or a change of this one";
}

TEST_F(FunctionCheckTest, ValuesDoNotRunTogether) {
  configure(R"({"identitySource":["$request.header.x-key","$request.header.x-more"]})");
  const auto ask_both = [&](const char* one, const char* more) {
    auto asked = std::make_shared<Exchange>(http::Request{}, http::Responder(nullptr));
    asked->stage = stage;
    asked->route = &stage->routes[0];
    asked->request.headers.add("x-key", one);
    asked->request.headers.add("x-more", more);
    int status = 0;
    check.check(asked, [&](const auto& refusal) { status = refusal ? refusal->status : 200; });
    return status;
  };
  answer(kYes);
  EXPECT_EQ(ask_both("a1", "b"), 200);
  answer(kNo);
  EXPECT_EQ(ask_both("a", "1b"), 403);
  EXPECT_EQ(ask_both("a11:", "b"), 403);
}

TEST_F(FunctionCheckTest, TwoHeadersOfANameAreOneIdentity) {
  answer(kYes);
  EXPECT_EQ(status("a"), 200);
  answer(kNo);
  const auto asked = std::make_shared<Exchange>(http::Request{}, http::Responder(nullptr));
  asked->stage = stage;
  asked->route = &stage->routes[0];
  asked->request.headers.add("x-key", "a");
  asked->request.headers.add("x-key", "b");
  std::optional<Refusal> told;
  check.check(asked, [&](std::optional<Refusal> refusal) { told = std::move(refusal); });
  ASSERT_TRUE(told);
  EXPECT_EQ(told->status, 403);
}

TEST_F(FunctionCheckTest, ThoseWhoWouldAskTheSameWait) {
  const auto first = ask("a"), second = ask("a"), other = ask("b");
  EXPECT_EQ(invoker.kept.size(), 2u);
  EXPECT_EQ(second->status(), 0);
  invoker.kept[0](FunctionAnswer{kYes});
  EXPECT_EQ(first->status(), 200);
  EXPECT_EQ(second->status(), 200);
  EXPECT_EQ(other->status(), 0);
  invoker.kept[1](FunctionAnswer{kNo});
  EXPECT_EQ(other->status(), 403);
}

TEST_F(FunctionCheckTest, TooManyDoNotWait) {
  std::vector<std::shared_ptr<Asked>> all;
  for (std::size_t i = 0; i < FunctionCheck::kWaitingMax; ++i) all.push_back(ask("a"));
  EXPECT_EQ(status("a"), 500);
  invoker.kept[0](FunctionAnswer{kYes});
  for (const auto& asked : all) EXPECT_EQ(asked->status(), 200);
  EXPECT_EQ(invoker.calls.size(), 1u);
}

TEST_F(FunctionCheckTest, FailuresAreNotKept) {
  struct Case {
    Result<FunctionAnswer> answer;
    int status;
    const char* error;
  };
  const Case cases[] = {
      {Error{ErrorCode::kAccessDenied, "may not invoke"}, 500, "may not invoke"},
      {Error{ErrorCode::kThrottled, "busy"}, 500, "busy"},
      {FunctionAnswer{R"({"errorMessage":"boom"})", true}, 500,
       R"(The authorizer's function failed: {"errorMessage":"boom"})"},
      {FunctionAnswer{R"({"errorMessage":"Unauthorized"})", true}, 401, "Unauthorized"},
      {FunctionAnswer{"nonsense"}, 500, "The authorizer's answer is not a JSON object"},
      {FunctionAnswer{R"({"isAuthorized":"yes"})"}, 500,
       "The authorizer's answer has no boolean isAuthorized"},
  };
  for (const auto& test : cases) {
    invoker.answer = test.answer;
    const auto asked = ask("a");
    EXPECT_EQ(asked->status(), test.status) << test.error;
    EXPECT_EQ(asked->exchange->authorizer_error, test.error);
  }
  answer(kYes);
  EXPECT_EQ(status("a"), 200);
}

TEST_F(FunctionCheckTest, GivesUpAfterTenSeconds) {
  const auto asked = ask("a"), waiting = ask("a");
  scheduler.advance(FunctionCheck::kTimeout);
  EXPECT_EQ(asked->status(), 500);
  EXPECT_EQ(waiting->status(), 500);
  invoker.kept[0](FunctionAnswer{kYes});
  const auto again = ask("a");
  EXPECT_EQ(again->status(), 0) << "a late answer is dropped";
  invoker.kept[1](FunctionAnswer{kNo});
  EXPECT_EQ(again->status(), 403);
}

TEST_F(FunctionCheckTest, TheFunctionMayBeAStagesVariable) {
  const auto uri = [](const char* function) {
    return R"({"authorizerUri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/)"
           R"(arn:aws:lambda:us-east-1:123456789012:function:)" +
           std::string(function) + R"(/invocations"})";
  };
  configure(uri("${stageVariables.fn}"));
  answer(kYes);
  EXPECT_EQ(status("a"), 200);
  EXPECT_EQ(invoker.calls.back().function_arn,
            "arn:aws:lambda:us-east-1:123456789012:function:other");
  configure(uri("${stageVariables.gone}"));
  EXPECT_EQ(status("a"), 500);
  EXPECT_EQ(status("a"), 500) << "and nobody waits for ever";
}

}  // namespace
}  // namespace stator::apigateway
