#include "apigateway/authorizers/authorizer_record.hpp"

#include <gtest/gtest.h>

#include "apigateway/apis.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

#define URI                                                                       \
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:" \
  "us-east-1:123:function:f/invocations"

constexpr const char* kJwt =
    R"({"name":"j","authorizerType":"JWT","identitySource":["$request.header.Authorization"],)"
    R"("jwtConfiguration":{"issuer":"https://idp.example.com","audience":["a"]}})";
constexpr const char* kRequest = R"({"name":"r","authorizerType":"REQUEST","authorizerUri":")" URI
                                 R"(","authorizerPayloadFormatVersion":"2.0"})";

aws::Input input_of(std::string_view text) {
  return aws::Input(*json::parse_object(text));
}

/// `text` with the members of `change` in place of its own; a null takes one away.
aws::Input changed(std::string_view text, std::string_view change) {
  json::Object object = *json::parse_object(text);
  const json::Object changes = *json::parse_object(change);
  for (const auto& member : changes) {
    object[member.key()] = member.value();
    if (member.value().is_null()) object.erase(member.key());
  }
  return aws::Input(std::move(object));
}

bool is_taken(const aws::Input& input) {
  json::Object record;
  return bool(change_authorizer(record, input));
}

TEST(AuthorizerRecord, IsWhatTheApiAnswersWith) {
  json::Object jwt, request;
  ASSERT_TRUE(change_authorizer(jwt, input_of(kJwt)));
  EXPECT_EQ(json::dump(jwt),
            R"({"authorizerType":"JWT","name":"j",)"
            R"("identitySource":["$request.header.Authorization"],)"
            R"("jwtConfiguration":{"issuer":"https://idp.example.com","audience":["a"]}})");
  ASSERT_TRUE(change_authorizer(request, input_of(kRequest)));
  EXPECT_EQ(json::find_bool(request, "enableSimpleResponses"), false);
  EXPECT_EQ(json::dump(request.at("identitySource")), "[]");
}

TEST(AuthorizerRecord, JwtRules) {
  const std::string audiences = [] {
    json::Array many(51, "a");
    return R"({"jwtConfiguration":{"issuer":"https://i.example.com","audience":)" +
           json::dump(json::Value(many)) + "}}";
  }();
  ASSERT_TRUE(is_taken(input_of(kJwt)));
  for (const std::string& good : {
           std::string(R"({"identitySource":["$request.querystring.token"]})"),
           std::string(
               R"({"jwtConfiguration":{"issuer":"http://localhost:81/x","audience":["a"]}})"),
           std::string(R"({"enableSimpleResponses":false})"),
       }) {
    EXPECT_TRUE(is_taken(changed(kJwt, good))) << good;
  }
  for (const std::string& bad : {
           std::string(R"({"name":""})"),
           std::string(R"({"name":null})"),
           std::string(R"({"name":7})"),
           R"({"name":")" + std::string(129, 'x') + R"("})",
           std::string(R"({"authorizerType":"TOKEN"})"),
           std::string(R"({"identitySource":[]})"),
           std::string(R"({"identitySource":null})"),
           std::string(R"({"identitySource":["$request.header.A","$request.header.B"]})"),
           std::string(R"({"identitySource":["$context.identity.sourceIp"]})"),
           std::string(R"({"identitySource":["Authorization"]})"),
           std::string(R"({"identitySource":[7]})"),
           std::string(R"({"identitySource":"$request.header.A"})"),
           std::string(R"({"jwtConfiguration":null})"),
           std::string(R"({"jwtConfiguration":{"audience":["a"]}})"),
           std::string(R"({"jwtConfiguration":{"issuer":"https://i.example.com"}})"),
           std::string(R"({"jwtConfiguration":{"issuer":"https://i.example.com","audience":[]}})"),
           std::string(
               R"({"jwtConfiguration":{"issuer":"http://i.example.com","audience":["a"]}})"),
           std::string(
               R"({"jwtConfiguration":{"issuer":"https://i.example.com","audience":["a"],"x":1}})"),
           audiences,
           std::string(R"({"authorizerUri":"x"})"),
           std::string(R"({"authorizerResultTtlInSeconds":1})"),
           std::string(R"({"enableSimpleResponses":true})"),
       }) {
    EXPECT_FALSE(is_taken(changed(kJwt, bad))) << bad;
  }
}

TEST(AuthorizerRecord, RequestRules) {
  ASSERT_TRUE(is_taken(input_of(kRequest)));
  for (const char* good : {
           R"({"authorizerPayloadFormatVersion":"1.0"})",
           R"({"enableSimpleResponses":true})",
           R"({"identitySource":["$context.routeKey","$stageVariables.v","$request.header.a"],
               "authorizerResultTtlInSeconds":3600})",
           R"({"authorizerResultTtlInSeconds":0})",
           R"({"authorizerCredentialsArn":"arn:aws:iam::123:role/r"})",
       }) {
    EXPECT_TRUE(is_taken(changed(kRequest, good))) << good;
  }
  for (const char* bad : {
           R"({"authorizerUri":null})",
           R"({"authorizerUri":"arn:aws:lambda:us-east-1:123:function:f"})",
           R"({"authorizerUri":"https://example.com"})",
           R"({"authorizerPayloadFormatVersion":null})",
           R"({"authorizerPayloadFormatVersion":"3.0"})",
           R"({"authorizerPayloadFormatVersion":"1.0","enableSimpleResponses":true})",
           R"({"authorizerResultTtlInSeconds":300})",
           R"({"identitySource":["$request.header.a"],"authorizerResultTtlInSeconds":3601})",
           R"({"identitySource":["$request.header.a"],"authorizerResultTtlInSeconds":-1})",
           R"({"identitySource":["$context.nonsense"]})",
           R"({"identitySource":["$context.status"]})",
           R"({"identitySource":["$context.authorizer.x"]})",
           R"({"identitySource":["$request.header."]})",
           R"({"identitySource":["$request.body"]})",
           R"({"authorizerCredentialsArn":"arn:aws:iam::123:user/u"})",
           R"({"jwtConfiguration":{"issuer":"https://i.example.com","audience":["a"]}})",
       }) {
    EXPECT_FALSE(is_taken(changed(kRequest, bad))) << bad;
  }
}

TEST(AuthorizerRecord, AnUpdateLeavesWhatItDoesNotMention) {
  json::Object record;
  ASSERT_TRUE(change_authorizer(record, input_of(kJwt)));
  ASSERT_TRUE(change_authorizer(record, input_of(R"({"jwtConfiguration":{"audience":["b"]}})")));
  EXPECT_EQ(json::dump(record.at("jwtConfiguration")),
            R"({"issuer":"https://idp.example.com","audience":["b"]})");
  EXPECT_EQ(json::find_string(record, "name"), "j");
  ASSERT_TRUE(change_authorizer(record, changed(kRequest, R"({"identitySource":[]})")));
  EXPECT_FALSE(record.contains("jwtConfiguration")) << "another type has no use for it";
}

TEST(RouteAuthorization, GoesWithItsAuthorizer) {
  const std::vector<json::Object> authorizers{
      {{"authorizerId", "j"}, {"authorizerType", "JWT"}},
      {{"authorizerId", "r"}, {"authorizerType", "REQUEST"}}};
  const auto check = [&](std::string_view said) {
    json::Object route = *json::parse_object(said);
    return bool(check_route_authorization(route, input_of(said), authorizers));
  };
  for (const char* good : {
           R"({})",
           R"({"authorizationType":"NONE"})",
           R"({"authorizationType":"NONE","authorizerId":""})",
           R"({"authorizationType":"AWS_IAM"})",
           R"({"authorizationType":"JWT","authorizerId":"j"})",
           R"({"authorizationType":"JWT","authorizerId":"j","authorizationScopes":["a","b.c/d"]})",
           R"({"authorizationType":"CUSTOM","authorizerId":"r"})",
       }) {
    EXPECT_TRUE(check(good)) << good;
  }
  for (const char* bad : {
           R"({"authorizationType":"none"})",
           R"({"authorizerId":"j"})",
           R"({"authorizationType":"AWS_IAM","authorizerId":"r"})",
           R"({"authorizationType":"JWT"})",
           R"({"authorizationType":"JWT","authorizerId":"r"})",
           R"({"authorizationType":"JWT","authorizerId":"gone"})",
           R"({"authorizationType":"CUSTOM","authorizerId":"j"})",
           R"({"authorizationType":"CUSTOM","authorizerId":"r","authorizationScopes":["a"]})",
           R"({"authorizationScopes":["a"]})",
           R"({"authorizationType":"JWT","authorizerId":"j","authorizationScopes":["a b"]})",
           R"({"authorizationType":"JWT","authorizerId":"j","authorizationScopes":[""]})",
           R"({"authorizationType":"JWT","authorizerId":"j","authorizationScopes":["1","2","3","4",
               "5","6","7","8","9","10","11"]})",
       }) {
    EXPECT_FALSE(check(bad)) << bad;
  }
}

TEST(RouteAuthorization, AnotherTypeDropsWhatItHasNoUseFor) {
  json::Object route{{"authorizationType", "NONE"},
                     {"authorizerId", "j"},
                     {"authorizationScopes", json::Array{"a"}}};
  ASSERT_TRUE(check_route_authorization(route, input_of(R"({"authorizationType":"NONE"})"), {}));
  EXPECT_EQ(json::dump(route), R"({"authorizationType":"NONE"})");
}

class AuthorizerOps : public testing::Test, private aws::Authorizer {
 protected:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission>) override { return {}; }

  /// The answer, or the type of the error.
  std::string run(const aws::Operation& operation, const std::string& more = "") {
    auto input = *json::parse_object("{\"apiId\":\"" + api + "\"" + more + "}");
    const auto answer = operation.run_json(call, aws::Input(std::move(input)), *this);
    return answer ? json::dump(*answer) : answer.error().aws_type;
  }
  std::string id_of(const std::string& answer) {
    return json::find_string(*json::parse_object(answer), "authorizerId").value_or("");
  }
  static std::string members(std::string text) {
    text.pop_back();
    return "," + text.substr(1);
  }

  SystemRandom random;
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  Apis apis{*store, random, ".x"};
  aws::Call call{.account = "123", .region = "us-east-1"};
  std::string api = *json::find_string(*apis.create(call, Kind::kApi, "", {}), "apiId");
};

TEST_F(AuthorizerOps, LiveAndDie) {
  const std::string id = id_of(run(create_authorizer(apis), members(kJwt)));
  ASSERT_EQ(id.size(), 7u);
  const std::string named = R"(,"authorizerId":")" + id + '"';
  EXPECT_EQ(run(create_authorizer(apis), members(kJwt)), "ConflictException");
  EXPECT_EQ(id_of(run(update_authorizer(apis), named + R"(,"name":"k")")), id);
  EXPECT_NE(run(get_authorizer(apis), named).find(R"("name":"k")"), std::string::npos);
  EXPECT_NE(run(get_authorizers(apis)).find(id), std::string::npos);

  const auto route =
      apis.create(call, Kind::kRoute, api, {{"routeKey", "GET /a"}, {"authorizerId", id.c_str()}});
  EXPECT_EQ(run(delete_authorizer(apis), named), "ConflictException");
  ASSERT_TRUE(apis.remove(call, Kind::kRoute, {api, *json::find_string(*route, "routeId")}));
  EXPECT_EQ(run(delete_authorizer(apis), named), "{}");
  EXPECT_EQ(run(get_authorizer(apis), named), "NotFoundException");
  EXPECT_EQ(run(delete_authorizer(apis), named), "NotFoundException");
  EXPECT_EQ(run(update_authorizer(apis), named), "NotFoundException");
}

TEST_F(AuthorizerOps, AreTenOfAnApi) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_NE(
        id_of(
            run(create_authorizer(apis),
                members(json::dump(
                    changed(kRequest, R"({"name":"n)" + std::to_string(i) + R"("})").members())))),
        "");
  }
  EXPECT_EQ(run(create_authorizer(apis), members(kJwt)), "TooManyRequestsException");
}

TEST_F(AuthorizerOps, TheCacheOfAStageIsReset) {
  ASSERT_TRUE(apis.create(call, Kind::kRoute, api, {{"routeKey", "$default"}}));
  ASSERT_TRUE(apis.create(call, Kind::kStage, api, {{"stageName", "dev"}}));
  const auto before = apis.find(api)->stages.at("dev");
  EXPECT_EQ(run(reset_authorizers_cache(apis), R"(,"stageName":"dev")"), "{}");
  EXPECT_NE(apis.find(api)->stages.at("dev"), before) << "where decisions are kept";
  EXPECT_EQ(run(reset_authorizers_cache(apis), R"(,"stageName":"prod")"), "NotFoundException");
}

}  // namespace
}  // namespace stator::apigateway
