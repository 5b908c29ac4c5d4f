#include <gtest/gtest.h>

#include "aws/proxy_event.hpp"
#include "json/json.hpp"

namespace stator::aws {
namespace {

http::Request sample() {
  http::Request request{.method = "POST", .target = "/question?a=1&b=&a=2", .peer = "10.0.0.9"};
  request.is_secure = true;
  request.headers.add("host", "abc.execute-api.us-east-2.amazonaws.com");
  request.headers.add("user-agent", "curl/7.88.1");
  request.headers.add("content-type", "application/json");
  request.headers.add("Header2", "value1");
  request.headers.add("header2", "value2");
  request.headers.add("Cookie", "c1=v1; c2=v2");
  request.headers.add("Connection", "close");
  request.body = "[]";
  return request;
}

std::optional<std::string> build(const http::Request& request, const ProxyCaller& caller = {},
                                 const Pairs& parameters = {}) {
  const Pairs variables;
  return build_proxy_event_v1(
      request, ProxyEventContext{"123", "abc", "$default", "POST /question", "/question",
                                 "/question", "abc.execute-api.us-east-2.amazonaws.com",
                                 "H6SdPgXtiYcEP1w=", "Root=1-64ad9787-4c89d5af7607eb9e522e01d5",
                                 FakeClock().wall(), parameters, variables, caller});
}

// Member by member as the documentation's example and recorded events have it:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
TEST(ProxyEventV1, IsFormatOneToTheLetter) {
  EXPECT_EQ(
      build(sample()),
      R"({"version":"1.0","resource":"/question","path":"/question","httpMethod":"POST",)"
      R"("headers":{"Content-Length":"2","Content-Type":"application/json",)"
      R"("Host":"abc.execute-api.us-east-2.amazonaws.com","User-Agent":"curl/7.88.1",)"
      R"("X-Amzn-Trace-Id":"Root=1-64ad9787-4c89d5af7607eb9e522e01d5",)"
      R"("X-Forwarded-For":"10.0.0.9","X-Forwarded-Port":"443","X-Forwarded-Proto":"https",)"
      R"("cookie":"c1=v1; c2=v2","header2":"value2"},)"
      R"("multiValueHeaders":{"Content-Length":["2"],"Content-Type":["application/json"],)"
      R"("Host":["abc.execute-api.us-east-2.amazonaws.com"],"User-Agent":["curl/7.88.1"],)"
      R"("X-Amzn-Trace-Id":["Root=1-64ad9787-4c89d5af7607eb9e522e01d5"],)"
      R"("X-Forwarded-For":["10.0.0.9"],"X-Forwarded-Port":["443"],)"
      R"("X-Forwarded-Proto":["https"],"cookie":["c1=v1; c2=v2"],"header2":["value1","value2"]},)"
      R"("queryStringParameters":{"a":"1","b":""},)"
      R"("multiValueQueryStringParameters":{"a":["1","2"],"b":[""]},)"
      R"("requestContext":{"accountId":"123","apiId":"abc",)"
      R"("domainName":"abc.execute-api.us-east-2.amazonaws.com","domainPrefix":"abc",)"
      R"("extendedRequestId":"H6SdPgXtiYcEP1w=","httpMethod":"POST","identity":{)"
      R"("accessKey":null,"accountId":null,"caller":null,"cognitoAmr":null,)"
      R"("cognitoAuthenticationProvider":null,"cognitoAuthenticationType":null,)"
      R"("cognitoIdentityId":null,"cognitoIdentityPoolId":null,"principalOrgId":null,)"
      R"("sourceIp":"10.0.0.9","user":null,"userAgent":"curl/7.88.1","userArn":null},)"
      R"("path":"/question","protocol":"HTTP/1.1","requestId":"H6SdPgXtiYcEP1w=",)"
      R"("requestTime":"02/Jan/2026:03:04:05 +0000","requestTimeEpoch":1767323045678,)"
      R"("resourceId":"POST /question","resourcePath":"/question","stage":"$default"},)"
      R"("pathParameters":null,"stageVariables":null,"body":"[]","isBase64Encoded":false})");
}

TEST(ProxyEventV1, IsNullWhereThereIsNothing) {
  http::Request request{.method = "GET", .target = "/", .peer = "::1"};
  const json::Object read = *json::parse_object(*build(request));
  for (const char* member : {"queryStringParameters", "multiValueQueryStringParameters",
                             "pathParameters", "stageVariables", "body"}) {
    EXPECT_TRUE(read.at(member).is_null()) << member;
  }
  EXPECT_EQ(
      json::dump(json::parse_object(*build(request, {}, {{"id", "7"}}))->at("pathParameters")),
      R"({"id":"7"})");
}

TEST(ProxyEventV1, SaysWhoSentTheRequestOnOneLevel) {
  const auto context_of = [](const ProxyCaller& caller) {
    return json::parse_object(*build(sample(), caller))->at("requestContext").as_object();
  };
  const json::Object claims{{"sub", "ann"}, {"n", 1}};
  EXPECT_EQ(json::dump(context_of({.claims = &claims}).at("authorizer")),
            R"({"claims":{"sub":"ann","n":"1"},"scopes":null})");
  const json::Object found{{"key", "value"}, {"principalId", "other"}};
  EXPECT_EQ(json::dump(context_of({.context = &found, .principal_id = "ann", .latency_ms = 12})
                           .at("authorizer")),
            R"({"principalId":"ann","integrationLatency":12,"key":"value"})");
  const Principal signer{
      .account = "1", .arn = "arn:a", .user_id = "AIDA", .access_key_id = "AKIA"};
  const json::Object signed_context = context_of({.signer = &signer});
  const json::Object& identity = signed_context.at("identity").as_object();
  EXPECT_EQ(identity.at("accessKey"), json::Value("AKIA"));
  EXPECT_EQ(identity.at("userArn"), json::Value("arn:a"));
  EXPECT_FALSE(signed_context.contains("authorizer"));
}

TEST(ProxyEventV1, RefusesWhatJsonCannotCarry) {
  http::Request bad = sample();
  bad.target = "/?x=%zz";
  EXPECT_FALSE(build(bad));
  bad = sample();
  bad.target = "/?%ff=1";
  EXPECT_FALSE(build(bad));
  bad = sample();
  bad.headers.set("header2", "\xff");
  EXPECT_FALSE(build(bad));
}

TEST(ProxyEventV1, AppendsToTheForwardingThatTheClientClaims) {
  http::Request request = sample();
  request.headers.add("X-Forwarded-For", "1.2.3.4");
  request.headers.add("X-Forwarded-Proto", "ftp");
  const json::Object headers = json::parse_object(*build(request))->at("headers").as_object();
  EXPECT_EQ(headers.at("X-Forwarded-For"), json::Value("1.2.3.4, 10.0.0.9"));
  EXPECT_EQ(headers.at("X-Forwarded-Proto"), json::Value("https"));
}

}  // namespace
}  // namespace stator::aws
