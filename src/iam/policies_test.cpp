#include <set>

#include "base/bytes.hpp"
#include "iam/iam_fixture.hpp"
#include "iam/managed_policies.hpp"
#include "iam/policy.hpp"

namespace stator::iam {
namespace {

class ManagedPolicies : public IamFixture {
 protected:
  static constexpr std::string_view kArn = "arn:aws:iam::111122223333:policy/team/items";

  void make_policy() {
    must("CreatePolicy",
         {{"PolicyName", "items"}, {"Path", "/team/"}, {"PolicyDocument", kReadItems}});
  }
};

TEST_F(ManagedPolicies, AreMadeAndShownAsAwsDoes) {
  make_policy();
  const auto policy = must("GetPolicy", {{"PolicyArn", kArn}}).at("Policy").as_object();
  EXPECT_EQ(policy.at("Arn").as_string(), kArn);
  EXPECT_EQ(policy.at("Path"), "/team/");
  EXPECT_EQ(policy.at("DefaultVersionId"), "v1");
  EXPECT_EQ(policy.at("AttachmentCount"), 0);
  EXPECT_EQ(policy.at("IsAttachable"), true);
  EXPECT_EQ(policy.at("Tags"), json::Array());
  const auto version = must("GetPolicyVersion", {{"PolicyArn", kArn}, {"VersionId", "v1"}})
                           .at("PolicyVersion")
                           .as_object();
  EXPECT_EQ(version.at("Document").as_string(), percent_encode(kReadItems));
  EXPECT_EQ(version.at("IsDefaultVersion"), true);
  expect_error("CreatePolicy", {{"PolicyName", "Items"}, {"PolicyDocument", kReadItems}},
               "EntityAlreadyExists",
               "A policy called Items already exists. Duplicate names are not allowed.");
}

TEST_F(ManagedPolicies, RefuseBadInput) {
  expect_error(
      "CreatePolicy",
      {{"PolicyName", "p"},
       {"PolicyDocument", R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})"}},
      "MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater.");
  std::string large(kReadItems);
  large.insert(1, R"("Id":")" + std::string(6'144, 'x') + "\",");
  expect_error("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", large}}, "LimitExceeded",
               "Cannot exceed quota for PolicySize: 6144");
  expect_error("GetPolicy", {{"PolicyArn", "arn:aws:iam::111122223333:policy/no"}}, "NoSuchEntity",
               "Policy arn:aws:iam::111122223333:policy/no was not found.");
  expect_error("DeletePolicy", {{"PolicyArn", "arn:aws:iam::111122223333:policy/no"}},
               "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/no was not found.");
  make_role("app");
  expect_error("AttachRolePolicy",
               {{"RoleName", "app"}, {"PolicyArn", "arn:aws:iam::aws:policy/NoSuchPolicy"}},
               "NoSuchEntity",
               "Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.");
  expect_error("AttachRolePolicy",
               {{"RoleName", "app"}, {"PolicyArn", "some-policy-that-is-no-arn"}},
               "ValidationError", "ARN some-policy-that-is-no-arn is not valid.");
  expect_error("AttachRolePolicy", {{"RoleName", "app"}, {"PolicyArn", "short"}}, "ValidationError",
               "1 validation error detected: Value at 'policyArn' failed to satisfy "
               "constraint: Member must have length greater than or equal to 20");
}

TEST_F(ManagedPolicies, CannotGoWhileAttached) {
  make_policy();
  make_role("app");
  must("AttachRolePolicy", {{"RoleName", "app"}, {"PolicyArn", kArn}});
  EXPECT_EQ(must("GetPolicy", {{"PolicyArn", kArn}}).at("Policy").at("AttachmentCount"), 1);
  expect_error("DeletePolicy", {{"PolicyArn", kArn}}, "DeleteConflict",
               "Cannot delete a policy attached to entities.");
  must("DetachRolePolicy", {{"RoleName", "app"}, {"PolicyArn", kArn}});
  must("DeletePolicy", {{"PolicyArn", kArn}});
}

TEST_F(ManagedPolicies, AreAttachedTenTimesAtMost) {
  make_role("app");
  for (int i = 0; i < 11; ++i) {
    const auto name = "p" + std::to_string(i);
    must("CreatePolicy", {{"PolicyName", name}, {"PolicyDocument", kReadItems}});
    const json::Object input{{"RoleName", "app"},
                             {"PolicyArn", "arn:aws:iam::111122223333:policy/" + name}};
    if (i < 10) {
      must("AttachRolePolicy", input);
    } else {
      expect_error("AttachRolePolicy", input, "LimitExceeded",
                   "Cannot exceed quota for PoliciesPerRole: 10");
    }
  }
}

TEST_F(ManagedPolicies, HaveFiveVersionsAtMost) {
  make_policy();
  const json::Object next{{"PolicyArn", kArn}, {"PolicyDocument", kReadItems}};
  for (const auto* id : {"v2", "v3", "v4", "v5"}) {
    EXPECT_EQ(must("CreatePolicyVersion", next).at("PolicyVersion").at("VersionId"), id);
  }
  expect_error("CreatePolicyVersion", next, "LimitExceeded",
               "A managed policy can have up to 5 versions. Before you create a new version, you "
               "must delete an existing version.");
  expect_error("DeletePolicyVersion", {{"PolicyArn", kArn}, {"VersionId", "v1"}}, "DeleteConflict",
               "Cannot delete the default version of a policy.");
  must("SetDefaultPolicyVersion", {{"PolicyArn", kArn}, {"VersionId", "v5"}});
  must("DeletePolicyVersion", {{"PolicyArn", kArn}, {"VersionId", "v1"}});
  EXPECT_EQ(must("CreatePolicyVersion", next).at("PolicyVersion").at("VersionId"), "v6");
  const auto versions = must("ListPolicyVersions", {{"PolicyArn", kArn}}).at("Versions").as_array();
  ASSERT_EQ(versions.size(), 5u);
  EXPECT_EQ(versions[0].at("VersionId"), "v6");
  EXPECT_EQ(versions[1].at("IsDefaultVersion"), true);
  expect_error("DeletePolicy", {{"PolicyArn", kArn}}, "DeleteConflict",
               "This policy has more than one version. Before you delete a policy, you must delete "
               "the policy's versions. The default version is deleted with the policy.");
  expect_error("GetPolicyVersion", {{"PolicyArn", kArn}, {"VersionId", "v1"}}, "NoSuchEntity",
               "Policy " + std::string(kArn) + " version v1 does not exist or is not attachable.");
}

TEST_F(ManagedPolicies, OfAwsAreThereAndStayAsTheyAre) {
  std::set<std::string> arns, ids;
  for (const auto& policy : aws_managed_policies()) {
    const auto& document = policy.versions[0].document;
    EXPECT_TRUE(Policy::parse(document, PolicyKind::kManaged)) << policy.name;
    EXPECT_LE(policy_size(document), 6'144u) << policy.name;
    EXPECT_TRUE(arns.insert(policy_arn(kAwsAccount, policy)).second) << policy.name;
    EXPECT_TRUE(ids.insert(policy.id).second) << policy.name;
  }
  const std::string arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
  EXPECT_EQ(must("GetPolicy", {{"PolicyArn", arn}}).at("Policy").at("Arn").as_string(), arn);
  for (const auto* name : {"DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"}) {
    json::Object input{{"PolicyArn", arn}};
    if (name == std::string_view("CreatePolicyVersion")) input["PolicyDocument"] = kReadItems;
    if (name == std::string_view("DeletePolicyVersion")) input["VersionId"] = "v1";
    const auto answer = run(name, input);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kAccessDenied) << name;
  }
}

TEST_F(ManagedPolicies, OfAwsAllowWhatTheirNamesSay) {
  struct Case {
    std::string_view path, action, resource;
    bool is_allowed;
  };
  const std::string user = "arn:aws:iam::111122223333:user/x";
  const std::string group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f";
  const Case cases[] = {
      {"PowerUserAccess", "dynamodb:DeleteTable", kItems, true},
      {"PowerUserAccess", "iam:CreateUser", user, false},
      {"ReadOnlyAccess", "dynamodb:Query", kItems, true},
      {"ReadOnlyAccess", "dynamodb:PutItem", kItems, false},
      {"job-function/ViewOnlyAccess", "dynamodb:DescribeTable", kItems, true},
      {"job-function/ViewOnlyAccess", "dynamodb:GetItem", kItems, false},
      {"SecurityAudit", "iam:GetUser", user, true},
      {"SecurityAudit", "dynamodb:GetItem", kItems, false},
      {"IAMReadOnlyAccess", "iam:SimulatePrincipalPolicy", user, true},
      {"IAMReadOnlyAccess", "iam:CreateUser", user, false},
      {"AmazonDynamoDBFullAccess_v2", "dynamodb:DeleteTable", kItems, true},
      {"AmazonDynamoDBReadOnlyAccess", "dynamodb:PutItem", kItems, false},
      {"service-role/AWSLambdaVPCAccessExecutionRole", "logs:PutLogEvents", group, true},
      {"service-role/AWSLambdaDynamoDBExecutionRole", "dynamodb:GetRecords", kItems, true},
      {"service-role/AWSLambdaRole", "lambda:InvokeFunction", kItems, true},
      {"service-role/AWSLambdaRole", "lambda:DeleteFunction", kItems, false},
      {"AWSLambda_FullAccess", "iam:PassRole", user, false},
      {"AWSLambda_ReadOnlyAccess", "lambda:GetFunction", kItems, true},
      {"AWSLambda_ReadOnlyAccess", "logs:GetLogEvents", group, true},
      {"AWSLambda_ReadOnlyAccess", "logs:PutLogEvents", group, false},
      {"AmazonAPIGatewayInvokeFullAccess", "execute-api:Invoke",
       "arn:aws:execute-api:us-east-1:111122223333:abc/$default/GET/x", true},
      {"AmazonAPIGatewayAdministrator", "apigateway:POST", "arn:aws:apigateway:us-east-1::/apis",
       true},
      {"CloudWatchLogsReadOnlyAccess", "logs:FilterLogEvents", group, true},
      {"CloudWatchLambdaInsightsExecutionRolePolicy", "logs:PutLogEvents", group, false},
      {"AmazonS3ReadOnlyAccess", "s3:GetObject", "arn:aws:s3:::b/k", true},
      {"AmazonS3ReadOnlyAccess", "s3:PutObject", "arn:aws:s3:::b/k", false},
      {"AWSCloudFormationFullAccess", "cloudformation:CreateStack",
       "arn:aws:cloudformation:us-east-1:111122223333:stack/s/*", true},
  };
  const auto ann = *authenticate(signed_request(make_user("ann")));
  for (const auto& [path, action, resource, is_allowed] : cases) {
    const json::Object input{{"UserName", "ann"},
                             {"PolicyArn", "arn:aws:iam::aws:policy/" + std::string(path)}};
    caller = root();
    must("AttachUserPolicy", input);
    caller = ann;
    EXPECT_EQ(may(action, resource).has_value(), is_allowed) << path << " " << action;
    caller = root();
    must("DetachUserPolicy", input);
  }
}

TEST_F(ManagedPolicies, AreListedByScope) {
  make_policy();
  const auto count = [&](json::Object input) {
    return must("ListPolicies", std::move(input)).at("Policies").as_array().size();
  };
  const auto of_aws = aws_managed_policies().size();
  EXPECT_EQ(count({{"Scope", "Local"}}), 1u);
  EXPECT_EQ(count({{"Scope", "AWS"}}), of_aws);
  EXPECT_EQ(count({}), of_aws + 1);
  EXPECT_EQ(count({{"PathPrefix", "/team/"}}), 1u);
  EXPECT_EQ(count({{"OnlyAttached", "true"}}), 0u);
  make_user("ann");
  must("AttachUserPolicy", {{"UserName", "ann"}, {"PolicyArn", kArn}});
  EXPECT_EQ(count({{"OnlyAttached", "true"}}), 1u);
  EXPECT_FALSE(run("ListPolicies", {{"Scope", "Else"}}));
}

}  // namespace
}  // namespace stator::iam
