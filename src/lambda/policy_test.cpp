#include "lambda/policy.hpp"

#include <gtest/gtest.h>

namespace stator::lambda {
namespace {

constexpr const char* kRoute = "arn:aws:execute-api:us-east-1:000000000000:abc/$default/GET/items";

PolicyStatement make_statement(std::string source_arn = "", std::string source_account = "") {
  return {"s",
          "lambda:InvokeFunction",
          "apigateway.amazonaws.com",
          "arn:aws:lambda:us-east-1:000000000000:function:f",
          std::move(source_arn),
          std::move(source_account)};
}

TEST(Policy, ComparesArnsPartByPart) {
  const struct {
    const char* pattern;
    const char* arn;
    bool is_like;
  } cases[] = {
      {"arn:aws:execute-api:us-east-1:000000000000:abc/*/*/items", kRoute, true},
      {"arn:aws:execute-api:us-east-1:000000000000:abc/*", kRoute, true},
      {"arn:aws:execute-api:us-east-1:000000000000:abc/*/GET/items", kRoute, true},
      {"arn:aws:execute-api:us-east-1:000000000000:abc/*/POST/items", kRoute, false},
      {"arn:aws:execute-api:us-east-1:000000000000:abd/*", kRoute, false},
      {"arn:aws:execute-api:*:000000000000:ab?/*", kRoute, true},
      {"arn:aws:execute-api:us-east-1:*", kRoute, false},
      {"arn:*", kRoute, false},
      {"*", kRoute, false},
      {"arn:aws:*:*:*:*", kRoute, true},
      {"arn:aws:execute-api:*:abc/*:abc/*", kRoute, false},
      {"arn:aws:sns:us-east-1:000000000000:t:*", "arn:aws:sns:us-east-1:000000000000:t:a:b", true},
      {"", kRoute, false},
      {"arn:aws:execute-api:us-east-1:000000000000:abc/*", "", false},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(arn_like(one.pattern, one.arn), one.is_like) << one.pattern << " " << one.arn;
  }
}

TEST(Policy, DecidesWhoMayInvoke) {
  const ServiceCaller gateway{"apigateway.amazonaws.com", kRoute};
  const struct {
    const char* what;
    PolicyStatement statement;
    bool is_allowed;
  } cases[] = {
      {"no condition", make_statement(), true},
      {"the API", make_statement("arn:aws:execute-api:us-east-1:000000000000:abc/*"), true},
      {"another API", make_statement("arn:aws:execute-api:us-east-1:000000000000:zzz/*"), false},
      {"the account", make_statement("", "000000000000"), true},
      {"another account", make_statement("", "111111111111"), false},
      {"both", make_statement("arn:aws:execute-api:*:*:abc/*", "000000000000"), true},
      {"one of both", make_statement("arn:aws:execute-api:*:*:abc/*", "111111111111"), false},
      {"all actions", {"s", "lambda:*", "apigateway.amazonaws.com", "r"}, true},
      {"every action", {"s", "*", "apigateway.amazonaws.com", "r"}, true},
      {"another case", {"s", "lambda:invokefunction", "apigateway.amazonaws.com", "r"}, true},
      {"another action", {"s", "lambda:GetFunction", "apigateway.amazonaws.com", "r"}, false},
      {"another service", {"s", "lambda:InvokeFunction", "events.amazonaws.com", "r"}, false},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(policy_allows({one.statement}, "lambda:InvokeFunction", gateway), one.is_allowed)
        << one.what;
  }
  EXPECT_FALSE(policy_allows({}, "lambda:InvokeFunction", gateway));
  EXPECT_TRUE(policy_allows({cases[1 + 1].statement, cases[0].statement}, "lambda:InvokeFunction",
                            gateway));
}

TEST(Policy, WritesTheDocumentThatAwsWrites) {
  EXPECT_EQ(
      render_policy({make_statement("arn:aws:execute-api:us-east-1:0:abc/*")}),
      R"({"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s","Effect":"Allow",)"
      R"("Principal":{"Service":"apigateway.amazonaws.com"},)"
      R"("Action":"lambda:InvokeFunction",)"
      R"("Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
      R"("Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:0:abc/*"}}}]})");
}

}  // namespace
}  // namespace stator::lambda
