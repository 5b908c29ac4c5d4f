#include "apigateway/integrations/target.hpp"

#include <gtest/gtest.h>

#include "apigateway/integrations/http_request.hpp"
#include "apigateway/test_exchange.hpp"

namespace stator::apigateway {
namespace {

TEST(StageVariables, AreReplacedWhereverTheyStand) {
  const Variables variables = {{"fn", "f"}, {"alias", "live"}, {"empty", ""}};
  struct Case {
    const char *text, *expanded;
  };
  for (const Case& c : {
           Case{"", ""},
           Case{"plain", "plain"},
           Case{"arn:aws:lambda:r:1:function:${stageVariables.fn}:${stageVariables.alias}",
                "arn:aws:lambda:r:1:function:f:live"},
           Case{"a${stageVariables.empty}b", "ab"},
           Case{"${stageVariables.none}", "nothing"},
           Case{"${stageVariables.fn", "nothing"},
           Case{"${other}", "${other}"},
       }) {
    EXPECT_EQ(expand_stage_variables(c.text, variables).value_or("nothing"), c.expanded) << c.text;
  }
}

TEST(HttpTarget, IsReadFromItsUrl) {
  const auto target = read_http_target("https://example.com:8443/v1/{id}/x?a=b&c#frag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->origin.host, "example.com");
  EXPECT_EQ(target->origin.port, 8443);
  EXPECT_TRUE(target->origin.is_secure);
  EXPECT_EQ(target->path, "/v1/{id}/x");
  EXPECT_EQ(target->query, "a=b&c");
  EXPECT_EQ(read_http_target("http://example.com")->path, "");
  EXPECT_EQ(read_http_target("http://example.com?q=1")->query, "q=1");
  for (const char* uri :
       {"", "example.com", "ftp://example.com/", "http://", "http:///a", "http://{host}/",
        "http://{host}.example.com/", "http://u@example.com/", "http://example.com/{a",
        "http://example.com/?q={a}", "http://example.com/a b", "http://example.com/\r\n"}) {
    EXPECT_FALSE(read_http_target(uri)) << uri;
  }
}

std::shared_ptr<Exchange> exchange_for(const json::Object& integration,
                                       const std::string& route_key = "ANY /items/{id}") {
  auto exchange = make_test_exchange();
  auto stage = std::make_shared<CompiledStage>();
  stage->name = "dev";
  stage->variables = {{"host", "127.0.0.1:9"}};
  stage->routes.push_back(CompiledRoute{.key = route_key, .id = "r1"});
  stage->routes[0].integration = *compile_integration(integration, stage->variables);
  exchange->stage = stage;
  exchange->route = &stage->routes[0];
  return exchange;
}

/// "METHOD host target" of what is passed on.
std::string passed_on(const json::Object& integration, const std::string& route_key,
                      const Variables& parameters, const std::string& path = "/items/1") {
  const auto exchange = exchange_for(integration, route_key);
  exchange->path_parameters = parameters;
  exchange->address.path = path;
  const auto& target = exchange->route->integration->target;
  if (target == nullptr || !target->http) return "no target";
  const auto request = http_request(*exchange, *target->http);
  if (!request) return "refused";
  return request->message.method + " " + request->origin.authority() + " " +
         request->message.target;
}

TEST(HttpRequest, GoesWhereTheUrlAndTheParametersSay) {
  const auto proxy = [](const char* uri, const char* method = "ANY") {
    return json::Object{
        {"integrationType", "HTTP_PROXY"}, {"integrationUri", uri}, {"integrationMethod", method}};
  };
  const char* const kQuery = "?x=1&y=2&x=3";
  EXPECT_EQ(passed_on(proxy("http://h/pets/{id}"), "ANY /items/{id}", {{"id", "a b/c"}}),
            std::string("POST h /pets/a%20b/c") + kQuery);
  EXPECT_EQ(passed_on(proxy("http://h:81/{proxy}", "GET"), "ANY /{proxy+}", {{"proxy", "a/b"}}),
            std::string("GET h:81 /a/b") + kQuery);
  EXPECT_EQ(passed_on(proxy("https://h/{proxy+}?k=v"), "ANY /{proxy+}", {{"proxy", "a"}}),
            "POST h /a?k=v&x=1&y=2&x=3");
  EXPECT_EQ(passed_on(proxy("http://h"), "GET /", {}), std::string("POST h /") + kQuery);
  EXPECT_EQ(passed_on(proxy("http://h/base/"), "$default", {}, "/store/a b"),
            std::string("POST h /base/store/a%20b") + kQuery);
  EXPECT_EQ(passed_on(proxy("http://${stageVariables.host}/a"), "GET /", {}),
            std::string("POST 127.0.0.1:9 /a") + kQuery);
  EXPECT_EQ(passed_on(proxy("http://${stageVariables.none}/a"), "GET /", {}), "no target");
  auto mapped = proxy("http://h/base/{id}");
  mapped["requestParameters"] = {{"overwrite:path", "/other/$x"}, {"remove:querystring.x", "''"}};
  EXPECT_EQ(passed_on(mapped, "ANY /items/{id}", {}), "POST h /other/%24x?y=2");
}

TEST(HttpRequest, DoesNotLeaveThePathThatTheOwnerWrote) {
  const json::Object proxy{{"integrationType", "HTTP_PROXY"},
                           {"integrationUri", "http://h/public/{proxy}"}};
  for (const char* value : {"..", "../admin", "a/../../admin", ".", "a/./b", "a/.."}) {
    EXPECT_EQ(passed_on(proxy, "ANY /{proxy+}", {{"proxy", value}}), "refused") << value;
  }
  EXPECT_EQ(passed_on(proxy, "ANY /{proxy+}", {{"proxy", "...a/..b"}}).substr(0, 24),
            "POST h /public/...a/..b?");
  EXPECT_EQ(passed_on(proxy, "$default", {}, "/../admin"), "refused");
}

TEST(HttpRequest, SaysWhoPassedItOnAndDropsWhatIsBetweenNeighbours) {
  const auto exchange =
      exchange_for({{"integrationType", "HTTP_PROXY"}, {"integrationUri", "http://h/"}});
  auto& headers = exchange->request.headers;
  for (const auto& [name, value] : std::vector<http::Headers::Field>{{"Connection", "x-own"},
                                                                     {"x-own", "1"},
                                                                     {"Expect", "100-continue"},
                                                                     {"X-Forwarded-For", "1.2.3.4"},
                                                                     {"X-Forwarded-Proto", "ftp"},
                                                                     {"X-Forwarded-Host", "evil"},
                                                                     {"Forwarded", "for=evil"},
                                                                     {"X-Kept", "2"}}) {
    headers.add(name, value);
  }
  const auto request = http_request(*exchange, *exchange->route->integration->target->http);
  std::string all;
  for (const auto& [name, value] : request->message.headers.fields()) {
    all += name + "=" + value + "\n";
  }
  EXPECT_EQ(all,
            "User-Agent=curl/8\nX-Forwarded-For=1.2.3.4, 10.0.0.9\nX-Forwarded-Proto=http\n"
            "Forwarded=for=10.0.0.9;host=\"abc.execute-api.localhost:4566\";proto=http\n"
            "X-Kept=2\nx-forwarded-port=4566\n"
            "via=HTTP/1.1 AmazonAPIGateway\nx-amzn-trace-id=Root=1-0-0\n");
}

TEST(HttpRequest, AHostThatIsMappedIsSent) {
  const auto exchange =
      exchange_for({{"integrationType", "HTTP_PROXY"},
                    {"integrationUri", "http://h/"},
                    {"requestParameters", {{"overwrite:header.host", "inner.example"}}}});
  const auto request = http_request(*exchange, *exchange->route->integration->target->http);
  EXPECT_EQ(request->message.headers.get("host"), "inner.example");
}

TEST(CompileIntegration, RefusesAMappingThatIsNone) {
  EXPECT_FALSE(compile_integration({{"requestParameters", {{"append:body", "x"}}}}, {}));
  EXPECT_FALSE(compile_integration({{"integrationUri", "http://${stageVariables.none}/"},
                                    {"requestParameters", {{"append:body", "x"}}}},
                                   {}));
  EXPECT_FALSE(compile_integration({{"responseParameters", {{"x", json::Object()}}}}, {}));
}

}  // namespace
}  // namespace stator::apigateway
