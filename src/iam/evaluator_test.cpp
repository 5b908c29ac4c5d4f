#include "iam/evaluator.hpp"

#include <gtest/gtest.h>

namespace stator::iam {
namespace {

using enum Decision;

NamedPolicy named(std::string_view statements, PolicyKind kind = PolicyKind::kInline) {
  const std::string document =
      R"({"Version":"2012-10-17","Statement":[)" + std::string(statements) + "]}";
  auto policy = Policy::parse(document, kind);
  EXPECT_TRUE(policy) << document << (policy ? "" : policy.error().message);
  return {"p", std::move(policy).value()};
}

Decision decide(std::string_view statements, std::string_view action, std::string_view resource) {
  const std::vector<NamedPolicy> policies{named(statements)};
  return evaluate(policies, Access(action, resource), GivenContext()).decision;
}

std::string allow(std::string_view action, std::string_view resource) {
  return R"({"Effect":"Allow","Action":")" + std::string(action) + R"(","Resource":")" +
         std::string(resource) + "\"}";
}

constexpr std::string_view kTable = "arn:aws:dynamodb:us-east-1:111122223333:table/items";

TEST(Evaluator, MatchesActions) {
  struct Case {
    std::string_view pattern, action;
    bool matches;
  };
  for (const auto& [pattern, action, matches] :
       std::initializer_list<Case>{{"*", "dynamodb:GetItem", true},
                                   {"dynamodb:*", "dynamodb:GetItem", true},
                                   {"dynamodb:*", "dynamodbx:GetItem", false},
                                   {"dynamodb:*", "dynamo:GetItem", false},
                                   {"dynamodb:GetItem", "dynamodb:GetItem", true},
                                   {"DynamoDB:getitem", "dynamodb:GetItem", true},
                                   {"dynamodb:GETITEM", "dynamodb:GetItem", true},
                                   {"dynamodb:GetItem", "dynamodb:GetItems", false},
                                   {"dynamodb:GetItems", "dynamodb:GetItem", false},
                                   {"dynamodb:Get*", "dynamodb:GetItem", true},
                                   {"dynamodb:Get*", "dynamodb:Get", true},
                                   {"dynamodb:get*", "dynamodb:GetItem", true},
                                   {"dynamodb:Get*", "dynamodb:BatchGetItem", false},
                                   {"dynamodb:*Item", "dynamodb:GetItem", true},
                                   {"dynamodb:*Item", "dynamodb:BatchGetItem", true},
                                   {"dynamodb:*Item", "dynamodb:Query", false},
                                   {"dynamodb:*Get*", "dynamodb:BatchGetItem", true},
                                   {"dynamodb:B*G*I*m", "dynamodb:BatchGetItem", true},
                                   {"dynamodb:B*G*I*x", "dynamodb:BatchGetItem", false},
                                   {"dynamodb:?etItem", "dynamodb:GetItem", true},
                                   {"dynamodb:?etItem", "dynamodb:etItem", false},
                                   {"dynamodb:GetItem?", "dynamodb:GetItem", false},
                                   {"dynamodb:???Item", "dynamodb:PutItem", true},
                                   {"dynamodb:????Item", "dynamodb:PutItem", false},
                                   {"dynamodb:?*", "dynamodb:Scan", true},
                                   {"dynamodb:**", "dynamodb:Scan", true},
                                   {"dynamodb:S*", "dynamodb:Scan", true},
                                   {"lambda:InvokeFunction", "dynamodb:GetItem", false},
                                   {"s3:GetObject", "s3:GetObjectVersion", false},
                                   {"s3:GetObject*", "s3:GetObjectVersion", true},
                                   {"execute-api:Invoke", "execute-api:Invoke", true},
                                   {"apigateway:GET", "apigateway:GET", true},
                                   {"apigateway:GET", "apigateway:POST", false}}) {
    EXPECT_EQ(decide(allow(pattern, "*"), action, kTable) == kAllow, matches)
        << pattern << " " << action;
  }
}

TEST(Evaluator, MatchesResourcesSegmentBySegment) {
  struct Case {
    std::string_view pattern, resource;
    bool matches;
  };
  const std::string_view index =
      "arn:aws:dynamodb:us-east-1:111122223333:table/items/index/by-owner";
  const std::string_view object = "arn:aws:s3:::bucket/a/b:c";
  const std::string_view role = "arn:aws:iam::111122223333:role/app/items";
  for (const auto& [pattern, resource, matches] : std::initializer_list<Case>{
           {"*", kTable, true},
           {"*", "*", true},
           {"*", "policy path /", true},
           {kTable, kTable, true},
           {kTable, "*", false},
           {kTable, index, false},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/*", kTable, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/*", index, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/items*", index, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/items/index/*", index, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/items/index/*", kTable, false},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/*/index/by-*", index, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:*", kTable, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:*/items", kTable, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/item", kTable, false},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/item?", kTable, true},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/items?", kTable, false},
           {"arn:aws:dynamodb:us-east-1:111122223333:table/Items", kTable, false},
           {"arn:aws:dynamodb:us-east-1:111122223333:Table/items", kTable, false},
           {"arn:aws:dynamodb:*:111122223333:table/items", kTable, true},
           {"arn:aws:dynamodb:us-*:111122223333:table/items", kTable, true},
           {"arn:aws:dynamodb:eu-*:111122223333:table/items", kTable, false},
           {"arn:aws:dynamodb:us-east-?:111122223333:table/items", kTable, true},
           {"arn:aws:dynamodb:us-east-1:*:table/items", kTable, true},
           {"arn:aws:dynamodb:us-east-1:1111*:table/items", kTable, true},
           {"arn:aws:dynamodb:us-east-1:222233334444:table/items", kTable, false},
           {"arn:aws:dynamodb:*:*:*", kTable, true},
           {"arn:aws:dynamodb:*:*:table/items", index, false},
           {"arn:aws:dynamodb:*", kTable, true},
           {"arn:aws:dynamodb", kTable, true},
           {"arn:aws:dynamodb:us-east-1", kTable, true},
           {"arn:aws:dynamodb:us-west-2", kTable, false},
           {"arn:aws:s3:*", kTable, false},
           {"arn:*:dynamodb:*:*:*", kTable, true},
           {"arn:aws-cn:dynamodb:*:*:*", kTable, false},
           {"arn:aws:*", kTable, true},
           // A star in one segment does not reach into the next.
           {"arn:aws:dynamodb:us-east-1*table/items", kTable, false},
           {"arn:aws:dynamodb:*:table/items", kTable, false},
           {"arn:aws:s3:::bucket/*", object, true},
           {"arn:aws:s3:::bucket/a/*", object, true},
           {"arn:aws:s3:::bucket/a/b:*", object, true},
           {"arn:aws:s3:::bucket/*:c", object, true},
           {"arn:aws:s3:::bucket", object, false},
           {"arn:aws:s3:::bucket*", object, true},
           {"arn:aws:s3:::*/b:c", object, true},
           {"arn:aws:s3:us-east-1::bucket/*", object, false},
           {"arn:aws:s3:*:*:bucket/*", object, true},
           {"arn:aws:s3:::bucket/A/*", object, false},
           {"arn:aws:iam::111122223333:role/*", role, true},
           {"arn:aws:iam::111122223333:role/items", role, false},
           {"arn:aws:iam::111122223333:role/app/*", role, true},
           {"arn:aws:iam::*:role/app/items", role, true},
           {"arn:aws:iam:*:111122223333:role/app/items", role, true},
           {"arn:aws:iam::111122223333:user/*", role, false},
           {"arn:aws:s3:::*", "*", false},
           {"arn:aws:iam::111122223333:*", "policy path /", false}}) {
    EXPECT_EQ(decide(allow("*", pattern), "x:Y", resource) == kAllow, matches)
        << pattern << " " << resource;
  }
}

struct StatementCase {
  std::string_view statements, action, resource;
  Decision decision;
};

void expect_decisions(std::initializer_list<StatementCase> cases) {
  for (const auto& c : cases) {
    EXPECT_EQ(static_cast<int>(decide(c.statements, c.action, c.resource)),
              static_cast<int>(c.decision))
        << c.statements << "\n"
        << c.action << " " << c.resource;
  }
}

TEST(Evaluator, CombinesElementsOfAStatement) {
  constexpr std::string_view kOther = "arn:aws:dynamodb:us-east-1:111122223333:table/other";
  constexpr std::string_view kLists =
      R"({"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":[)"
      R"("arn:aws:dynamodb:*:*:table/items","arn:aws:dynamodb:*:*:table/items/index/*"]})";
  constexpr std::string_view kNotAction =
      R"({"Effect":"Allow","NotAction":["dynamodb:Delete*","iam:*"],"Resource":"*"})";
  constexpr std::string_view kNotResource =
      R"({"Effect":"Allow","Action":"dynamodb:*","NotResource":"arn:aws:dynamodb:*:*:table/items"})";
  constexpr std::string_view kNeither =
      R"({"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:dynamodb:*:*:table/items"})";
  expect_decisions({{kLists, "dynamodb:GetItem", kTable, kAllow},
                    {kLists, "dynamodb:Query", kTable, kAllow},
                    {kLists, "dynamodb:PutItem", kTable, kImplicitDeny},
                    {kLists, "dynamodb:GetItem", kOther, kImplicitDeny},
                    {kLists, "dynamodb:Query", std::string_view("*"), kImplicitDeny},
                    {kNotAction, "dynamodb:GetItem", kTable, kAllow},
                    {kNotAction, "lambda:InvokeFunction", "*", kAllow},
                    {kNotAction, "dynamodb:DeleteItem", kTable, kImplicitDeny},
                    {kNotAction, "IAM:createrole", "*", kImplicitDeny},
                    {kNotResource, "dynamodb:GetItem", kTable, kImplicitDeny},
                    {kNotResource, "dynamodb:GetItem", kOther, kAllow},
                    {kNotResource, "dynamodb:ListTables", "*", kAllow},
                    {kNotResource, "s3:GetObject", "arn:aws:s3:::b/k", kImplicitDeny},
                    {kNeither, "dynamodb:GetItem", kTable, kImplicitDeny},
                    {kNeither, "dynamodb:GetItem", kOther, kAllow},
                    {kNeither, "iam:GetRole", kOther, kImplicitDeny},
                    {kNeither, "s3:GetObject", "arn:aws:s3:::b/k", kAllow}});
}

TEST(Evaluator, LetsADenyWinWhereverItStands) {
  constexpr std::string_view kAllowDeny =
      R"({"Effect":"Allow","Action":"*","Resource":"*"},)"
      R"({"Effect":"Deny","Action":"dynamodb:Delete*","Resource":"*"})";
  constexpr std::string_view kDenyAllow =
      R"({"Effect":"Deny","Action":"dynamodb:Delete*","Resource":"*"},)"
      R"({"Effect":"Allow","Action":"*","Resource":"*"})";
  constexpr std::string_view kDenyOthers =
      R"({"Effect":"Allow","Action":"*","Resource":"*"},)"
      R"({"Effect":"Deny","NotAction":"dynamodb:*","Resource":"*"})";
  constexpr std::string_view kDenyElsewhere =
      R"({"Effect":"Allow","Action":"dynamodb:*","Resource":"*"},)"
      R"({"Effect":"Deny","Action":"*","NotResource":"arn:aws:dynamodb:*:*:table/items"})";
  constexpr std::string_view kDenyAlone = R"({"Effect":"Deny","Action":"s3:*","Resource":"*"})";
  expect_decisions({{kAllowDeny, "dynamodb:GetItem", kTable, kAllow},
                    {kAllowDeny, "dynamodb:DeleteItem", kTable, kExplicitDeny},
                    {kAllowDeny, "DYNAMODB:DELETETABLE", kTable, kExplicitDeny},
                    {kDenyAllow, "dynamodb:GetItem", kTable, kAllow},
                    {kDenyAllow, "dynamodb:DeleteItem", kTable, kExplicitDeny},
                    {kDenyOthers, "dynamodb:GetItem", kTable, kAllow},
                    {kDenyOthers, "s3:GetObject", "arn:aws:s3:::b/k", kExplicitDeny},
                    {kDenyElsewhere, "dynamodb:GetItem", kTable, kAllow},
                    {kDenyElsewhere, "dynamodb:ListTables", "*", kExplicitDeny},
                    {kDenyAlone, "s3:GetObject", "arn:aws:s3:::b/k", kExplicitDeny},
                    {kDenyAlone, "dynamodb:GetItem", kTable, kImplicitDeny}});
  EXPECT_EQ(evaluate({}, Access("s3:GetObject", "*"), GivenContext()).decision, kImplicitDeny);

  const std::vector<NamedPolicy> two{named(R"({"Effect":"Allow","Action":"*","Resource":"*"})"),
                                     named(kDenyAlone)};
  EXPECT_EQ(evaluate(two, Access("s3:GetObject", "*"), GivenContext()).decision, kExplicitDeny);
  EXPECT_EQ(evaluate(two, Access("s3:GetObject", "*"), GivenContext()).policy, &two[1]);
  EXPECT_EQ(evaluate(two, Access("sts:X", "*"), GivenContext()).statement,
            two[0].policy.statements().data());
}

TEST(Evaluator, AppliesAStatementWhenItsConditionHolds) {
  constexpr std::string_view kAllowIf = R"({"Effect":"Allow","Action":"dynamodb:*","Resource":"*",)"
                                        R"("Condition":{"Bool":{"aws:SecureTransport":"true"}}})";
  constexpr std::string_view kAllowIfEmpty =
      R"({"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{}})";
  constexpr std::string_view kDenyUnless =
      R"({"Effect":"Allow","Action":"*","Resource":"*"},)"
      R"({"Effect":"Deny","Action":"dynamodb:*","Resource":"*",)"
      R"("Condition":{"BoolIfExists":{"aws:SecureTransport":"false"}}})";
  // Without the key: an Allow with a condition does not allow, IfExists denies.
  expect_decisions({{kAllowIf, "dynamodb:GetItem", kTable, kImplicitDeny},
                    {kAllowIfEmpty, "dynamodb:GetItem", kTable, kAllow},
                    {kDenyUnless, "dynamodb:GetItem", kTable, kExplicitDeny},
                    {kDenyUnless, "s3:GetObject", "arn:aws:s3:::b/k", kAllow}});
  GivenContext context;
  context.set("AWS:SecureTransport", {"true"});
  const Access access("dynamodb:GetItem", kTable);
  const std::vector<NamedPolicy> allow_if{named(kAllowIf)}, deny_unless{named(kDenyUnless)};
  EXPECT_EQ(evaluate(allow_if, access, context).decision, kAllow);
  EXPECT_EQ(evaluate(deny_unless, access, context).decision, kAllow);
}

TEST(Evaluator, TakesAVariableLiterallyInTheOldLanguage) {
  auto policy = Policy::parse(
      R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:x}"}})",
      PolicyKind::kInline);
  ASSERT_TRUE(policy);
  const std::vector<NamedPolicy> policies{{"p", *std::move(policy)}};
  EXPECT_EQ(evaluate(policies, Access("s3:A", "arn:aws:s3:::${aws:x}"), GivenContext()).decision,
            kAllow);
  EXPECT_EQ(evaluate(policies, Access("s3:A", "arn:aws:s3:::b"), GivenContext()).decision,
            kImplicitDeny);
}

TEST(Evaluator, MatchesPrincipals) {
  constexpr Caller kUser{.account = "111122223333",
                         .arn = "arn:aws:iam::111122223333:user/ann",
                         .role_arn = {},
                         .service = {}};
  constexpr Caller kSession{.account = "111122223333",
                            .arn = "arn:aws:sts::111122223333:assumed-role/app/s1",
                            .role_arn = "arn:aws:iam::111122223333:role/team/app",
                            .service = {}};
  constexpr Caller kService{
      .account = {}, .arn = {}, .role_arn = {}, .service = "lambda.amazonaws.com"};
  using enum Grant;
  struct Case {
    std::string_view principal;
    const Caller& caller;
    Grant grant;
  };
  for (const auto& [principal, caller, grant] : std::initializer_list<Case>{
           {R"("*")", kUser, kToCaller},
           {R"("*")", kService, kToCaller},
           {R"({"AWS":"*"})", kUser, kToCaller},
           {R"({"AWS":"*"})", kSession, kToCaller},
           {R"({"AWS":"111122223333"})", kUser, kToAccount},
           {R"({"AWS":"111122223333"})", kSession, kToAccount},
           {R"({"AWS":"111122223333"})", kService, kNone},
           {R"({"AWS":"222233334444"})", kUser, kNone},
           {R"({"AWS":"arn:aws:iam::111122223333:root"})", kUser, kToAccount},
           {R"({"AWS":"arn:aws:iam::222233334444:root"})", kUser, kNone},
           {R"({"AWS":"arn:aws:iam::111122223333:user/ann"})", kUser, kToCaller},
           {R"({"AWS":"arn:aws:iam::111122223333:user/Ann"})", kUser, kNone},
           {R"({"AWS":"arn:aws:iam::111122223333:user/ann"})", kSession, kNone},
           {R"({"AWS":"arn:aws:iam::111122223333:role/team/app"})", kSession, kToRole},
           {R"({"AWS":"arn:aws:iam::111122223333:role/app"})", kSession, kNone},
           {R"({"AWS":"arn:aws:sts::111122223333:assumed-role/app/s1"})", kSession, kToCaller},
           {R"({"AWS":"arn:aws:sts::111122223333:assumed-role/app/s2"})", kSession, kNone},
           {R"({"AWS":["222233334444","111122223333"]})", kUser, kToAccount},
           {R"({"AWS":["111122223333","arn:aws:iam::111122223333:user/ann"]})", kUser, kToCaller},
           {R"({"Service":"lambda.amazonaws.com"})", kService, kToCaller},
           {R"({"Service":["x.amazonaws.com","lambda.amazonaws.com"]})", kService, kToCaller},
           {R"({"Service":"apigateway.amazonaws.com"})", kService, kNone},
           {R"({"Service":"lambda.amazonaws.com"})", kUser, kNone},
           {R"({"Federated":"accounts.google.com"})", kUser, kNone},
           {R"({"CanonicalUser":"111122223333"})", kUser, kNone}}) {
    const auto policy = named(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":)" +
                                  std::string(principal) + "}",
                              PolicyKind::kTrust);
    const Access access("sts:AssumeRole", "arn:aws:iam::111122223333:role/r");
    EXPECT_EQ(static_cast<int>(
                  evaluate_resource_policy(policy.policy, caller, access, GivenContext()).grant),
              static_cast<int>(grant))
        << principal << " " << caller.arn << caller.service;
    EXPECT_EQ(evaluate_resource_policy(policy.policy, caller, Access("sts:TagSession", "*"),
                                       GivenContext())
                  .grant,
              kNone);
  }
}

TEST(Evaluator, LetsADenyWinInATrustPolicy) {
  constexpr Caller kAnn{.account = "111122223333",
                        .arn = "arn:aws:iam::111122223333:user/ann",
                        .role_arn = {},
                        .service = {}};
  constexpr Caller kBob{.account = "111122223333",
                        .arn = "arn:aws:iam::111122223333:user/bob",
                        .role_arn = {},
                        .service = {}};
  const auto policy = named(R"({"Effect":"Allow","Action":"sts:*","Principal":"*"},)"
                            R"({"Effect":"Deny","Action":"sts:AssumeRole",)"
                            R"("NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/ann",)"
                            R"("111122223333"]}})",
                            PolicyKind::kTrust);
  const Access access("sts:AssumeRole", "arn:aws:iam::111122223333:role/r");
  EXPECT_EQ(evaluate_resource_policy(policy.policy, kAnn, access, GivenContext()).grant,
            Grant::kToCaller);
  EXPECT_EQ(evaluate_resource_policy(policy.policy, kBob, access, GivenContext()).grant,
            Grant::kDenied);
}

}  // namespace
}  // namespace stator::iam
