#include "lambda/policy.hpp"

#include <gtest/gtest.h>

#include "iam/identity.hpp"
#include "lambda/needs.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda {
namespace {

constexpr const char* kFunction = "arn:aws:lambda:us-east-1:000000000000:function:f";
constexpr const char* kRoute = "arn:aws:execute-api:us-east-1:000000000000:abc/$default/GET/items";

PolicyStatement make_statement(std::string source_arn = "", std::string source_account = "") {
  return {"s",       "lambda:InvokeFunction", "apigateway.amazonaws.com",
          kFunction, std::move(source_arn),   std::move(source_account)};
}

/// Whether a caller may invoke a function that has the statements.
class Judge {
 public:
  bool allows(const std::vector<PolicyStatement>& statements, const aws::Principal& principal) {
    FunctionRecord record;
    const auto compiled = compile_policy(statements);
    EXPECT_TRUE(compiled) << compiled.error().message << render_policy(statements);
    if (!compiled) return false;
    record.compiled_policy = *compiled;
    aws::Call call;
    call.principal = principal;
    call.account = "000000000000";
    call.region = "us-east-1";
    call.source_arn = kRoute;
    call.source_account = "000000000000";
    const FunctionReference reference{{"000000000000", "us-east-1", "f"}, ""};
    const std::array needs{invoke_need(reference, &record, record.compiled_policy)};
    return identity_.authorizer().authorize(call, needs).has_value();
  }
  bool lets_gateway_in(const std::vector<PolicyStatement>& statements) {
    return allows(statements, {.kind = aws::Principal::Kind::kService,
                               .account = "000000000000",
                               .arn = "apigateway.amazonaws.com"});
  }

 private:
  FakeClock clock_;
  SystemRandom random_;
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  iam::Identity identity_{{*store_, clock_, random_}};
};

TEST(Policy, DecidesWhichServiceMayInvokeAndWhatFor) {
  const struct {
    const char* what;
    PolicyStatement statement;
    bool is_allowed;
  } cases[] = {
      {"no condition", make_statement(), true},
      {"the API", make_statement("arn:aws:execute-api:us-east-1:000000000000:abc/*"), true},
      {"a route", make_statement("arn:aws:execute-api:us-east-1:000000000000:abc/*/*/items"), true},
      {"its method", make_statement("arn:aws:execute-api:us-east-1:000000000000:abc/*/GET/items"),
       true},
      {"another method",
       make_statement("arn:aws:execute-api:us-east-1:000000000000:abc/*/POST/items"), false},
      {"another API", make_statement("arn:aws:execute-api:us-east-1:000000000000:zzz/*"), false},
      {"a star in each part", make_statement("arn:aws:execute-api:*:000000000000:ab?/*"), true},
      {"the account", make_statement("", "000000000000"), true},
      {"another account", make_statement("", "111111111111"), false},
      {"both", make_statement("arn:aws:execute-api:*:*:abc/*", "000000000000"), true},
      {"one of both", make_statement("arn:aws:execute-api:*:*:abc/*", "111111111111"), false},
      {"all actions", {"s", "lambda:*", "apigateway.amazonaws.com", kFunction}, true},
      {"every action", {"s", "*", "apigateway.amazonaws.com", kFunction}, true},
      {"another case", {"s", "lambda:invokefunction", "apigateway.amazonaws.com", kFunction}, true},
      {"another action", {"s", "lambda:GetFunction", "apigateway.amazonaws.com", kFunction}, false},
      {"another function",
       {"s", "lambda:InvokeFunction", "apigateway.amazonaws.com", std::string(kFunction) + "g"},
       false},
      {"another service", {"s", "lambda:InvokeFunction", "events.amazonaws.com", kFunction}, false},
  };
  Judge judge;
  for (const auto& one : cases) {
    EXPECT_EQ(judge.lets_gateway_in({one.statement}), one.is_allowed) << one.what;
  }
  EXPECT_FALSE(judge.lets_gateway_in({}));
  PolicyStatement second = cases[0].statement;
  second.sid = "t";
  EXPECT_TRUE(judge.lets_gateway_in({cases[5].statement, second}));
}

TEST(Policy, OpensAFunctionToPrincipals) {
  const aws::Principal user{.kind = aws::Principal::Kind::kUser,
                            .account = "000000000000",
                            .arn = "arn:aws:iam::000000000000:user/reader",
                            .user_id = "AIDAREADER"};
  const auto for_principal = [](std::string principal, std::string organization = "") {
    PolicyStatement statement{"s", "lambda:InvokeFunction", std::move(principal), kFunction};
    statement.organization_id = std::move(organization);
    return std::vector{statement};
  };
  Judge judge;
  EXPECT_FALSE(judge.allows({}, user));
  EXPECT_TRUE(judge.allows(for_principal(user.arn), user));
  EXPECT_TRUE(judge.allows(for_principal("*"), user));
  EXPECT_FALSE(judge.allows(for_principal("arn:aws:iam::000000000000:user/writer"), user));
  EXPECT_FALSE(judge.allows(for_principal("apigateway.amazonaws.com"), user));
  // The account is trusted to say so in the user's own policies, of which there are none.
  EXPECT_FALSE(judge.allows(for_principal("000000000000"), user));
  // This is no call through a function URL.
  auto via_url = for_principal("*");
  via_url[0].is_via_function_url = true;
  EXPECT_FALSE(judge.allows(via_url, user));
  // Nobody on this machine is in an organization.
  EXPECT_FALSE(judge.allows(for_principal("*", "o-abcdefghij"), user));
}

TEST(Policy, WritesTheDocumentThatAwsWrites) {
  EXPECT_EQ(
      render_policy({make_statement("arn:aws:execute-api:us-east-1:0:abc/*")}),
      R"({"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s","Effect":"Allow",)"
      R"("Principal":{"Service":"apigateway.amazonaws.com"},)"
      R"("Action":"lambda:InvokeFunction",)"
      R"("Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
      R"("Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:0:abc/*"}}}]})");
  PolicyStatement statement{"s", "lambda:InvokeFunctionUrl", "111122223333", kFunction};
  statement.function_url_auth_type = "AWS_IAM";
  EXPECT_EQ(json::dump(render_statement(statement)),
            R"({"Sid":"s","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},)"
            R"("Action":"lambda:InvokeFunctionUrl",)"
            R"("Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
            R"("Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}}})");
  PolicyStatement via_url{"s", "lambda:InvokeFunction", "*", kFunction};
  via_url.is_via_function_url = true;
  EXPECT_EQ(json::dump(render_statement(via_url)),
            R"({"Sid":"s","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction",)"
            R"("Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
            R"("Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}})");
}

}  // namespace
}  // namespace stator::lambda
