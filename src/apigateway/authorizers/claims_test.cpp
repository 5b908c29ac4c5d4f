#include "apigateway/authorizers/claims.hpp"

#include <gtest/gtest.h>

namespace stator::apigateway {
namespace {

TEST(Claims, AreTexts) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("text")", "text"},
      {"true", "true"},
      {"7", "7"},
      {"-7", "-7"},
      {"1767323645", "1767323645"},
      {"1.5", "1.5"},
      {"18446744073709551615", "18446744073709551615"},
      {"null", "<nil>"},
      {"[]", "[]"},
      {R"(["admin","users"])", "[admin users]"},
      {R"([1,["a","b"],true])", "[1 [a b] true]"},
      {R"({"roles":["b","a"],"name":"x"})", "map[name:x roles:[b a]]"},
      {"{}", "map[]"},
  };
  for (const auto& [claim, text] : cases) {
    EXPECT_EQ(claim_text(*json::parse(claim)), text) << claim;
  }
  EXPECT_EQ(json::dump(claims_as_texts({{"b", 1}, {"a", json::Array{"x"}}})),
            R"({"b":"1","a":"[x]"})");
}

TEST(Claims, HoldScopes) {
  using Scopes = std::vector<std::string>;
  EXPECT_EQ(scopes_of({{"scope", " a  b "}}), (Scopes{"a", "b"}));
  EXPECT_EQ(scopes_of({{"scp", json::Array{"a b", 7, "c"}}}), (Scopes{"a b", "c"}));
  EXPECT_EQ(scopes_of({{"scope", "a"}, {"scp", "b"}}), Scopes{"a"});
  EXPECT_EQ(scopes_of({{"scope", 7}}), Scopes{});
  EXPECT_EQ(scopes_of({}), Scopes{});
}

}  // namespace
}  // namespace stator::apigateway
