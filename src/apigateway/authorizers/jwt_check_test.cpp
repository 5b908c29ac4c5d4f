#include "apigateway/authorizers/jwt_check.hpp"

#include <gtest/gtest.h>

#include <future>

#include "apigateway/test_exchange.hpp"
#include "oidc/test_provider.hpp"

namespace stator::apigateway {
namespace {

using oidc::TestProvider;
using std::chrono::seconds;

/// The second of the fake clock's beginning.
constexpr std::int64_t kNow = 1'767'323'045;

json::Object good_claims() {
  return {{"iss", TestProvider::kIssuer},
          {"sub", "ann"},
          {"aud", "api"},
          {"exp", kNow + 600},
          {"iat", kNow - 1},
          {"scope", "read write"}};
}

json::Object with(std::string_view name, json::Value value) {
  auto claims = good_claims();
  claims[name] = std::move(value);
  return claims;
}
json::Object without(std::string_view name) {
  auto claims = good_claims();
  claims.erase(name);
  return claims;
}

class JwtCheckTest : public testing::Test {
 protected:
  JwtCheckTest() { configure({}); }

  /// A route with these scopes, and its authorizer.
  void configure(const std::vector<std::string>& scopes,
                 const char* source = "$request.header.Authorization",
                 std::string_view issuer = TestProvider::kIssuer) {
    const json::Object record{
        {"authorizerId", "j"},
        {"authorizerType", "JWT"},
        {"identitySource", json::Array{source}},
        {"jwtConfiguration", {{"issuer", issuer}, {"audience", json::Array{"web", "api"}}}}};
    route = {{"authorizationType", "JWT"},
             {"authorizerId", "j"},
             {"authorizationScopes", json::Array(scopes.begin(), scopes.end())}};
    compile({record});
  }
  void compile(const std::vector<json::Object>& records) {
    authorization = compile_authorization(route, compile_authorizers(records, {}));
  }

  /// Nothing when the request may pass.
  std::optional<Refusal> show(const std::string& header, const char* target = "/dev/items/1") {
    exchange = make_test_exchange();
    auto stage = std::make_shared<CompiledStage>();
    stage->routes.push_back(CompiledRoute{.key = "GET /a", .authorization = authorization});
    exchange->stage = stage;
    exchange->route = &stage->routes.front();
    exchange->received = clock.wall();
    exchange->request.target = target;
    if (!header.empty()) exchange->request.headers.add("Authorization", header);
    std::promise<std::optional<Refusal>> told;
    check.check(exchange,
                [&told](std::optional<Refusal> refusal) { told.set_value(std::move(refusal)); });
    return told.get_future().get();
  }
  /// The status and what www-authenticate says is wrong; "passes" when the request may pass.
  std::string outcome(const std::string& header) {
    const auto refusal = show(header);
    if (!refusal) return "passes";
    const std::string told(refusal->headers.get("www-authenticate"));
    constexpr std::string_view kBefore = "error_description=\"";
    const auto at = told.find(kBefore);
    return std::to_string(refusal->status) + " " +
           (at == std::string::npos
                ? told
                : told.substr(at + kBefore.size(), told.size() - at - kBefore.size() - 1));
  }
  std::string outcome_of(const json::Object& claims) {
    return outcome(TestProvider::token(claims));
  }

  TestProvider provider;
  FakeClock clock;
  TokenVerifier verifier{provider.fetch(), clock};
  JwtCheck check{verifier, clock};
  json::Object route;
  std::shared_ptr<const RouteAuthorization> authorization;
  std::shared_ptr<Exchange> exchange;
};

TEST_F(JwtCheckTest, BelievesWhatTheIssuerSigned) {
  const std::string token = TestProvider::token(good_claims());
  for (const char* scheme : {"", "Bearer ", "bearer ", "BEARER  "}) {
    EXPECT_EQ(outcome(scheme + token), "passes") << scheme;
  }
  EXPECT_EQ(json::dump(*exchange->caller.claims),
            R"({"iss":"https://idp.example.com/tenant","sub":"ann","aud":"api",)"
            R"("exp":"1767323645","iat":"1767323044","scope":"read write"})");
  EXPECT_TRUE(exchange->caller.scopes.empty()) << "the route asks for none";
  configure({}, "$request.querystring.token");
  EXPECT_FALSE(show("", ("/dev?token=" + token).c_str()));
  EXPECT_EQ(show("Bearer " + token)->status, 401) << "it is looked for elsewhere";
}

TEST_F(JwtCheckTest, SaysWhatIsWrong) {
  struct Case {
    json::Object claims;
    const char* outcome;
  };
  const Case cases[] = {
      {with("iss", "https://other.example.com"), "401 the token does not have a valid issuer"},
      {without("iss"), "401 the token does not have a valid issuer"},
      {with("aud", "other"), "401 the token does not have a valid audience"},
      {with("aud", json::Array{}), "401 the token does not have a valid audience"},
      {with("aud", 7), "401 the token does not have a valid audience"},
      {with("aud", json::Array{"other", "web"}), "passes"},
      {without("aud"), "401 the token does not have a valid audience"},
      {with("exp", kNow - 1), "401 the token has expired"},
      {with("exp", kNow), "401 the token has expired"},
      {with("exp", kNow + 1), "passes"},
      {without("exp"), "401 the token does not have valid times"},
      {with("exp", "never"), "401 the token does not have valid times"},
      {with("nbf", kNow + 31), "401 the token is not valid yet"},
      {with("nbf", kNow + 29), "passes"},
      {with("iat", kNow + 31), "401 the token is not valid yet"},
      {without("iat"), "passes"},
      {without("sub"), "passes"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(outcome_of(test.claims), test.outcome) << json::dump(test.claims);
  }
}

TEST_F(JwtCheckTest, TheClientIdCountsWhereThereIsNoAudience) {
  auto claims = without("aud");
  claims["client_id"] = "web";
  EXPECT_EQ(outcome_of(claims), "passes");
  claims["aud"] = "other";
  EXPECT_EQ(outcome_of(claims), "401 the token does not have a valid audience");
  claims.erase("aud");
  claims["client_id"] = "other";
  EXPECT_EQ(outcome_of(claims), "401 the token does not have a valid audience");
}

TEST_F(JwtCheckTest, RefusesWhatIsNoToken) {
  EXPECT_EQ(outcome(""), "401 Bearer");
  EXPECT_EQ(outcome("Bearer "), "401 Bearer");
  EXPECT_EQ(outcome("Bearer x"), "401 the token is malformed");
  const std::string token = TestProvider::token(good_claims());
  EXPECT_EQ(outcome("Basic " + token), "401 the token is malformed");
  EXPECT_EQ(outcome(token + ", " + token), "401 the token is malformed");
  EXPECT_EQ(outcome(TestProvider::sign({{"alg", "none"}, {"kid", "k1"}}, good_claims())),
            "401 the token is malformed");
  EXPECT_EQ(outcome(TestProvider::sign({{"alg", "HS256"}, {"kid", "k1"}}, good_claims())),
            "401 the token is malformed");
  EXPECT_EQ(outcome(TestProvider::sign({{"alg", "PS256"}, {"kid", "k1"}}, good_claims())),
            "401 the token's signing method is not supported");
  EXPECT_EQ(outcome(TestProvider::sign({{"alg", "RS256"}}, good_claims())),
            "401 the token does not have a kid");
  EXPECT_EQ(outcome(TestProvider::sign({{"alg", "RS512"}, {"kid", "k1"}}, good_claims())),
            "401 the token's key cannot be found at its issuer")
      << "the key is for RS256";
  EXPECT_EQ(outcome(token.substr(0, token.size() - 4) + "AAAA"),
            "401 the token does not have a valid signature");
  EXPECT_EQ(provider.fetches, 2);
}

TEST_F(JwtCheckTest, AsksForOneOfTheRoutesScopes) {
  configure({"admin", "write"});
  EXPECT_EQ(outcome_of(good_claims()), "passes");
  EXPECT_EQ(exchange->caller.scopes, std::vector<std::string>{"write"});
  EXPECT_EQ(outcome_of(with("scope", json::Array{"admin", "write"})), "passes");
  EXPECT_EQ(exchange->caller.scopes, (std::vector<std::string>{"admin", "write"}));
  const auto refusal = show(TestProvider::token(with("scope", "read writer")));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 403);
  EXPECT_EQ(refusal->message, "Forbidden");
  EXPECT_EQ(refusal->headers.get("www-authenticate"),
            R"(Bearer scope="admin write" error="insufficient_scope" )"
            R"(error_description="the token does not have a valid scope")");
  EXPECT_FALSE(exchange->caller.claims);
  auto claims = without("scope");
  EXPECT_EQ(outcome_of(claims).substr(0, 3), "403");
  claims["scp"] = json::Array{"admin"};
  EXPECT_EQ(outcome_of(claims), "passes");
  claims["scp"] = "read admin";
  EXPECT_EQ(outcome_of(claims), "passes");
  EXPECT_EQ(outcome(""), "401 Bearer");
}

TEST_F(JwtCheckTest, WhatIsKeptStillHasToHaveTheScopesOfTheRoute) {
  const std::string token = TestProvider::token(good_claims());
  const auto open = authorization;
  EXPECT_EQ(outcome(token), "passes");
  auto strict = std::make_shared<RouteAuthorization>(*open);
  strict->scopes = {"admin"};
  authorization = strict;
  EXPECT_EQ(outcome(token).substr(0, 3), "403") << "another route of the same authorizer";
}

TEST_F(JwtCheckTest, WhatIsKeptEndsWithTheToken) {
  const std::string token = TestProvider::token(good_claims());
  EXPECT_EQ(outcome(token), "passes");
  clock.advance(seconds(598));
  EXPECT_EQ(outcome(token), "passes");
  clock.set(from_epoch_ms((kNow + 600) * 1'000));
  EXPECT_EQ(outcome(token), "401 the token has expired") << "also when only the wall clock moved";
}

TEST_F(JwtCheckTest, WhatIsKeptGoesWithItsKey) {
  const std::string token = TestProvider::token(with("exp", kNow + 100'000));
  EXPECT_EQ(outcome(token), "passes");
  provider.pages[std::string(TestProvider::kKeysUrl)] = TestProvider::key_set("k2");
  EXPECT_EQ(outcome(TestProvider::token(good_claims(), "k2")), "passes") << "a rotation is seen";
  EXPECT_EQ(outcome(token), "401 the token's key cannot be found at its issuer");
}

TEST_F(JwtCheckTest, KeysAreReadAgainAfterTwoHours) {
  const std::string token = TestProvider::token(with("exp", kNow + 100'000));
  EXPECT_EQ(outcome(token), "passes");
  clock.advance(seconds(2 * 3'600 - 1));
  EXPECT_EQ(outcome(token), "passes");
  EXPECT_EQ(provider.fetches, 2);
  provider.pages[std::string(TestProvider::kKeysUrl)] = TestProvider::key_set("k2");
  clock.advance(seconds(1));
  EXPECT_EQ(outcome(token), "401 the token's key cannot be found at its issuer");
}

TEST_F(JwtCheckTest, AnIssuerThatIsAwayIsNotBelieved) {
  provider.is_down = true;
  const std::string token = TestProvider::token(good_claims());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(outcome(token), "401 OIDC discovery endpoint communication error");
  }
  EXPECT_EQ(provider.fetches, 1) << "and not asked each time";
}

TEST_F(JwtCheckTest, AnotherAuthorizerJudgesForItself) {
  const std::string token = TestProvider::token(good_claims());
  EXPECT_EQ(outcome(token), "passes");
  configure({}, "$request.header.Authorization", "https://other.example.com");
  EXPECT_EQ(outcome(token), "401 the token does not have a valid issuer");
}

TEST_F(JwtCheckTest, TakesEveryAlgorithmThatItSays) {
  using enum crypto::SignatureAlgorithm;
  using crypto::Curve;
  json::Array keys;
  const auto sign = [&](const char* name, crypto::SignatureAlgorithm algorithm,
                        std::optional<Curve> curve) {
    const auto key =
        curve ? crypto::PrivateKey::make_ec(*curve) : crypto::PrivateKey(TestProvider::key());
    const auto numbers = key.public_numbers();
    const std::string first = base64url_encode(numbers.first),
                      second = base64url_encode(numbers.second);
    if (curve) {
      const char* crv = *curve == Curve::kP256   ? "P-256"
                        : *curve == Curve::kP384 ? "P-384"
                                                 : "P-521";
      keys.push_back({{"kty", "EC"}, {"crv", crv}, {"kid", name}, {"x", first}, {"y", second}});
    } else {
      keys.push_back({{"kty", "RSA"}, {"kid", name}, {"n", first}, {"e", second}});
    }
    const std::string part =
        base64url_encode(json::dump(json::Object{{"alg", name}, {"kid", name}})) + "." +
        base64url_encode(json::dump(good_claims()));
    return part + "." + base64url_encode(key.sign(algorithm, part));
  };
  const std::vector<std::string> tokens{
      sign("RS256", kRs256, {}),           sign("RS384", kRs384, {}),
      sign("RS512", kRs512, {}),           sign("ES256", kEs256, Curve::kP256),
      sign("ES384", kEs384, Curve::kP384), sign("ES512", kEs512, Curve::kP521)};
  provider.pages[std::string(TestProvider::kKeysUrl)] =
      json::dump(json::Object{{"keys", std::move(keys)}});
  for (const auto& token : tokens) EXPECT_EQ(outcome(token), "passes");
}

TEST_F(JwtCheckTest, ManyAtOnceAskTheIssuerOnce) {
  const std::string token = TestProvider::token(good_claims());
  std::vector<std::future<void>> asked;
  std::atomic<int> passed = 0;
  for (int i = 0; i < 4; ++i) {
    asked.push_back(std::async(std::launch::async, [&] {
      const auto parsed = std::make_shared<const oidc::Token>(*oidc::parse_token(token));
      std::promise<void> told;
      verifier.verify(*oidc::parse_issuer_url(TestProvider::kIssuer), parsed,
                      [&](const Result<TokenVerifier::Keys>& keys) {
                        if (keys) ++passed;
                        told.set_value();
                      });
      told.get_future().wait();
    }));
  }
  for (auto& one : asked) one.get();
  EXPECT_EQ(passed, 4);
  EXPECT_EQ(provider.fetches, 2);
}

TEST(RouteAuthorizationType, IsShutWhenItsAuthorizerIsGone) {
  using Type = RouteAuthorization::Type;
  const auto type_of = [](const json::Object& route) {
    const Authorizers authorizers =
        compile_authorizers({{{"authorizerId", "r"}, {"authorizerType", "REQUEST"}},
                             {{"authorizerId", "broken"}, {"authorizerType", "JWT"}}},
                            {});
    return compile_authorization(route, authorizers)->type;
  };
  EXPECT_EQ(compile_authorization({{"authorizationType", "NONE"}}, {}), nullptr);
  EXPECT_EQ(type_of({{"authorizationType", "AWS_IAM"}}), Type::kIam);
  EXPECT_EQ(type_of({{"authorizationType", "CUSTOM"}, {"authorizerId", "r"}}), Type::kFunction);
  EXPECT_EQ(type_of({{"authorizationType", "JWT"}, {"authorizerId", "r"}}), Type::kNobody);
  EXPECT_EQ(type_of({{"authorizationType", "JWT"}, {"authorizerId", "broken"}}), Type::kNobody);
  EXPECT_EQ(type_of({{"authorizationType", "CUSTOM"}, {"authorizerId", "gone"}}), Type::kNobody);
  EXPECT_EQ(type_of({{"authorizationType", "CUSTOM"}}), Type::kNobody);
  EXPECT_EQ(type_of({{"authorizationType", "SURPRISE"}}), Type::kNobody);
}

}  // namespace
}  // namespace stator::apigateway
