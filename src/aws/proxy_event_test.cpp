#include "aws/proxy_event.hpp"

#include <gtest/gtest.h>

#include "json/json.hpp"

namespace stator::aws {
namespace {

http::Request sample() {
  http::Request request{
      .method = "POST", .target = "/items/a%20b?x=1&y=a+b&x=2", .peer = "10.0.0.9"};
  request.headers.add("Host", "abc.execute-api.localhost:4566");
  request.headers.add("User-Agent", "curl/8");
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Multi", "1");
  request.headers.add("x-multi", "2");
  request.headers.add("Cookie", "c1=v1; c2=v2");
  request.body = "{\"name\":\"caf\xc3\xa9\"}";
  return request;
}

std::optional<std::string> build(const http::Request& request, const Pairs& variables = {}) {
  const Pairs parameters = {{"id", "a b"}};
  return build_proxy_event(
      request, ProxyEventContext{"123", "abc", "$default", "POST /items/{id}", "/items/a b",
                                 "/items/a b", "abc.execute-api.localhost", "req=", "Root=1-0-0",
                                 FakeClock().wall(), parameters, variables});
}

TEST(ProxyEvent, IsFormatTwoToTheLetter) {
  EXPECT_EQ(
      build(sample()),
      R"({"version":"2.0","routeKey":"POST /items/{id}","rawPath":"/items/a b",)"
      R"("rawQueryString":"x=1&y=a+b&x=2","cookies":["c1=v1","c2=v2"],"headers":{)"
      R"("content-length":"16","content-type":"application/json",)"
      R"("host":"abc.execute-api.localhost:4566","user-agent":"curl/8",)"
      R"("x-amzn-trace-id":"Root=1-0-0","x-forwarded-for":"10.0.0.9","x-forwarded-port":"4566",)"
      R"("x-forwarded-proto":"http","x-multi":"1,2"},)"
      R"("queryStringParameters":{"x":"1,2","y":"a b"},)"
      R"("requestContext":{"accountId":"123","apiId":"abc",)"
      R"("domainName":"abc.execute-api.localhost","domainPrefix":"abc",)"
      R"("http":{"method":"POST","path":"/items/a b","protocol":"HTTP/1.1",)"
      R"("sourceIp":"10.0.0.9","userAgent":"curl/8"},"requestId":"req=",)"
      R"("routeKey":"POST /items/{id}","stage":"$default","time":"02/Jan/2026:03:04:05 +0000",)"
      R"("timeEpoch":1767323045678},"pathParameters":{"id":"a b"},)"
      "\"body\":\"{\\\"name\\\":\\\"caf\xc3\xa9\\\"}\",\"isBase64Encoded\":false}");
}

TEST(ProxyEvent, LeavesOutWhatIsNotThere) {
  http::Request request{.method = "GET", .target = "/", .peer = "::1"};
  const Pairs none;
  const auto event = build_proxy_event(
      request, ProxyEventContext{"1", "a", "dev", "$default", "/dev/", "/dev/", "a.x", "r", "t",
                                 FakeClock().wall(), none, none});
  const json::Object read = *json::parse_object(*event);
  for (const char* member :
       {"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"}) {
    EXPECT_FALSE(read.contains(member)) << member;
  }
  EXPECT_EQ(read.at("isBase64Encoded"), json::Value(false));
}

TEST(ProxyEvent, CarriesStageVariables) {
  const json::Object read = *json::parse_object(*build(sample(), {{"table", "t1"}}));
  EXPECT_EQ(json::dump(read.at("stageVariables")), R"({"table":"t1"})");
}

std::string authorizer_of(const ProxyCaller& caller) {
  const Pairs none;
  const auto event = build_proxy_event(
      sample(), ProxyEventContext{"123", "abc", "$default", "$default", "/", "/", "abc.x",
                                  "req=", "Root=1-0-0", FakeClock().wall(), none, none, caller});
  const json::Object context = json::parse_object(*event)->at("requestContext").as_object();
  const json::Value* found = json::find(context, "authorizer");
  return found == nullptr ? "" : json::dump(*found);
}

TEST(ProxyEvent, SaysWhoSentTheRequest) {
  EXPECT_EQ(authorizer_of({}), "");
  const json::Object claims{
      {"sub", "ann"}, {"exp", 1583798639}, {"is", true}, {"groups", json::Array{"a", "b", 3}}};
  const std::vector<std::string> scopes = {"read", "write"};
  EXPECT_EQ(authorizer_of({.claims = &claims, .scopes = &scopes}),
            R"({"jwt":{"claims":{"sub":"ann","exp":"1583798639","is":"true","groups":"[a b 3]"},)"
            R"("scopes":["read","write"]}})");
  EXPECT_NE(authorizer_of({.claims = &claims}).find(R"("scopes":null)"), std::string::npos);
  const json::Object context{{"key", "value"}, {"n", 1}, {"deep", json::Object{{"a", false}}}};
  EXPECT_EQ(authorizer_of({.context = &context}),
            R"({"lambda":{"key":"value","n":1,"deep":{"a":false}}})");
  const json::Object empty;
  EXPECT_EQ(authorizer_of({.context = &empty}), R"({"lambda":null})");
}

TEST(ProxyEvent, CarriesTheClientsCertificate) {
  http::Request request = sample();
  request.protocol = "HTTP/2.0";
  request.client_certificate = std::make_shared<const http::ClientCertificate>(
      http::ClientCertificate{"CERT_CONTENT", "www.example.com", "Example issuer", "a1:a1",
                              "May 28 12:30:02 2019 GMT", "Aug  5 09:36:04 2021 GMT"});
  const json::Object read = *json::parse_object(*build(request));
  const json::Object& context = read.at("requestContext").as_object();
  EXPECT_EQ(json::dump(context.at("authentication")),
            R"({"clientCert":{"clientCertPem":"CERT_CONTENT","subjectDN":"www.example.com",)"
            R"("issuerDN":"Example issuer","serialNumber":"a1:a1","validity":{)"
            R"("notBefore":"May 28 12:30:02 2019 GMT","notAfter":"Aug  5 09:36:04 2021 GMT"}}})");
  EXPECT_EQ(context.at("http").at("protocol"), json::Value("HTTP/2.0"));
}

TEST(ProxyEvent, OfAnAuthorizerHasItsMembersAndNoBody) {
  const Pairs none;
  ProxyEventContext context{"1",   "a", "dev", "$default",         "/",  "/",
                            "a.x", "r", "t",   FakeClock().wall(), none, none};
  context.authorizer_members = R"("type":"REQUEST","routeArn":"arn")";
  for (const auto& event :
       {build_proxy_event(sample(), context), build_proxy_event_v1(sample(), context)}) {
    const json::Object read = *json::parse_object(*event);
    EXPECT_EQ(read.at("type"), json::Value("REQUEST"));
    EXPECT_EQ(read.at("routeArn"), json::Value("arn"));
    EXPECT_FALSE(read.contains("body"));
    EXPECT_FALSE(read.contains("isBase64Encoded"));
  }
}

TEST(ProxyEvent, SendsOtherThanTextAsBase64) {
  for (const char* type :
       {"application/octet-stream", "image/png", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded"}) {
    http::Request request = sample();
    request.headers.set("Content-Type", type);
    request.body = "a=b";
    const json::Object read = *json::parse_object(*build(request));
    EXPECT_EQ(read.at("body"), json::Value("YT1i")) << type;
    EXPECT_EQ(read.at("isBase64Encoded"), json::Value(true)) << type;
  }
  http::Request not_utf8 = sample();
  not_utf8.body = "\xff";
  EXPECT_EQ(json::parse_object(*build(not_utf8))->at("body"), json::Value("/w=="));
}

TEST(ProxyEvent, EscapesWhateverComes) {
  http::Request request = sample();
  request.headers.set("X-Multi", "quote \" backslash \\ tab \t");
  request.body = std::string("\"\\\n\x01", 4);
  const auto event = build(request);
  ASSERT_TRUE(event);
  const auto read = json::parse_object(*event);
  ASSERT_TRUE(read) << *event;
  EXPECT_EQ(read->at("headers").at("x-multi"), json::Value("quote \" backslash \\ tab \t"));
  EXPECT_EQ(json::find_string(*read, "body"), request.body);
}

TEST(ProxyEvent, RefusesWhatJsonCannotCarry) {
  http::Request bad_escape = sample();
  bad_escape.target = "/a?x=%zz";
  EXPECT_FALSE(build(bad_escape));
  http::Request bad_query = sample();
  bad_query.target = "/a?x=%ff";
  EXPECT_FALSE(build(bad_query));
  http::Request bad_header = sample();
  bad_header.headers.set("X-Multi", "\xff");
  EXPECT_FALSE(build(bad_header));
}

}  // namespace
}  // namespace stator::aws
