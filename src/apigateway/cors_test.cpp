#include "apigateway/cors.hpp"

#include <gtest/gtest.h>

namespace stator::apigateway {
namespace {

json::Object object(const char* text) {
  return *json::parse_object(text);
}

std::shared_ptr<const CorsPolicy> policy(const char* configuration) {
  return compile_cors({{"corsConfiguration", object(configuration)}});
}

http::Request request(const char* method, const char* origin, const char* asks_for = nullptr) {
  http::Request result{.method = method, .target = "/"};
  if (origin != nullptr) result.headers.add("Origin", origin);
  if (asks_for != nullptr) result.headers.add("Access-Control-Request-Method", asks_for);
  return result;
}

/// "name: value" for each header of the answer to `asked`, an integration's own among them.
std::string answered(const char* configuration, const http::Request& asked,
                     http::Headers headers = {}) {
  http::Response response;
  response.headers = std::move(headers);
  apply_cors(*policy(configuration), asked, response);
  std::string lines;
  for (const auto& [name, value] : response.headers.fields()) lines += name + ": " + value + "\n";
  return lines;
}

TEST(Cors, RefusesWhatNoBrowserCouldUse) {
  struct Case {
    const char* configuration;
    const char* message;  ///< "" for a good one
  };
  const Case cases[] = {
      {R"({})", ""},
      {R"({"allowOrigins":["*"],"allowMethods":["*"],"allowHeaders":["*"],"maxAge":-1})", ""},
      {R"({"allowOrigins":["https://*","http://*","https://a.example:8443"],)"
       R"("allowCredentials":true,"exposeHeaders":["Date","x-api-id"],"maxAge":86400})",
       ""},
      {R"({"allowOrigins":["https://a","*"],"allowCredentials":true})",
       "allow-credentials is not supported if 'allow-origin' is *"},
      {R"({"allowOrigins":["*"],"allowCredentials":false})", ""},
      {R"({"allowOrigins":["a.example"]})", "Invalid value in allowOrigins: \"a.example\""},
      {R"({"allowOrigins":["https://a.example/x"]})",
       "Invalid value in allowOrigins: \"https://a.example/x\""},
      {R"({"allowOrigins":["https://*.a.example"]})",
       "Invalid value in allowOrigins: \"https://*.a.example\""},
      {R"({"allowOrigins":["ftp://*"]})", "Invalid value in allowOrigins: \"ftp://*\""},
      {R"({"allowOrigins":["://a"]})", "Invalid value in allowOrigins: \"://a\""},
      {R"({"allowOrigins":"*"})", "allowOrigins must be a list"},
      {R"({"allowMethods":["get"]})", "Invalid value in allowMethods: \"get\""},
      {R"({"allowMethods":[1]})", "Invalid value in allowMethods: 1"},
      {R"({"allowHeaders":["a\r\nb"]})", "Invalid value in allowHeaders: \"a\\r\\nb\""},
      {R"({"exposeHeaders":[""]})", "Invalid value in exposeHeaders: \"\""},
      {R"({"maxAge":86401})", "maxAge must be between -1 and 86400"},
      {R"({"maxAge":-2})", "maxAge must be between -1 and 86400"},
      {R"({"maxAge":"1"})", "maxAge must be between -1 and 86400"},
      {R"({"allowCredentials":"true"})", "allowCredentials must be a boolean"},
      {R"({"allowOrigin":["*"]})", "Invalid CORS configuration: allowOrigin"},
  };
  for (const Case& each : cases) {
    const auto checked = check_cors(object(each.configuration));
    EXPECT_EQ(checked ? "" : checked.error().message, each.message) << each.configuration;
  }
}

TEST(Cors, IsAbsentWithoutAConfiguration) {
  EXPECT_EQ(compile_cors({}), nullptr);
}

TEST(Cors, KnowsAPreflight) {
  EXPECT_TRUE(is_preflight(request("OPTIONS", "https://a", "GET")));
  EXPECT_FALSE(is_preflight(request("OPTIONS", nullptr, "GET")));
  EXPECT_FALSE(is_preflight(request("OPTIONS", "https://a")));
  EXPECT_FALSE(is_preflight(request("GET", "https://a", "GET")));
}

TEST(Cors, TellsAPreflightWhatMayBeSent) {
  const char* all = R"({"allowOrigins":["https://a.example"],"allowCredentials":true,)"
                    R"("allowMethods":["GET","PUT"],"allowHeaders":["Authorization","X-One"],)"
                    R"("exposeHeaders":["Date"],"maxAge":300})";
  EXPECT_EQ(answered(all, request("OPTIONS", "https://a.example", "PUT")),
            "vary: origin\n"
            "access-control-allow-origin: https://a.example\n"
            "access-control-allow-credentials: true\n"
            "access-control-allow-methods: GET,PUT\n"
            "access-control-allow-headers: authorization,x-one\n"
            "access-control-max-age: 300\n");
  EXPECT_EQ(answered(all, request("OPTIONS", "https://b.example", "PUT")), "vary: origin\n");
  EXPECT_EQ(answered(R"({"allowOrigins":["*"]})", request("OPTIONS", "https://a", "GET")),
            "access-control-allow-origin: *\n");
}

TEST(Cors, TellsAnyOtherRequestWhatMayBeRead) {
  const char* all = R"({"allowOrigins":["https://A.example"],"allowMethods":["GET"],)"
                    R"("exposeHeaders":["Date","x-api-id"],"maxAge":300})";
  EXPECT_EQ(answered(all, request("GET", "https://a.example")),
            "vary: origin\n"
            "access-control-allow-origin: https://a.example\n"
            "access-control-expose-headers: date,x-api-id\n");
  EXPECT_EQ(answered(all, request("GET", nullptr)), "vary: origin\n");
  EXPECT_EQ(answered(all, request("GET", "null")), "vary: origin\n");
}

TEST(Cors, KnowsTheWildcardsOfASchemeAlone) {
  const char* https = R"({"allowOrigins":["https://*"]})";
  EXPECT_EQ(answered(https, request("GET", "https://any.example:1")),
            "vary: origin\naccess-control-allow-origin: https://any.example:1\n");
  EXPECT_EQ(answered(https, request("GET", "http://any.example")), "vary: origin\n");
  EXPECT_EQ(answered(R"({"allowOrigins":["http://*"]})", request("GET", "http://localhost:3000")),
            "vary: origin\naccess-control-allow-origin: http://localhost:3000\n");
}

TEST(Cors, TakesAwayWhatTheIntegrationSaid) {
  http::Headers own;
  own.add("Access-Control-Allow-Origin", "*");
  own.add("x-kept", "1");
  own.add("Access-Control-Allow-Credentials", "true");
  own.add("Access-Control-Max-Age", "5");
  EXPECT_EQ(answered(R"({"allowOrigins":["https://a"]})", request("GET", "https://b"), own),
            "x-kept: 1\nvary: origin\n");
}

}  // namespace
}  // namespace stator::apigateway
