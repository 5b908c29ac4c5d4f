#include "lambda/urls/function_urls.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "http/client.hpp"
#include "iam/identity.hpp"
#include "json/json.hpp"
#include "lambda/urls/address.hpp"
#include "lambda/urls/cors.hpp"

namespace stator::lambda::urls {
namespace {

using std::string_view_literals::operator""sv;

constexpr const char* kArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
constexpr const char* kAlias = "arn:aws:lambda:us-east-1:000000000000:function:f:live";
constexpr const char* kForbidden =
    R"({"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: )"
    R"(https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"})";

/// Knows a signer by a header.
class HeaderAuthenticator final : public aws::Authenticator {
 public:
  Result<aws::Principal> authenticate(const http::Request& request, std::string_view service,
                                      WallTime) override {
    EXPECT_EQ(service, "lambda");
    const auto signer = request.headers.get("x-test-signer");
    if (signer.empty()) {
      return Error{ErrorCode::kUnauthenticated, "none", "MissingAuthenticationTokenException"};
    }
    if (signer == "forger") {
      return Error{ErrorCode::kUnauthenticated, "does not match", "InvalidSignatureException"};
    }
    return aws::Principal{.kind = aws::Principal::Kind::kUser,
                          .account = "000000000000",
                          .arn = "arn:aws:iam::000000000000:user/" + std::string(signer),
                          .user_id = "AIDA1",
                          .access_key_id = "AKIA1",
                          .role_name = {}};
  }
};

PolicyStatement url_statement(std::string principal, std::string auth) {
  PolicyStatement statement{"u" + auth, "lambda:InvokeFunctionUrl", std::move(principal), kArn};
  statement.function_url_auth_type = std::move(auth);
  return statement;
}

PolicyStatement invoke_statement(std::string principal) {
  PolicyStatement statement{"i", "lambda:InvokeFunction", std::move(principal), kArn};
  statement.is_via_function_url = true;
  return statement;
}

/// A function "f" with a URL, behind a server; a test plays the function.
class FunctionUrlsTest : public testing::Test {
 protected:
  FunctionUrlsTest() {
    FunctionRecord record;
    record.key = key_;
    record.tags = {{"team", "a"}};
    EXPECT_TRUE(catalog_.create(std::move(record)));
    server_.start();
  }
  ~FunctionUrlsTest() override { server_.stop(std::chrono::milliseconds(0)); }

  void set_url(UrlConfig url, const std::string& qualifier = "$LATEST") {
    EXPECT_TRUE(catalog_.change_settings(key_.view(), [&](FunctionSettings& settings) {
      settings.urls[qualifier] = url;
      return Result<void>();
    }));
  }
  void set_policy(std::vector<PolicyStatement> policy) {
    EXPECT_TRUE(catalog_.change(key_.view(), [&](FunctionRecord& record) {
      record.policy = policy;
      return Result<void>();
    }));
  }
  /// A URL that everyone may use.
  void open(bool is_streaming = false, std::optional<UrlCors> cors = {}) {
    set_url({.id = "u1", .needs_signature = false, .is_streaming = is_streaming, .cors = cors});
    set_policy({url_statement("*", "NONE"), invoke_statement("*")});
  }

  Result<http::Response> try_send(http::Request request) {
    if (!request.headers.find("host")) {
      request.headers.add("Host", "u1.lambda-url.us-east-1.localhost:4566");
    }
    http::Client client({"127.0.0.1", server_.port()});
    return client.send(request);
  }
  http::Response send(http::Request request) {
    auto response = try_send(std::move(request));
    EXPECT_TRUE(response) << (response ? "" : response.error().message);
    return response ? *response : http::Response{};
  }
  http::Response get(const std::string& signer = "") {
    http::Request request{.method = "GET", .target = "/a%20b?x=1"};
    if (!signer.empty()) request.headers.add("x-test-signer", signer);
    return send(std::move(request));
  }
  json::Object last_event() { return *json::parse_object(invoked_.payload); }

  const FunctionKey key_{"000000000000", "us-east-1", "f"};
  FakeClock clock_;
  SystemRandom random_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  Catalog catalog_{*store_};
  iam::Identity identity_{{*store_, clock_, random_}};
  HeaderAuthenticator authenticator_;
  Invocation invoked_;
  int invocations_ = 0;
  /// What the function does.
  std::function<void(const Invocation&, const InvokeDone&)> function_ =
      [](const Invocation&, const InvokeDone& done) { done(InvokeResult{R"({"a":1})"}); };
  FunctionUrls urls_{{catalog_,
                      [this](Invocation invocation, const InvokeDone& done) {
                        ++invocations_;
                        invoked_ = std::move(invocation);
                        function_(invoked_, done);
                      },
                      clock_, random_, authenticator_, identity_.authorizer()}};
  http::Server server_{{.loops = 1},
                       [this](http::Request&& request, http::Responder responder) {
                         if (!FunctionUrls::owns(request)) {
                           return std::move(responder).send({421, {}, "not a function URL"});
                         }
                         urls_.handle(std::move(request), std::move(responder));
                       },
                       clock_,
                       logger_};
};

TEST_F(FunctionUrlsTest, TakesARequestToItsFunctionAndTheAnswerBack) {
  open();
  http::Request request{.method = "POST", .target = "/a%20b?x=1&x=2"};
  request.headers.add("Content-Type", "image/png");
  request.headers.add("Cookie", "c=1; d=2");
  request.body = "\xff";
  const auto response = send(std::move(request));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("content-type"), "application/json");
  EXPECT_EQ(response.body, R"({"a":1})");
  EXPECT_EQ(response.headers.get("x-amzn-requestid"), invoked_.request_id);
  EXPECT_TRUE(invoked_.trace_id.starts_with(response.headers.get("x-amzn-trace-id")));
  EXPECT_EQ(invoked_.function + invoked_.qualifier, "f");
  EXPECT_FALSE(invoked_.on_behalf);
  EXPECT_EQ(invoked_.stream, nullptr);

  const auto event = last_event();
  EXPECT_EQ(event.at("rawPath"), json::Value("/a%20b"));
  EXPECT_EQ(event.at("rawQueryString"), json::Value("x=1&x=2"));
  EXPECT_EQ(event.at("routeKey"), json::Value("$default"));
  EXPECT_EQ(event.at("body"), json::Value("/w=="));
  EXPECT_EQ(event.at("isBase64Encoded"), json::Value(true));
  EXPECT_EQ(json::dump(event.at("cookies")), R"(["c=1","d=2"])");
  const auto& context = event.at("requestContext").as_object();
  EXPECT_EQ(context.at("accountId"), json::Value("anonymous"));
  EXPECT_EQ(context.at("apiId"), json::Value("u1"));
  EXPECT_EQ(context.at("domainName"), json::Value("u1.lambda-url.us-east-1.localhost"));
  EXPECT_EQ(context.at("domainPrefix"), json::Value("u1"));
  EXPECT_EQ(context.at("stage"), json::Value("$default"));
  EXPECT_EQ(context.at("http").as_object().at("path"), json::Value("/a b"));
  EXPECT_EQ(context.at("requestId"), json::Value(std::string(invoked_.request_id)));
  EXPECT_FALSE(context.contains("authorizer"));
}

TEST_F(FunctionUrlsTest, IsFoundByHostAndByPath) {
  open();
  const auto status = [this](const char* host, const char* target) {
    http::Request request{.method = "GET", .target = target};
    request.headers.add("Host", host);
    return send(std::move(request)).status;
  };
  EXPECT_EQ(status("u1.lambda-url.us-east-1.localhost", "/"), 200);
  EXPECT_EQ(status("u1.lambda-url.us-east-1.on.aws", "/"), 200);
  EXPECT_EQ(status("localhost:4566", "/_aws/lambda-url/u1/x/y?z=1"), 200);
  EXPECT_EQ(last_event().at("rawPath"), json::Value("/x/y"));
  EXPECT_EQ(status("localhost:4566", "/_aws/lambda-url/u1"), 200);
  EXPECT_EQ(last_event().at("rawPath"), json::Value("/"));
  EXPECT_EQ(status("u1.lambda-url.us-east-1.example.com", "/"), 421);
  EXPECT_EQ(status("localhost:4566", "/_aws/lambda-url/"), 421);
  EXPECT_EQ(status("u2.lambda-url.us-east-1.localhost", "/"), 403);
  EXPECT_EQ(make_url("u1", "us-east-1", "localhost:4566"),
            "http://u1.lambda-url.us-east-1.localhost:4566/");
}

TEST_F(FunctionUrlsTest, AnIdLivesAsLongAsItsUrl) {
  open();
  EXPECT_EQ(get().status, 200);
  set_url({.id = "u2", .needs_signature = false});
  const auto gone = get();
  EXPECT_EQ(gone.status, 403);
  EXPECT_EQ(gone.body, R"({"Message":null})");
  EXPECT_EQ(gone.headers.get("x-amzn-errortype"), "AccessDeniedException");
  ASSERT_TRUE(catalog_.remove(key_.view()));
  EXPECT_EQ(get().status, 403);
}

TEST_F(FunctionUrlsTest, AnonymousCallersNeedBothGrants) {
  const auto url_all = url_statement("*", "NONE");
  const auto invoke_all = invoke_statement("*");
  PolicyStatement no_condition{"i", "lambda:InvokeFunction", "*", kArn};
  const struct {
    const char* what;
    std::vector<PolicyStatement> policy;
    int status;
  } cases[] = {
      {"nothing", {}, 403},
      {"the URL alone", {url_all}, 403},
      {"the function alone", {invoke_all}, 403},
      {"both", {url_all, invoke_all}, 200},
      {"the function without a condition", {url_all, no_condition}, 200},
      {"the other kind of URL", {url_statement("*", "AWS_IAM"), invoke_all}, 403},
      {"somebody", {url_statement("000000000000", "NONE"), invoke_statement("000000000000")}, 403},
  };
  open();
  for (const auto& one : cases) {
    set_policy(one.policy);
    const auto response = get();
    EXPECT_EQ(response.status, one.status) << one.what;
    if (one.status == 403) {
      EXPECT_EQ(response.body, kForbidden);
    }
  }
  EXPECT_EQ(invocations_, 2);
}

TEST_F(FunctionUrlsTest, SignersNeedBothGrantsToo) {
  set_url({.id = "u1", .needs_signature = true});
  EXPECT_EQ(get("ann").status, 403) << "no policy names ann";
  set_policy({url_statement("arn:aws:iam::000000000000:user/ann", "AWS_IAM"),
              invoke_statement("arn:aws:iam::000000000000:user/ann")});
  EXPECT_EQ(get("ann").status, 200);
  const auto context = last_event().at("requestContext").as_object();
  EXPECT_EQ(context.at("accountId"), json::Value("000000000000"));
  EXPECT_EQ(json::dump(context.at("authorizer")),
            R"({"iam":{"accessKey":"AKIA1","accountId":"000000000000","callerId":"AIDA1",)"
            R"("cognitoIdentity":null,"principalOrgId":null,)"
            R"("userArn":"arn:aws:iam::000000000000:user/ann","userId":"AIDA1"}})");
  EXPECT_EQ(get("bob").body, kForbidden);
  EXPECT_EQ(get().body, kForbidden);
  const auto forged = get("forger");
  EXPECT_EQ(forged.status, 403);
  EXPECT_EQ(forged.body, R"({"message":"does not match"})");
  EXPECT_EQ(forged.headers.get("x-amzn-errortype"), "InvalidSignatureException");
}

TEST_F(FunctionUrlsTest, AnAliasHasItsOwnPolicyAndIsInvokedByName) {
  set_url({.id = "u1", .needs_signature = false}, "live");
  set_policy({url_statement("*", "NONE"), invoke_statement("*")});
  EXPECT_EQ(get().status, 403) << "the function's policy is not the alias's";
  auto url = url_statement("*", "NONE");
  auto invoke = invoke_statement("*");
  url.resource = invoke.resource = kAlias;
  ASSERT_TRUE(catalog_.change_settings(key_.view(), [&](FunctionSettings& settings) {
    settings.policies["live"].statements = {url, invoke};
    return Result<void>();
  }));
  EXPECT_EQ(get().status, 200);
  EXPECT_EQ(invoked_.qualifier, "live");
}

TEST_F(FunctionUrlsTest, FailuresAreAnsweredAsAwsDoes) {
  open();
  const Error throttled{ErrorCode::kThrottled, "Rate Exceeded.", "TooManyRequestsException",
                        R"({"Reason":"R"})"};
  const struct {
    Result<InvokeResult> result;
    int status;
    const char* body;
  } cases[] = {
      {InvokeResult{R"({"statusCode":404,"body":"no"})"}, 404, "no"},
      {InvokeResult{R"({"errorMessage":"x"})", "Unhandled"}, 502, "Internal Server Error"},
      {InvokeResult{R"({"statusCode":"x"})"}, 502, "Internal Server Error"},
      {InvokeResult{"not json"}, 502, "Internal Server Error"},
      {throttled, 429, R"({"Reason":"R","Type":"User","message":"Rate Exceeded."})"},
      {unavailable("stopping"), 503, R"({"Message":"Service Unavailable"})"},
      {not_found("Function not found: x"), 404, R"({"Message":"Function not found: x"})"},
      {internal("disk"), 502, "Internal Server Error"},
  };
  for (const auto& one : cases) {
    function_ = [&](const Invocation&, const InvokeDone& done) { done(one.result); };
    const auto response = get();
    EXPECT_EQ(response.status, one.status) << one.body;
    EXPECT_EQ(response.body, one.body);
  }
}

TEST_F(FunctionUrlsTest, WhatNoEventCanCarryIsRefused) {
  open();
  EXPECT_EQ(send({.method = "GET", .target = "/%ff"}).status, 400);
  EXPECT_EQ(send({.method = "GET", .target = "/?x=%zz"}).status, 400);
  http::Request big{.method = "POST", .target = "/"};
  big.headers.add("Content-Type", "text/plain");
  big.body.assign(6u << 20, 'x');
  EXPECT_EQ(send(std::move(big)).status, 413) << "the event is larger than the body";
  EXPECT_EQ(invocations_, 0);
}

TEST_F(FunctionUrlsTest, CorsIsAnsweredWithoutTheFunction) {
  UrlCors cors;
  cors.allow_origins = {"https://a.example"};
  cors.allow_methods = {"GET", "PUT"};
  cors.allow_headers = {"x-one", "x-two"};
  cors.expose_headers = {"x-out"};
  cors.allow_credentials = true;
  cors.max_age_s = 60;
  open(false, cors);
  set_policy({});
  http::Request preflight{.method = "OPTIONS", .target = "/"};
  preflight.headers.add("Origin", "https://a.example");
  preflight.headers.add("Access-Control-Request-Method", "PUT");
  const auto allowed = send(preflight);
  EXPECT_EQ(allowed.status, 200);
  EXPECT_EQ(allowed.headers.get("access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(allowed.headers.get("access-control-allow-methods"), "GET,PUT");
  EXPECT_EQ(allowed.headers.get("access-control-allow-headers"), "x-one,x-two");
  EXPECT_EQ(allowed.headers.get("access-control-allow-credentials"), "true");
  EXPECT_EQ(allowed.headers.get("access-control-max-age"), "60");
  preflight.headers.set("Origin", "https://b.example");
  EXPECT_FALSE(send(preflight).headers.find("access-control-allow-origin"));
  EXPECT_EQ(invocations_, 0);

  open(false, cors);
  http::Request request{.method = "GET", .target = "/"};
  request.headers.add("Origin", "https://a.example");
  const auto answer = send(request);
  EXPECT_EQ(answer.headers.get("access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(answer.headers.get("access-control-expose-headers"), "x-out");
  EXPECT_EQ(answer.headers.get("vary"), "Origin");
  open();
  EXPECT_FALSE(send(request).headers.find("access-control-allow-origin"));
  EXPECT_EQ(send(preflight).status, 200) << "without CORS the function gets OPTIONS";
  EXPECT_EQ(invocations_, 3);
}

TEST(Cors, AStarIsNamedWhereCredentialsAreAllowed) {
  UrlCors cors;
  cors.allow_origins = {"*"};
  cors.allow_methods = {"*"};
  http::Headers headers;
  add_cors(cors, "https://a.example", headers);
  EXPECT_EQ(headers.get("access-control-allow-origin"), "*");
  cors.allow_credentials = true;
  http::Request request{.method = "OPTIONS", .target = "/"};
  request.headers.add("Origin", "https://a.example");
  request.headers.add("Access-Control-Request-Method", "PATCH");
  const auto answer = answer_preflight(cors, request);
  EXPECT_EQ(answer.headers.get("access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(answer.headers.get("access-control-allow-methods"), "PATCH");
}

TEST_F(FunctionUrlsTest, StreamsWithAPreludeHoweverItIsCut) {
  open(true);
  const auto whole = R"({"statusCode":201,"headers":{"x-a":"b"},"cookies":["c=1"]})"
                     "\0\0\0\0\0\0\0\0hello \0world"sv;
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, whole.size()}) {
    function_ = [&](const Invocation& invocation, const InvokeDone& done) {
      invocation.stream->begin("application/vnd.awslambda.http-integration-response");
      for (std::size_t at = 0; at < whole.size(); at += step) {
        EXPECT_TRUE(invocation.stream->write(whole.substr(at, step)));
      }
      done(InvokeResult{});
    };
    const auto response = get();
    EXPECT_EQ(response.status, 201) << step;
    EXPECT_EQ(response.headers.get("x-a"), "b");
    EXPECT_EQ(response.headers.get("set-cookie"), "c=1");
    EXPECT_EQ(response.headers.get("content-type"), "application/octet-stream");
    EXPECT_EQ(response.body, "hello \0world"sv);
  }
}

TEST_F(FunctionUrlsTest, StreamsWithoutAPreludeAndWithoutAStream) {
  open(true);
  function_ = [](const Invocation& invocation, const InvokeDone& done) {
    invocation.stream->begin("text/html");
    EXPECT_TRUE(invocation.stream->write("<p>"));
    done(InvokeResult{});
  };
  const auto streamed = get();
  EXPECT_EQ(streamed.status, 200);
  EXPECT_EQ(streamed.headers.get("content-type"), "text/html");
  EXPECT_EQ(streamed.body, "<p>");
  function_ = [](const Invocation&, const InvokeDone& done) {
    done(InvokeResult{R"({"statusCode":202})"});
  };
  EXPECT_EQ(get().status, 202) << "a function that does not stream";
}

TEST_F(FunctionUrlsTest, AStreamThatBreaksIsNeverTakenForWhole) {
  open(true);
  std::string begin = R"({"statusCode":201})";
  bool is_read = true;
  function_ = [&](const Invocation& invocation, const InvokeDone& done) {
    invocation.stream->begin("application/vnd.awslambda.http-integration-response");
    is_read = invocation.stream->write(begin);
    done(InvokeResult{"{}", "Unhandled"});
  };
  EXPECT_EQ(get().status, 502) << "before the prelude was whole";
  begin += "\0\0\0\0\0\0\0\0half"sv;
  const auto half = try_send({.method = "GET", .target = "/"});
  EXPECT_FALSE(half) << half->status << half->body;
  begin = "nonsense\0\0\0\0\0\0\0\0body"sv;
  EXPECT_EQ(get().status, 502);
  EXPECT_FALSE(is_read);
  begin.assign(200u << 10, ' ');
  EXPECT_EQ(get().status, 502) << "a prelude without end";
  EXPECT_FALSE(is_read);
}

}  // namespace
}  // namespace stator::lambda::urls
