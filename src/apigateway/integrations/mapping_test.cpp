#include "apigateway/integrations/mapping.hpp"

#include <gtest/gtest.h>

#include "apigateway/test_exchange.hpp"

namespace stator::apigateway {
namespace {

std::string shown(const http::Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers.fields()) text += name + "=" + value + ";";
  return text;
}

/// What the expression selects of a request with this body.
std::string value_of(const char* text, std::string body = "{}") {
  const auto expression = Expression::parse(text, Reads::kRequest);
  if (!expression) return "refused";
  const auto exchange = make_test_exchange();
  exchange->request.headers.add("x-a", "1");
  exchange->request.headers.add("X-A", "2");
  exchange->request.body = std::move(body);
  Source source(*exchange);
  return expression->evaluate(source).value_or("nothing");
}

TEST(Expression, SelectsFromTheRequest) {
  struct Case {
    const char *text, *value;
  };
  for (const Case& c : {
           Case{"static", "static"},
           Case{"costs 5$", "costs 5$"},
           Case{"$request.header.user-agent", "curl/8"},
           Case{"$request.header.X-a", "1,2"},
           Case{"$request.header.none", "nothing"},
           Case{"$request.querystring.x", "1,3"},
           Case{"$request.querystring.X", "nothing"},
           Case{"$request.path", "/items/a b"},
           Case{"$request.path.id", "a b"},
           Case{"$context.requestId", "req="},
           Case{"$context.authorizer.claims.sub", "nothing"},
           Case{"$stageVariables.table", "t1"},
           Case{"${request.path.id}-${stageVariables.table}", "a b-t1"},
           Case{"${request.header.none}", "nothing"},
           Case{"<${request.header.none}>", "<>"},
       }) {
    EXPECT_EQ(value_of(c.text), c.value) << c.text;
  }
}

TEST(Expression, SelectsFromTheBody) {
  const char* const kBody = R"({"a":{"b":[1,"two",{"c":null}]},"odd name":true,"t":"x"})";
  struct Case {
    const char *text, *value;
  };
  for (const Case& c : {
           Case{"$request.body", kBody},
           Case{"$request.body.t", "x"},
           Case{"$request.body.a.b[0]", "1"},
           Case{"$request.body.a.b[1]", "two"},
           Case{"$request.body.a.b[2]", R"({"c":null})"},
           Case{"$request.body.a.b[2].c", "nothing"},
           Case{"$request.body.a.b[9]", "nothing"},
           Case{"$request.body['odd name']", "true"},
           Case{"${request.body['a']['b'][1]}!", "two!"},
           Case{"$request.body.t.u", "nothing"},
       }) {
    EXPECT_EQ(value_of(c.text, kBody), c.value) << c.text;
  }
  EXPECT_EQ(value_of("$request.body.a", "not json"), "nothing");
  const std::string large = R"({"a":")" + std::string(101u << 10, 'x') + "\"}";
  EXPECT_EQ(value_of("$request.body.a", large), "nothing");
  EXPECT_EQ(value_of("$request.body", large), large);
}

TEST(Expression, RefusesWhatIsNone) {
  for (const char* text : {"$",
                           "$request",
                           "$request.",
                           "$request.header.",
                           "$request.header.a b",
                           "$request.body..a",
                           "$request.body[?(@.a)]",
                           "$request.body.a[*]",
                           "$request.body[",
                           "$request.bodyguard",
                           "$context.",
                           "$context.nothing",
                           "$context.path$",
                           "$stageVariables.",
                           "$stageVariables.a-b",
                           "$response.header.a",
                           "$request.path $request.path.id",
                           "${request.path",
                           "${}",
                           "a ${b}"}) {
    EXPECT_FALSE(Expression::parse(text, Reads::kRequest)) << text;
  }
  EXPECT_TRUE(Expression::parse("$response.header.a", Reads::kResponse));
  for (const char* text : {"$request.header.a", "$response.path", "$response.querystring.a"}) {
    EXPECT_FALSE(Expression::parse(text, Reads::kResponse)) << text;
  }
}

MappedRequest map_request(const json::Object& parameters) {
  const auto mapping = compile_request_mapping(parameters);
  EXPECT_TRUE(mapping) << (mapping ? "" : mapping.error().message);
  const auto exchange = make_test_exchange();
  exchange->request.headers.add("x-user", "root");
  return *mapping->apply(*exchange);
}

TEST(RequestMapping, ChangesHeadersQueryAndPath) {
  const MappedRequest mapped = map_request({{"append:header.user-agent", "more"},
                                            {"overwrite:header.x-id", "$request.path.id"},
                                            {"remove:header.host", "''"},
                                            {"append:querystring.x", "a&b"},
                                            {"remove:querystring.y", ""},
                                            {"overwrite:path", "/v1/${request.path.id}"}});
  EXPECT_EQ(shown(mapped.headers), "User-Agent=curl/8;x-user=root;user-agent=more;x-id=a b;");
  EXPECT_EQ(mapped.query, "x=1&x=3&x=a%26b");
  EXPECT_EQ(mapped.path, "/v1/a b");
  EXPECT_EQ(map_request({}).query, "x=1&y=2&x=3");
  EXPECT_EQ(map_request({{"overwrite:querystring.x", "7"}}).query, "y=2&x=7");
}

TEST(RequestMapping, AnOverwriteThatFindsNothingLeavesNothingOfTheClients) {
  EXPECT_EQ(shown(map_request({{"overwrite:header.x-user", "$context.authorizer.user"}}).headers)
                .find("x-user"),
            std::string::npos);
}

TEST(RequestMapping, AValueCannotEndItsField) {
  const auto mapping = compile_request_mapping({{"append:header.x", "$request.body.a"}});
  const auto exchange = make_test_exchange();
  exchange->request.body = R"({"a":"b\r\nevil: 1"})";
  EXPECT_EQ(mapping->apply(*exchange)->headers.get("x"), "b  evil: 1");
}

TEST(RequestMapping, RefusesInApiGatewaysWords) {
  for (const char* key :
       {"header.a", "append:", "append:header.", "append:path", "remove:path", "set:header.a",
        "append:header.a b", "append:statuscode", "overwrite:body", "append:header.Authorization",
        "overwrite:header.X-Forwarded-For", "remove:header.x-amzn-trace-id",
        "append:header.access-control-allow-origin", "append:header.Via"}) {
    const auto mapping = compile_request_mapping({{key, "v"}});
    ASSERT_FALSE(mapping) << key;
    EXPECT_EQ(mapping.error().aws_type, "BadRequestException") << key;
    EXPECT_TRUE(mapping.error().message.starts_with(
        "Invalid mapping expression specified: Validation Result: warnings : [], errors : ["));
  }
  EXPECT_FALSE(compile_request_mapping({{"append:header.a", ""}}));
  EXPECT_FALSE(compile_request_mapping({{"append:header.a", 7}}));
  EXPECT_FALSE(compile_request_mapping({{"append:header.a", "a\r\nb"}}));
}

TEST(ResponseMapping, ChangesTheAnswerOfItsStatus) {
  const auto mapping =
      compile_response_mapping({{"500",
                                 {{"overwrite:statuscode", "403"},
                                  {"append:header.x-id", "$context.requestId"},
                                  {"overwrite:header.x-why", "$response.body.why"},
                                  {"remove:header.server", "''"}}},
                                {"404", {{"append:header.error", "$stageVariables.table"}}}});
  ASSERT_TRUE(mapping) << mapping.error().message;
  const auto exchange = make_test_exchange();
  const auto answer = [&](int status) {
    http::Response response{status, {}, R"({"why":"broken"})"};
    response.headers.add("server", "x");
    mapping->apply(*exchange, response);
    return std::to_string(response.status) + " " + shown(response.headers);
  };
  EXPECT_EQ(answer(500), "403 x-id=req=;x-why=broken;");
  EXPECT_EQ(answer(404), "404 server=x;error=t1;");
  EXPECT_EQ(answer(200), "200 server=x;");
}

TEST(ResponseMapping, RefusesWhatIsNone) {
  for (const char* status : {"", "2xx", "199", "600", "default"}) {
    EXPECT_FALSE(compile_response_mapping({{status, {{"append:header.a", "b"}}}})) << status;
  }
  for (const char* key : {"append:statuscode", "overwrite:path", "append:querystring.a"}) {
    EXPECT_FALSE(compile_response_mapping({{"200", {{key, "403"}}}})) << key;
  }
  EXPECT_FALSE(compile_response_mapping({{"200", {{"overwrite:statuscode", "99"}}}}));
  EXPECT_FALSE(compile_response_mapping({{"200", "x"}}));
}

TEST(ResponseMapping, AStatusThatIsNoneChangesNothing) {
  const auto mapping =
      compile_response_mapping({{"200", {{"overwrite:statuscode", "$response.body.status"}}}});
  const auto exchange = make_test_exchange();
  for (const auto& [body, status] : std::vector<std::pair<std::string, int>>{
           {R"({"status":418})", 418}, {R"({"status":"x"})", 200}, {"", 200}}) {
    http::Response response{200, {}, body};
    mapping->apply(*exchange, response);
    EXPECT_EQ(response.status, status) << body;
  }
}

}  // namespace
}  // namespace stator::apigateway
