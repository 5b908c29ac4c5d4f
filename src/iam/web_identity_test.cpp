#include "iam/web_identity.hpp"

#include "iam/iam_fixture.hpp"
#include "oidc/test_provider.hpp"

namespace stator::iam {
namespace {

using oidc::TestProvider;

constexpr std::string_view kProvider =
    "arn:aws:iam::111122223333:oidc-provider/idp.example.com/tenant";

class WebIdentityTest : public IamFixture {
 protected:
  WebIdentityTest() {
    fetch = provider.fetch();
    restart();
    must("CreateOpenIDConnectProvider",
         {{"Url", TestProvider::kIssuer}, {"ClientIDList", json::Array{"sts.amazonaws.com"}}});
    make_role("ci", trust(R"("StringEquals":{"idp.example.com/tenant:aud":"sts.amazonaws.com"},)"
                          R"("StringLike":{"idp.example.com/tenant:sub":"repo:org/app:*"})"));
    must("PutRolePolicy",
         {{"RoleName", "ci"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  }

  static std::string trust(std::string_view conditions,
                           std::string_view actions = R"("sts:AssumeRoleWithWebIdentity")") {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":")" +
           std::string(kProvider) + R"("},"Action":)" + std::string(actions) + R"(,"Condition":{)" +
           std::string(conditions) + "}}]}";
  }
  void set_trust(const std::string& document) {
    must("UpdateAssumeRolePolicy", {{"RoleName", "ci"}, {"PolicyDocument", document}});
  }

  [[nodiscard]] json::Object claims() const {
    const auto now = epoch_ms(clock.wall()) / 1'000;
    return {{"iss", TestProvider::kIssuer},
            {"sub", "repo:org/app:ref:refs/heads/main"},
            {"aud", "sts.amazonaws.com"},
            {"iat", now},
            {"exp", now + 600}};
  }
  template <class Value>
  [[nodiscard]] std::string token_with(std::string_view claim, const Value& value) const {
    auto all = claims();
    all[claim] = value;
    return TestProvider::token(all);
  }
  static json::Object wanted(std::string_view token) {
    return {{"RoleArn", "arn:aws:iam::111122223333:role/ci"},
            {"RoleSessionName", "job"},
            {"WebIdentityToken", token}};
  }
  /// As the router calls it: nobody signed.
  Result<json::Object> assume(std::string_view token) {
    const auto before = std::exchange(caller, aws::Principal());
    caller.kind = aws::Principal::Kind::kAnonymous;
    auto answer = run("AssumeRoleWithWebIdentity", wanted(token));
    caller = before;
    return answer;
  }
  void expect_refused(std::string_view token, std::string_view type, std::string_view message) {
    const auto answer = assume(token);
    ASSERT_FALSE(answer) << type;
    EXPECT_EQ(answer.error().aws_type, type) << answer.error().message;
    EXPECT_EQ(answer.error().message, message);
  }
  void expect_untrusted(std::string_view token) {
    expect_refused(token, "", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
  }
  void become(const json::Object& answer) {
    const auto& given = answer.at("Credentials").as_object();
    const auto principal =
        authenticate(signed_request({.access_key_id = {*json::find_string(given, "AccessKeyId")},
                                     .secret = {*json::find_string(given, "SecretAccessKey")},
                                     .session_token = *json::find_string(given, "SessionToken")}));
    ASSERT_TRUE(principal) << principal.error().message;
    caller = *principal;
  }

  TestProvider provider;
};

TEST_F(WebIdentityTest, ATokenBecomesASessionOfARole) {
  const auto answer = assume(TestProvider::token(claims()));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->at("Audience"), "sts.amazonaws.com");
  EXPECT_EQ(answer->at("Provider").as_string(), kProvider);
  EXPECT_EQ(answer->at("SubjectFromWebIdentityToken"), "repo:org/app:ref:refs/heads/main");
  EXPECT_EQ(answer->at("AssumedRoleUser").at("Arn"),
            "arn:aws:sts::111122223333:assumed-role/ci/job");
  EXPECT_FALSE(answer->contains("PackedPolicySize"));
  become(*answer);
  EXPECT_EQ(caller.session->federated_provider, kProvider);
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_FALSE(may("dynamodb:PutItem", kItems));
  for (const auto& operation : services[1].operations) {
    EXPECT_EQ(operation.is_signed(), operation.name() != "AssumeRoleWithWebIdentity");
  }
}

TEST_F(WebIdentityTest, RefusesTokensInAwsWords) {
  const std::string good = TestProvider::token(claims());
  expect_refused("not a token", "InvalidIdentityToken",
                 "The ID Token provided is not a valid JWT. (You may see this error if you sent an "
                 "Access Token)");
  expect_refused(token_with("iss", "https://other.example.com"), "InvalidIdentityToken",
                 "No OpenIDConnect provider found in your account for https://other.example.com");
  expect_refused(token_with("iss", "http://idp.example.com/tenant"), "InvalidIdentityToken",
                 "No OpenIDConnect provider found in your account for "
                 "http://idp.example.com/tenant");
  expect_refused(token_with("sub", ""), "InvalidIdentityToken", "Missing a required claim: sub");
  auto no_time = claims();
  no_time.erase("iat");
  expect_refused(TestProvider::token(no_time), "InvalidIdentityToken",
                 "Missing a required claim: iat");
  expect_refused(token_with("aud", "someone else"), "InvalidIdentityToken",
                 "Incorrect token audience");
  expect_refused(token_with("azp", "someone else"), "InvalidIdentityToken",
                 "Incorrect token audience");
  expect_refused(good.substr(0, good.rfind('.')) + ".c2ln", "InvalidIdentityToken",
                 "The ID Token provided was not signed by its issuer.");
  expect_refused(TestProvider::token(claims(), "k2"), "InvalidIdentityToken",
                 "Couldn't retrieve verification key from your identity provider, please reference "
                 "AssumeRoleWithWebIdentity documentation for requirements");
  const auto now = epoch_ms(clock.wall()) / 1'000;
  expect_refused(token_with("exp", now - 5), "ExpiredTokenException",
                 "Token expired: current date/time " + std::to_string(now) +
                     " must be before the expiration date/time " + std::to_string(now - 5));
  expect_refused(token_with("nbf", now + 301), "InvalidIdentityToken",
                 "The ID Token provided is not valid yet.");
  EXPECT_TRUE(assume(token_with("nbf", now + 300)));
}

TEST_F(WebIdentityTest, SaysWhenTheProviderIsAway) {
  provider.is_down = true;
  expect_refused(TestProvider::token(claims()), "IDPCommunicationError",
                 "The identity provider could not be reached to verify the token: nobody there");
}

TEST_F(WebIdentityTest, TheTrustPolicyDecides) {
  expect_untrusted(token_with("sub", "repo:org/other:ref:refs/heads/main"));
  set_trust(trust(R"("StringEquals":{"idp.example.com/tenant:aud":"another"})"));
  expect_untrusted(TestProvider::token(claims()));
  set_trust(trust(R"("StringEquals":{"idp.example.com/tenant:email":"ann@example.com"})"));
  expect_untrusted(TestProvider::token(claims()));
  EXPECT_TRUE(assume(token_with("email", "ann@example.com")));
  set_trust(trust(R"("StringEquals":{"sts:RoleSessionName":"job"})"));
  EXPECT_TRUE(assume(TestProvider::token(claims())));
  set_trust(std::string(kTrustAccount));
  expect_untrusted(TestProvider::token(claims()));
  must("DeleteRolePolicy", {{"RoleName", "ci"}, {"PolicyName", "p"}});
  must("DeleteRole", {{"RoleName", "ci"}});
  expect_untrusted(TestProvider::token(claims()));
}

TEST_F(WebIdentityTest, TheAuthorizedPartyCountsAsAudience) {
  must("AddClientIDToOpenIDConnectProvider",
       {{"OpenIDConnectProviderArn", kProvider}, {"ClientID", "app"}});
  set_trust(trust(R"("StringEquals":{"idp.example.com/tenant:aud":"app"},)"
                  R"("ForAnyValue:StringEquals":{"idp.example.com/tenant:oaud":"api"})"));
  auto all = claims();
  all["azp"] = "app";
  all["aud"] = json::Array{"api", "other"};
  const auto answer = assume(TestProvider::token(all));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->at("Audience"), "app");
}

TEST_F(WebIdentityTest, ATokenMayBringTagsAndASourceIdentity) {
  auto all = claims();
  all["https://aws.amazon.com/tags"] =
      json::Object{{"principal_tags", json::Object{{"team", json::Array{"blue"}}}},
                   {"transitive_tag_keys", json::Array{"team"}}};
  all["https://aws.amazon.com/source_identity"] = "ann";
  expect_untrusted(TestProvider::token(all));
  set_trust(trust(R"("StringEquals":{"aws:RequestTag/team":"blue"})",
                  R"(["sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity"])"));
  const auto answer = assume(TestProvider::token(all));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->at("SourceIdentity"), "ann");
  become(*answer);
  EXPECT_EQ(caller.session->tags[0].first, "team");
  EXPECT_EQ(caller.session->transitive_tag_keys.size(), 1u);

  EXPECT_TRUE(assume(token_with("https://aws.amazon.com/tags/principal_tags/team", "blue")));
  for (const json::Value& bad :
       {json::Value("x"), json::Value(json::Object{}),
        json::Value(json::Object{{"principal_tags", json::Object{{"team", 1}}}}),
        json::Value(json::Object{{"principal_tags", json::Object{{"aws:x", "y"}}}})}) {
    const auto refused = assume(token_with("https://aws.amazon.com/tags", bad));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().aws_type, "IDPRejectedClaim");
  }
  EXPECT_EQ(assume(token_with("https://aws.amazon.com/source_identity", "a b")).error().aws_type,
            "IDPRejectedClaim");
}

TEST_F(WebIdentityTest, ASessionPolicyAndADurationLimitIt) {
  auto input = wanted(TestProvider::token(claims()));
  input["DurationSeconds"] = "3601";
  expect_error("AssumeRoleWithWebIdentity", input, "ValidationError",
               "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  input["DurationSeconds"] = "900";
  input["Policy"] = R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*",)"
                    R"("Resource":"*"}]})";
  const auto answer = must("AssumeRoleWithWebIdentity", input);
  EXPECT_TRUE(answer.contains("PackedPolicySize"));
  become(answer);
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
  for (const auto* member : {"ProviderId", "Tags"}) {
    auto other = wanted(TestProvider::token(claims()));
    other[member] = "x";
    EXPECT_EQ(run("AssumeRoleWithWebIdentity", other).error().code, ErrorCode::kUnsupported);
  }
}

class OidcProvidersTest : public IamFixture {
 protected:
  static json::Object of(std::string_view member = {}, json::Value value = {}) {
    json::Object input{{"OpenIDConnectProviderArn", kProvider}};
    if (!member.empty()) input[member] = std::move(value);
    return input;
  }
  static constexpr std::string_view kUrl = "https://idp.example.com/tenant";
};

TEST_F(OidcProvidersTest, AreMadeShownChangedAndDeleted) {
  const std::string thumbprint(40, 'a');
  const auto made = must("CreateOpenIDConnectProvider",
                         {{"Url", kUrl},
                          {"ClientIDList", json::Array{"a"}},
                          {"ThumbprintList", json::Array{thumbprint}},
                          {"Tags", json::Array{json::Object{{"Key", "k"}, {"Value", "v"}}}}});
  EXPECT_EQ(made.at("OpenIDConnectProviderArn").as_string(), kProvider);
  expect_error("CreateOpenIDConnectProvider", {{"Url", kUrl}}, "EntityAlreadyExists",
               "Provider with url https://idp.example.com/tenant already exists.");
  must("AddClientIDToOpenIDConnectProvider", of("ClientID", "b"));
  must("AddClientIDToOpenIDConnectProvider", of("ClientID", "b"));
  must("RemoveClientIDFromOpenIDConnectProvider", of("ClientID", "a"));
  must("RemoveClientIDFromOpenIDConnectProvider", of("ClientID", "none"));
  must("UpdateOpenIDConnectProviderThumbprint",
       of("ThumbprintList", json::Array{std::string(40, 'b').c_str()}));
  must("TagOpenIDConnectProvider",
       of("Tags", json::Array{json::Object{{"Key", "K"}, {"Value", "w"}},
                              json::Object{{"Key", "z"}, {"Value", "1"}}}));
  must("UntagOpenIDConnectProvider", of("TagKeys", json::Array{"Z", "none"}));
  restart();
  const auto shown = must("GetOpenIDConnectProvider", of());
  EXPECT_EQ(shown.at("Url"), "idp.example.com/tenant");
  EXPECT_EQ(json::dump(shown.at("ClientIDList")), R"(["b"])");
  EXPECT_EQ(shown.at("ThumbprintList").at(0).as_string(), std::string(40, 'b'));
  EXPECT_EQ(shown.at("CreateDate"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(json::dump(must("ListOpenIDConnectProviderTags", of()).at("Tags")),
            R"([{"Key":"K","Value":"w"}])");
  const auto list = must("ListOpenIDConnectProviders", {});
  EXPECT_EQ(list.at("OpenIDConnectProviderList").at(0).at("Arn").as_string(), kProvider);
  must("DeleteOpenIDConnectProvider", of());
  must("DeleteOpenIDConnectProvider", of());
  expect_error("GetOpenIDConnectProvider", of(), "NoSuchEntity",
               "OpenIDConnect Provider not found for arn " + std::string(kProvider));
  EXPECT_TRUE(
      must("ListOpenIDConnectProviders", {}).at("OpenIDConnectProviderList").as_array().empty());
}

TEST_F(OidcProvidersTest, CheckTheirInput) {
  const auto refuse = [&](json::Object input, std::string_view type) {
    const auto answer = run("CreateOpenIDConnectProvider", input);
    ASSERT_FALSE(answer) << json::dump(input);
    EXPECT_EQ(answer.error().aws_type, type) << answer.error().message;
  };
  refuse({{"Url", "http://idp.example.com"}}, "ValidationError");
  refuse({{"Url", "idp.example.com"}}, "ValidationError");
  refuse({{"Url", "https://idp.example.com/" + std::string(300, 'x')}}, "ValidationError");
  json::Array many;
  for (int i = 0; i < 101; ++i) many.emplace_back("c");
  refuse({{"Url", kUrl}, {"ClientIDList", many}}, "LimitExceeded");
  refuse({{"Url", kUrl}, {"ClientIDList", json::Array{std::string(256, 'c').c_str()}}},
         "ValidationError");
  refuse({{"Url", kUrl}, {"ThumbprintList", json::Array{"abc"}}}, "ValidationError");
  refuse({{"Url", kUrl}, {"ThumbprintList", json::Array{"1", "2", "3", "4", "5", "6"}}},
         "InvalidInput");
  must("CreateOpenIDConnectProvider", {{"Url", kUrl}});
  EXPECT_FALSE(run("UpdateOpenIDConnectProviderThumbprint", of()));
  for (const auto* arn : {"arn", "arn:aws:iam::111122223333:role/idp.example.com/tenant",
                          "arn:aws:iam::222233334444:oidc-provider/idp.example.com/tenant"}) {
    EXPECT_FALSE(run("GetOpenIDConnectProvider", {{"OpenIDConnectProviderArn", arn}})) << arn;
  }
  for (int i = 1; i < 100; ++i) {
    must("CreateOpenIDConnectProvider", {{"Url", "https://idp.example.com/" + std::to_string(i)}});
  }
  refuse({{"Url", "https://idp.example.com/more"}}, "LimitExceeded");
}

TEST_F(OidcProvidersTest, AskForTheirOwnPermissions) {
  must("CreateOpenIDConnectProvider",
       {{"Url", kUrl}, {"Tags", json::Array{json::Object{{"Key", "team"}, {"Value", "a"}}}}});
  const auto key = make_user("ann");
  must("PutUserPolicy",
       {{"UserName", "ann"},
        {"PolicyName", "p"},
        {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                           R"("Action":"iam:*OpenIDConnectProvider*","Resource":)"
                           R"("arn:aws:iam::111122223333:oidc-provider/idp.example.com/*",)"
                           R"("Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}]})"}});
  caller = *authenticate(signed_request(key));
  must("GetOpenIDConnectProvider", of());
  EXPECT_FALSE(run("CreateOpenIDConnectProvider", {{"Url", "https://idp.example.com/x"}}));
  EXPECT_FALSE(run("ListOpenIDConnectProviders", {}));
  must("UntagOpenIDConnectProvider", of("TagKeys", json::Array{"team"}));
  EXPECT_FALSE(run("GetOpenIDConnectProvider", of()));
}

}  // namespace
}  // namespace stator::iam
