#include "apigateway/route_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <tuple>

#include "base/strings.hpp"

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

std::string found_in(const std::vector<std::string>& keys, std::string_view method,
                     std::string_view path) {
  RouteTable routes;
  for (std::size_t i = 0; i < keys.size(); ++i) routes.add(*RouteKey::parse(keys[i]), i);
  const auto match = routes.find(method, path);
  if (!match) return "none";
  std::string text = keys[match->value];
  for (const auto& [name, value] : match->parameters) text += " " + name + "=" + value;
  return text;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
TEST(RouteTable, AFullMatchRanksBeforeAGreedyOne) {
  EXPECT_EQ(found_in({"GET /pets/{proxy+}", "GET /{kind}/{id}"}, "GET", "/pets/1"),
            "GET /{kind}/{id} kind=pets id=1");
  EXPECT_EQ(found_in({"GET /pets/{proxy+}", "ANY /pets/{id}"}, "GET", "/pets/1"),
            "ANY /pets/{id} id=1");
  EXPECT_EQ(found_in({"GET /{proxy+}", "ANY /a/{proxy+}"}, "GET", "/a/b/c"),
            "ANY /a/{proxy+} proxy=b/c");
  EXPECT_EQ(found_in({"GET /{proxy+}", "POST /a/{proxy+}"}, "GET", "/a/b"),
            "GET /{proxy+} proxy=a/b");
  EXPECT_EQ(found_in({"GET /a/{x}", "ANY /a/b"}, "GET", "/a/b"), "ANY /a/b");
  EXPECT_EQ(found_in({"GET /a/{x}", "POST /a/b"}, "GET", "/a/b"), "GET /a/{x} x=b");
}

TEST(RouteTable, TakesEmptySegmentsAsTheyAre) {
  const std::vector<std::string> keys = {"GET /a/", "GET /a/{x}", "GET /{proxy+}"};
  EXPECT_EQ(found_in(keys, "GET", "/a/"), "GET /a/");
  EXPECT_EQ(found_in(keys, "GET", "//"), "GET /{proxy+} proxy=/");
  EXPECT_EQ(found_in(keys, "GET", "//a"), "GET /{proxy+} proxy=/a");
  EXPECT_EQ(found_in(keys, "GET", "/a//"), "GET /{proxy+} proxy=a//");
  EXPECT_EQ(found_in(keys, "GET", "/"), "none");
  EXPECT_EQ(found_in({"GET /a/{proxy+}"}, "GET", "/a/"), "none");
}

/// How a route key fares, segment by segment: 0 spelled out, 1 a parameter, 2 greedy. Nothing when
/// it does not fit.
std::optional<std::vector<int>> fit(const RouteKey& key, std::string_view path) {
  const auto segments = path == "/" ? std::vector<std::string_view>() : split(path.substr(1), '/');
  std::vector<int> ranks;
  for (std::size_t i = 0; i < key.segments.size(); ++i) {
    const std::string& expected = key.segments[i];
    if (i >= segments.size()) return std::nullopt;
    if (expected.ends_with("+}")) {
      const auto begin = static_cast<std::size_t>(segments[i].data() - path.data());
      if (begin == path.size()) return std::nullopt;
      ranks.push_back(2);
      return ranks;
    }
    const bool is_parameter = expected.starts_with("{");
    if (is_parameter ? segments[i].empty() : segments[i] != expected) return std::nullopt;
    ranks.push_back(is_parameter ? 1 : 0);
  }
  return segments.size() == key.segments.size() ? std::optional(ranks) : std::nullopt;
}

/// Looks at every route and takes the best.
std::optional<std::size_t> naive_find(const std::vector<std::string>& keys,
                                      const std::string& method, const std::string& path) {
  using Rank = std::tuple<bool, std::vector<int>, bool>;
  std::optional<std::pair<Rank, std::size_t>> best;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const RouteKey key = *RouteKey::parse(keys[i]);
    if (key.method != method && key.method != "ANY") continue;
    const auto ranks = fit(key, path);
    if (!ranks) continue;
    const bool is_greedy = !ranks->empty() && ranks->back() == 2;
    std::pair<Rank, std::size_t> candidate{{is_greedy, *ranks, key.method == "ANY"}, i};
    if (!best || candidate < *best) best = std::move(candidate);
  }
  return best ? std::optional(best->second) : std::nullopt;
}

RC_GTEST_PROP(RouteTable, FindsWhatLookingAtEveryRouteFinds, ()) {
  const auto methods = rc::gen::element<std::string>("GET", "POST", "ANY");
  // Few words, so that many routes fit; parameters named by their place, so that keys agree.
  const auto segment = rc::gen::element<std::string>("a", "b", "{}", "{+}", "");
  std::set<std::string> unique;
  for (std::size_t i = *rc::gen::inRange(0, 12); i > 0; --i) {
    std::string key = *methods + " ";
    const auto depth = *rc::gen::inRange(0, 4);
    if (depth == 0) key += "/";
    for (int at = 0; at < depth; ++at) {
      std::string one = *segment;
      if (one == "{}") one = "{p" + std::to_string(at) + "}";
      if (one == "{+}") one = at + 1 == depth ? "{g+}" : "c";
      key += "/" + one;
    }
    unique.insert(key);
  }
  const std::vector<std::string> keys(unique.begin(), unique.end());
  RouteTable routes;
  for (std::size_t i = 0; i < keys.size(); ++i) routes.add(*RouteKey::parse(keys[i]), i);
  for (const std::string method : {"GET", "POST", "PUT"}) {
    std::string path;
    for (int at = *rc::gen::inRange(0, 5); at > 0; --at) {
      path += "/" + *rc::gen::element<std::string>("a", "b", "c", "");
    }
    if (path.empty()) path = "/";
    const auto match = routes.find(method, path);
    const auto expected = naive_find(keys, method, path);
    RC_ASSERT(match.has_value() == expected.has_value());
    if (match) RC_ASSERT(keys[match->value] == keys[*expected]);
  }
}

TEST(RouteTable, FindsOneOfThousands) {
  RouteTable routes;
  for (std::size_t i = 0; i < 5'000; ++i) {
    const std::string number = std::to_string(i);
    routes.add(*RouteKey::parse("GET /service" + number + "/items/{id}"), i);
  }
  for (const std::size_t i : {0u, 17u, 4'999u}) {
    const auto match = routes.find("GET", "/service" + std::to_string(i) + "/items/7");
    ASSERT_TRUE(match);
    EXPECT_EQ(match->value, i);
    EXPECT_EQ(match->parameters, (std::vector<std::pair<std::string, std::string>>{{"id", "7"}}));
  }
  EXPECT_FALSE(routes.find("GET", "/service5000/items/7"));
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
