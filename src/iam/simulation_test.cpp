#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

class Simulations : public IamFixture {
 protected:
  static std::string policy(std::string_view statements) {
    return R"({"Version":"2012-10-17","Statement":[)" + std::string(statements) + "]}";
  }
  static constexpr std::string_view kAllow =
      R"({"Effect":"Allow","Action":"dynamodb:*","Resource":"*"})";
  static constexpr std::string_view kDeny =
      R"({"Effect":"Deny","Action":"dynamodb:Delete*","Resource":"*"})";
  static constexpr std::string_view kTls =
      R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*",)"
      R"("Condition":{"Bool":{"aws:SecureTransport":"true"}}})";

  json::Array results(std::string_view name, json::Object input) {
    return must(name, std::move(input)).at("EvaluationResults").as_array();
  }
  /// The decision about one action by one policy.
  std::string decision(std::string_view statements, std::string_view action,
                       json::Object more = {}) {
    json::Object input{{"PolicyInputList", json::Array{policy(statements)}},
                       {"ActionNames", json::Array{action}}};
    for (const auto& [name, value] : more) input[name] = value;
    const auto all = results("SimulateCustomPolicy", input);
    return all.empty() ? "" : std::string(json::view(all[0].at("EvalDecision").as_string()));
  }
};

TEST_F(Simulations, DecideAsRequestsAreDecided) {
  const std::string both = std::string(kAllow) + "," + std::string(kDeny);
  EXPECT_EQ(decision(both, "dynamodb:GetItem"), "allowed");
  EXPECT_EQ(decision(both, "dynamodb:DeleteItem"), "explicitDeny");
  EXPECT_EQ(decision(both, "s3:GetObject"), "implicitDeny");
  EXPECT_EQ(decision(R"({"Effect":"Allow","Action":"dynamodb:*","Resource":")" +
                         std::string(kItems) + R"("})",
                     "dynamodb:GetItem", {{"ResourceArns", json::Array{kItems}}}),
            "allowed");
}

TEST_F(Simulations, TakeConditionKeysAndNameThoseThatAreMissing) {
  const auto entry = [](std::string_view value) {
    return json::Object{
        {"ContextEntries", json::Array{json::Object{{"ContextKeyName", "AWS:SecureTransport"},
                                                    {"ContextKeyType", "boolean"},
                                                    {"ContextKeyValues", json::Array{value}}}}}};
  };
  EXPECT_EQ(decision(kTls, "s3:GetObject", entry("true")), "allowed");
  EXPECT_EQ(decision(kTls, "s3:GetObject", entry("false")), "implicitDeny");
  const json::Object input{{"PolicyInputList", json::Array{policy(kTls)}},
                           {"ActionNames", json::Array{"s3:GetObject"}}};
  EXPECT_EQ(results("SimulateCustomPolicy", input)[0].at("MissingContextValues"),
            (json::Array{"aws:securetransport"}));
  auto named = input;
  named["ResourceArns"] = json::Array{"arn:aws:s3:::b/k"};
  const auto result = results("SimulateCustomPolicy", named)[0];
  EXPECT_EQ(result.at("MissingContextValues"), json::Array());
  const auto& specific = result.at("ResourceSpecificResults").as_array()[0];
  EXPECT_EQ(specific.at("MissingContextValues"), (json::Array{"aws:securetransport"}));
  EXPECT_EQ(specific.at("EvalResourceDecision"), "implicitDeny");
}

TEST_F(Simulations, SayWhichPolicyDecided) {
  const json::Object input{{"PolicyInputList", json::Array{policy(kAllow), policy(kDeny)}},
                           {"ActionNames", json::Array{"dynamodb:GetItem", "dynamodb:DeleteItem"}}};
  const auto all = results("SimulateCustomPolicy", input);
  ASSERT_EQ(all.size(), 2u);
  const auto source = [&](std::size_t i) {
    return all[i].at("MatchedStatements").as_array()[0].at("SourcePolicyId");
  };
  EXPECT_EQ(all[0].at("MatchedStatements").as_array().size(), 1u);
  EXPECT_EQ(source(0), "PolicyInputList.1");
  EXPECT_EQ(source(1), "PolicyInputList.2");
}

TEST_F(Simulations, KnowBoundaries) {
  const json::Object input{{"PolicyInputList", json::Array{policy(kAllow)}},
                           {"PermissionsBoundaryPolicyInputList", json::Array{kReadItems}},
                           {"ActionNames", json::Array{"dynamodb:GetItem", "dynamodb:PutItem"}},
                           {"ResourceArns", json::Array{kItems}}};
  const auto all = results("SimulateCustomPolicy", input);
  const auto allowed_by_boundary = [&](std::size_t i) {
    return all[i].at("PermissionsBoundaryDecisionDetail").at("AllowedByPermissionsBoundary");
  };
  EXPECT_EQ(all[0].at("EvalDecision"), "allowed");
  EXPECT_EQ(all[1].at("EvalDecision"), "implicitDeny");
  EXPECT_EQ(allowed_by_boundary(0), true);
  EXPECT_EQ(allowed_by_boundary(1), false);
}

TEST_F(Simulations, KnowResourcePolicies) {
  const std::string open =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)"
      R"({"AWS":"arn:aws:iam::111122223333:user/ann"},"Action":"s3:GetObject","Resource":"*"}]})";
  const auto ask = [&](json::Object more) {
    more["ResourcePolicy"] = open;
    return decision(kAllow, "s3:GetObject", std::move(more));
  };
  EXPECT_EQ(ask({{"CallerArn", "arn:aws:iam::111122223333:user/ann"}}), "allowed");
  EXPECT_EQ(ask({{"CallerArn", "arn:aws:iam::111122223333:user/bob"}}), "implicitDeny");
  EXPECT_EQ(ask({{"CallerArn", "arn:aws:iam::111122223333:user/ann"},
                 {"ResourceOwner", "arn:aws:iam::444455556666:root"}}),
            "implicitDeny");
  EXPECT_FALSE(run("SimulateCustomPolicy", {{"PolicyInputList", json::Array{policy(kAllow)}},
                                            {"ActionNames", json::Array{"s3:GetObject"}},
                                            {"ResourcePolicy", open}}));
}

TEST_F(Simulations, UseWhatAPrincipalHas) {
  make_user("ann");
  must("CreateGroup", {{"GroupName", "devs"}});
  must("AddUserToGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  must("PutGroupPolicy",
       {{"GroupName", "devs"}, {"PolicyName", "read"}, {"PolicyDocument", kReadItems}});
  const auto ask = [&](std::string_view arn, json::Object more = {}) {
    more["PolicySourceArn"] = arn;
    more["ActionNames"] = json::Array{"dynamodb:GetItem"};
    more["ResourceArns"] = json::Array{kItems};
    return results("SimulatePrincipalPolicy", std::move(more))[0].as_object();
  };
  const std::string ann = "arn:aws:iam::111122223333:user/ann";
  const auto found = ask(ann);
  EXPECT_EQ(found.at("EvalDecision"), "allowed");
  EXPECT_EQ(found.at("MatchedStatements").as_array()[0].at("SourcePolicyId"), "read");
  EXPECT_EQ(ask("arn:aws:iam::111122223333:group/devs").at("EvalDecision"), "allowed");
  EXPECT_EQ(ask(ann, {{"PolicyInputList", json::Array{policy(R"({"Effect":"Deny","Action":"*",)"
                                                             R"("Resource":"*"})")}}})
                .at("EvalDecision"),
            "explicitDeny");
  expect_error("SimulatePrincipalPolicy",
               {{"PolicySourceArn", "arn:aws:iam::111122223333:user/no"},
                {"ActionNames", json::Array{"s3:GetObject"}}},
               "NoSuchEntity", "The user with name no cannot be found.");
  expect_error("SimulatePrincipalPolicy",
               {{"PolicySourceArn", "arn:aws:iam::111122223333:what/no"},
                {"ActionNames", json::Array{"s3:GetObject"}}},
               "InvalidInput",
               "Invalid Entity Arn: arn:aws:iam::111122223333:what/no does not clearly define "
               "entity type and name.");
}

TEST_F(Simulations, ArePagedInTheOrderOfTheInput) {
  json::Object input{{"PolicyInputList", json::Array{policy(kAllow)}},
                     {"ActionNames", json::Array{"dynamodb:B", "dynamodb:A", "dynamodb:C"}},
                     {"MaxItems", "2"}};
  const auto first = must("SimulateCustomPolicy", input);
  EXPECT_EQ(first.at("EvaluationResults").as_array()[0].at("EvalActionName"), "dynamodb:B");
  EXPECT_EQ(first.at("IsTruncated"), true);
  input["Marker"] = first.at("Marker");
  const auto rest = results("SimulateCustomPolicy", input);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].at("EvalActionName"), "dynamodb:C");
}

TEST_F(Simulations, ListTheKeysThatPoliciesAskFor) {
  EXPECT_EQ(must("GetContextKeysForCustomPolicy",
                 {{"PolicyInputList", json::Array{policy(kTls), policy(kAllow)}}})
                .at("ContextKeyNames"),
            (json::Array{"aws:securetransport"}));
  make_role("app");
  must("PutRolePolicy",
       {{"RoleName", "app"}, {"PolicyName", "p"}, {"PolicyDocument", policy(kTls)}});
  EXPECT_EQ(must("GetContextKeysForPrincipalPolicy",
                 {{"PolicySourceArn", "arn:aws:iam::111122223333:role/app"}})
                .at("ContextKeyNames"),
            (json::Array{"aws:securetransport"}));
}

}  // namespace
}  // namespace stator::iam
