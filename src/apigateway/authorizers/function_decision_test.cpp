#include "apigateway/authorizers/function_decision.hpp"

#include <gtest/gtest.h>

#include "apigateway/test_exchange.hpp"

namespace stator::apigateway {
namespace {

constexpr AnswerForm kSimple{.is_simple = true, .is_v2 = true};
constexpr AnswerForm kPolicy{.is_simple = false, .is_v2 = true};
constexpr AnswerForm kPolicyV1{.is_simple = false, .is_v2 = false};

std::string policy_answer(std::string_view statement, std::string_view more = "") {
  return R"({"principalId":"ann","policyDocument":{"Version":"2012-10-17","Statement":[)" +
         std::string(statement) + "]}" + std::string(more) + "}";
}
std::string allow(std::string_view resource, std::string_view action = "execute-api:Invoke") {
  return R"({"Effect":"Allow","Action":")" + std::string(action) + R"(","Resource":")" +
         std::string(resource) + R"("})";
}

TEST(FunctionDecision, SimpleAnswers) {
  const auto yes =
      read_function_decision(R"({"isAuthorized":true,"context":{"k":[1,{"a":"b"}]}})", kSimple);
  ASSERT_TRUE(yes);
  EXPECT_TRUE(yes->is_authorized);
  EXPECT_EQ(json::dump(yes->context), R"({"k":[1,{"a":"b"}]})");
  EXPECT_FALSE(read_function_decision(R"({"isAuthorized":false})", kSimple)->is_authorized);
  for (const char* bad : {"", "true", "null", "[]", "{}", R"({"isAuthorized":"true"})",
                          R"({"isAuthorized":1})", R"({"isAuthorized":true,"context":"x"})"}) {
    EXPECT_FALSE(read_function_decision(bad, kSimple)) << bad;
  }
  EXPECT_FALSE(read_function_decision(policy_answer(allow("*")), kSimple))
      << "a policy is no simple answer";
  EXPECT_FALSE(read_function_decision(R"({"isAuthorized":true})", kPolicy));
}

TEST(FunctionDecision, PolicyAnswers) {
  const auto read =
      read_function_decision(policy_answer(allow("*"), R"(,"context":{"n":1})"), kPolicyV1);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->principal_id, "ann");
  EXPECT_EQ(json::dump(read->context), R"({"n":1})");
  EXPECT_TRUE(read_function_decision(
      policy_answer(allow("*"), R"(,"context":{"a":"b","c":true,"d":1.5})"), kPolicyV1));
  const std::string nested = policy_answer(allow("*"), R"(,"context":{"a":["b"]})");
  EXPECT_FALSE(read_function_decision(nested, kPolicyV1));
  EXPECT_TRUE(read_function_decision(nested, kPolicy));
  for (const std::string& bad : {
           std::string(R"({"policyDocument":{}})"),
           std::string(R"({"principalId":"ann"})"),
           std::string(R"({"principalId":"ann","policyDocument":"x"})"),
           policy_answer(R"({"Effect":"Maybe","Action":"*","Resource":"*"})"),
           policy_answer(R"({"Effect":"Allow","Action":"*"})"),
           policy_answer(allow("*"), R"(,"context":[])"),
           policy_answer(allow("*"), R"(,"context":{"k":")" + std::string(70'000, 'x') + R"("})"),
       }) {
    EXPECT_FALSE(read_function_decision(bad, kPolicy)) << bad.substr(0, 200);
  }
}

TEST(FunctionDecision, APolicyIsAskedAboutTheRequest) {
  const auto exchange = make_test_exchange();
  const std::string arn = requested_arn(*exchange);
  EXPECT_EQ(arn, "arn:aws:execute-api:us-east-1:123456789012:abc/dev/POST/items/a b");
  const std::string api = "arn:aws:execute-api:us-east-1:123456789012:abc";
  const std::pair<std::string, bool> cases[] = {
      {allow(arn), true},
      {allow("*"), true},
      {allow(api + "/*"), true},
      {allow(api + "/dev/POST/items/*"), true},
      {allow(api + "/*/POST/items/*"), true},
      {allow("arn:aws:execute-api:*:*:*/dev/*/items/?*"), true},
      {allow(arn, "execute-api:*"), true},
      {allow(api + "/dev/GET/items/*"), false},
      {allow(api + "/prod/*"), false},
      {allow(api + "x/*"), false},
      {allow(arn, "lambda:InvokeFunction"), false},
      {allow("*") + R"(,{"Effect":"Deny","Action":"*","Resource":")" + arn + R"("})", false},
      {allow("*") + R"(,{"Effect":"Deny","Action":"*","Resource":")" + api + R"(/prod/*"})", true},
      {R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":)"
       R"({"aws:SourceIp":"10.0.0.0/8"}}})",
       true},
      {R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":)"
       R"({"aws:SourceIp":"192.168.0.0/16"}}})",
       false},
  };
  for (const auto& [statement, is_allowed] : cases) {
    const auto decision = read_function_decision(policy_answer(statement), kPolicy);
    ASSERT_TRUE(decision) << statement;
    EXPECT_EQ(allows(*decision, *exchange), is_allowed) << statement;
  }
}

TEST(FunctionDecision, APathIsNoPattern) {
  // A function that allows the ARN it was given must not allow more by that than this request.
  const auto exchange = make_test_exchange();
  exchange->address.path = "/items/*/${aws:username}?";
  const std::string arn = requested_arn(*exchange);
  EXPECT_EQ(arn.substr(arn.find("/items")), "/items/%2A/%24{aws:username}%3F");
  const auto decision = read_function_decision(policy_answer(allow(arn)), kPolicy);
  ASSERT_TRUE(decision);
  EXPECT_TRUE(allows(*decision, *exchange));
  exchange->address.path = "/items/secret/${aws:username}?";
  EXPECT_FALSE(allows(*decision, *exchange));
}

}  // namespace
}  // namespace stator::apigateway
