#include "apigateway/route_table.hpp"

#include <gtest/gtest.h>

namespace stator::apigateway {
namespace {

const std::vector<const char*> kKeys = {
    "GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}",
    "$default",        "POST /pets/dog/1",   "ANY /any/{x}",       "GET /any/{y}",
    "GET /",           "GET /a/{b}/c",       "GET /a/{b}/{c}/d"};

RouteTable table() {
  RouteTable routes;
  for (std::size_t i = 0; i < kKeys.size(); ++i) routes.add(*RouteKey::parse(kKeys[i]), i);
  return routes;
}

std::string found(const RouteTable& routes, std::string_view method, std::string_view path) {
  const auto match = routes.find(method, path);
  if (!match) return "none";
  std::string text = kKeys[match->value];
  for (const auto& [name, value] : match->parameters) text += " " + name + "=" + value;
  return text;
}

TEST(RouteTable, RanksAsApiGatewayDoes) {
  const RouteTable routes = table();
  struct Case {
    const char *method, *path, *route;
  };
  for (const Case& c : {
           Case{"GET", "/pets/dog/1", "GET /pets/dog/1"},
           Case{"GET", "/pets/dog/2", "GET /pets/dog/{id} id=2"},
           Case{"GET", "/pets/cat/1", "GET /pets/{proxy+} proxy=cat/1"},
           Case{"POST", "/pets/dog/1", "POST /pets/dog/1"},
           Case{"POST", "/test/5", "ANY /{proxy+} proxy=test/5"},
           Case{"PUT", "/pets/dog/1", "ANY /{proxy+} proxy=pets/dog/1"},
           Case{"GET", "/any/1", "GET /any/{y} y=1"},
           Case{"PUT", "/any/1", "ANY /any/{x} x=1"},
           Case{"GET", "/", "GET /"},
           Case{"POST", "/", "$default"},
           Case{"GET", "/pets/dog/", "GET /pets/{proxy+} proxy=dog/"},
           Case{"GET", "/a/1/c", "GET /a/{b}/c b=1"},
           Case{"GET", "/a/1/c/d", "GET /a/{b}/{c}/d b=1 c=c"},
           Case{"GET", "/a/1/c/e", "ANY /{proxy+} proxy=a/1/c/e"},
           Case{"GET", "/PETS/dog/1", "ANY /{proxy+} proxy=PETS/dog/1"},
       }) {
    EXPECT_EQ(found(routes, c.method, c.path), c.route) << c.method << " " << c.path;
  }
}

TEST(RouteTable, FindsNothingWithoutDefault) {
  RouteTable routes;
  routes.add(*RouteKey::parse("GET /items/{id}"), 0);
  EXPECT_FALSE(routes.find("GET", "/items"));
  EXPECT_FALSE(routes.find("GET", "/items/"));
  EXPECT_FALSE(routes.find("GET", "/items/1/2"));
  EXPECT_FALSE(routes.find("DELETE", "/items/1"));
  EXPECT_TRUE(routes.find("GET", "/items/1"));
}

TEST(RouteKey, RefusesWhatIsNone) {
  for (const char* key : {"", "GET", "get /a", "GET a", "FETCH /a", "GET /a b", "GET /{a+}/b",
                          "GET /{a", "GET /a{b}", "GET /{}", "$defaults", "GET /a?b"}) {
    const auto parsed = RouteKey::parse(key);
    ASSERT_FALSE(parsed) << key;
    EXPECT_EQ(parsed.error().aws_type, "BadRequestException");
  }
}

}  // namespace
}  // namespace stator::apigateway
