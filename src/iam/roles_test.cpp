#include "base/bytes.hpp"
#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

class Roles : public IamFixture {
 protected:
  json::Object role(std::string_view name) {
    return must("GetRole", {{"RoleName", name}}).at("Role").as_object();
  }
};

TEST_F(Roles, AreMadeAndShownAsAwsDoes) {
  const auto made =
      must("CreateRole", {{"RoleName", "app"},
                          {"Path", "/team/"},
                          {"AssumeRolePolicyDocument", kTrustLambda},
                          {"Description", "d"},
                          {"MaxSessionDuration", "7200"},
                          {"Tags", json::Array{json::Object{{"Key", "k"}, {"Value", ""}}}}})
          .at("Role")
          .as_object();
  EXPECT_EQ(made.at("Arn"), "arn:aws:iam::111122223333:role/team/app");
  EXPECT_EQ(made.at("CreateDate"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(made.at("AssumeRolePolicyDocument").as_string(), percent_encode(kTrustLambda));
  EXPECT_FALSE(made.contains("MaxSessionDuration"));
  EXPECT_FALSE(made.contains("RoleLastUsed"));
  EXPECT_EQ(made.at("RoleId").as_string().size(), 21u);

  const auto shown = role("app");
  EXPECT_EQ(shown.at("MaxSessionDuration"), 7'200);
  EXPECT_EQ(shown.at("RoleLastUsed"), json::Object());
  EXPECT_EQ(shown.at("Path"), "/team/");
  EXPECT_EQ(shown.at("Description"), "d");
  EXPECT_EQ(shown.at("Tags").as_array().size(), 1u);
  EXPECT_EQ(shown.at("RoleId"), made.at("RoleId"));
}

TEST_F(Roles, RefuseBadInput) {
  const auto refuse = [&](json::Object changes, std::string_view type, std::string_view message) {
    json::Object input{{"RoleName", "app"}, {"AssumeRolePolicyDocument", kTrustLambda}};
    for (const auto& [name, value] : changes) input[name] = value;
    expect_error("CreateRole", input, type, message);
    EXPECT_TRUE(must("ListRoles", {}).at("Roles").as_array().empty());
  };
  const std::string one = "1 validation error detected: Value at '";
  refuse({{"RoleName", std::string(65, 'a')}}, "ValidationError",
         one +
             "roleName' failed to satisfy constraint: Member must have length less than or equal "
             "to 64");
  refuse({{"RoleName", nullptr}}, "ValidationError",
         one + "roleName' failed to satisfy constraint: Member must not be null");
  refuse({{"RoleName", "a/b"}}, "ValidationError",
         "The specified value for roleName is invalid. It must contain only alphanumeric "
         "characters and/or the following: +=,.@_-");
  refuse({{"Path", "team"}}, "ValidationError",
         "The specified value for path is invalid. It must begin and end with / and contain only "
         "alphanumeric characters and/or / characters.");
  refuse({{"AssumeRolePolicyDocument", "{"}}, "MalformedPolicyDocument",
         "This policy contains invalid Json");
  refuse({{"AssumeRolePolicyDocument", kReadItems}}, "MalformedPolicyDocument",
         "Missing required field Principal");
  refuse({{"MaxSessionDuration", "3599"}}, "ValidationError",
         one +
             "maxSessionDuration' failed to satisfy constraint: Member must have value "
             "greater than or equal to 3600");
  refuse({{"MaxSessionDuration", "43201"}}, "ValidationError",
         one +
             "maxSessionDuration' failed to satisfy constraint: Member must have "
             "value less than or equal to 43200");
  refuse({{"Tags", json::Array{json::Object{{"Key", "a"}, {"Value", "1"}},
                               json::Object{{"Key", "A"}, {"Value", "2"}}}}},
         "InvalidInput",
         "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  std::string long_trust(kTrustLambda);
  long_trust.insert(1, R"("Id":")" + std::string(2'048, 'x') + "\",");
  refuse({{"AssumeRolePolicyDocument", long_trust}}, "LimitExceeded",
         "Cannot exceed quota for ACLSizePerRole: 2048");

  refuse({{"Path", "/aws-service-role/lambda.amazonaws.com/"}}, "InvalidInput",
         "Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles");
  expect_error(
      "CreateRole",
      {{"RoleName", "AWSServiceRoleForLambda"}, {"AssumeRolePolicyDocument", kTrustLambda}},
      "InvalidInput",
      "Role names that begin with 'AWSServiceRoleFor' can only be used for AWS Service "
      "linked Roles");
  const auto unknown =
      run("CreateRole",
          {{"RoleName", "app"}, {"AssumeRolePolicyDocument", kTrustLambda}, {"Colour", "blue"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(unknown.error().message.find("Colour"), std::string::npos);
  EXPECT_FALSE(run("CreateRole", {{"AssumeRolePolicyDocument", kTrustLambda}}));
}

TEST_F(Roles, HaveNamesThatDifferByMoreThanCase) {
  make_role("app");
  expect_error("CreateRole", {{"RoleName", "APP"}, {"AssumeRolePolicyDocument", kTrustLambda}},
               "EntityAlreadyExists", "Role with name APP already exists.");
  expect_error("GetRole", {{"RoleName", "APP"}}, "NoSuchEntity",
               "The role with name APP cannot be found.");
}

TEST_F(Roles, SayWhichOneIsMissing) {
  for (const auto* name : {"GetRole", "DeleteRole", "ListRolePolicies", "ListAttachedRolePolicies",
                           "UpdateRole", "ListRoleTags", "ListInstanceProfilesForRole"}) {
    expect_error(name, {{"RoleName", "no"}}, "NoSuchEntity",
                 "The role with name no cannot be found.");
  }
  make_role("app");
  for (const auto* name : {"GetRolePolicy", "DeleteRolePolicy"}) {
    expect_error(name, {{"RoleName", "app"}, {"PolicyName", "p"}}, "NoSuchEntity",
                 "The role policy with name p cannot be found.");
  }
}

TEST_F(Roles, KeepWhatAnUpdateDoesNotName) {
  make_role("app");
  must("UpdateRoleDescription", {{"RoleName", "app"}, {"Description", "text"}});
  must("UpdateRole", {{"RoleName", "app"}, {"MaxSessionDuration", "3600"}});
  EXPECT_EQ(role("app").at("Description"), "text");
  must("UpdateRole", {{"RoleName", "app"}, {"Description", ""}});
  EXPECT_FALSE(role("app").contains("Description"));
  must("UpdateAssumeRolePolicy", {{"RoleName", "app"}, {"PolicyDocument", kTrustAccount}});
  EXPECT_EQ(role("app").at("AssumeRolePolicyDocument").as_string(), percent_encode(kTrustAccount));
}

TEST_F(Roles, HoldInlinePolicies) {
  make_role("app");
  for (const auto* name : {"b", "a", "c"}) {
    must("PutRolePolicy",
         {{"RoleName", "app"}, {"PolicyName", name}, {"PolicyDocument", kReadItems}});
  }
  const auto got = must("GetRolePolicy", {{"RoleName", "app"}, {"PolicyName", "b"}});
  EXPECT_EQ(got.at("PolicyDocument").as_string(), percent_encode(kReadItems));
  EXPECT_EQ(got.at("RoleName"), "app");
  const auto listed = must("ListRolePolicies", {{"RoleName", "app"}});
  EXPECT_EQ(listed.at("PolicyNames"), (json::Array{"a", "b", "c"}));
  EXPECT_EQ(listed.at("IsTruncated"), false);

  expect_error("PutRolePolicy",
               {{"RoleName", "app"}, {"PolicyName", "d"}, {"PolicyDocument", kTrustLambda}},
               "MalformedPolicyDocument", "Policy document should not specify a principal.");
  std::string large(kReadItems);
  large.insert(1, R"("Id":")" + std::string(10'000, 'x') + "\",");
  expect_error("PutRolePolicy",
               {{"RoleName", "app"}, {"PolicyName", "d"}, {"PolicyDocument", large}},
               "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role app");
  EXPECT_EQ(must("ListRolePolicies", {{"RoleName", "app"}}).at("PolicyNames").as_array().size(),
            3u);
}

TEST_F(Roles, CannotGoWhilePoliciesHang) {
  make_role("app");
  const std::string arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
  must("AttachRolePolicy", {{"RoleName", "app"}, {"PolicyArn", arn}});
  must("AttachRolePolicy", {{"RoleName", "app"}, {"PolicyArn", arn}});
  must("PutRolePolicy", {{"RoleName", "app"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  const auto attached = must("ListAttachedRolePolicies", {{"RoleName", "app"}});
  EXPECT_EQ(attached.at("AttachedPolicies"),
            (json::Array{
                json::Object{{"PolicyName", "AWSLambdaBasicExecutionRole"}, {"PolicyArn", arn}}}));
  expect_error("DeleteRole", {{"RoleName", "app"}}, "DeleteConflict",
               "Cannot delete entity, must detach all policies first.");
  must("DetachRolePolicy", {{"RoleName", "app"}, {"PolicyArn", arn}});
  expect_error("DetachRolePolicy", {{"RoleName", "app"}, {"PolicyArn", arn}}, "NoSuchEntity",
               "Policy " + arn + " was not found.");
  expect_error("DeleteRole", {{"RoleName", "app"}}, "DeleteConflict",
               "Cannot delete entity, must delete policies first.");
  must("DeleteRolePolicy", {{"RoleName", "app"}, {"PolicyName", "p"}});
  must("DeleteRole", {{"RoleName", "app"}});
  expect_error("GetRole", {{"RoleName", "app"}}, "NoSuchEntity",
               "The role with name app cannot be found.");
}

TEST_F(Roles, AreListedPageByPage) {
  for (const auto* name : {"d", "B", "a", "C"}) make_role(name);
  std::string names;
  json::Object input{{"MaxItems", "3"}};
  for (int page = 0; page < 3; ++page) {
    const auto answer = must("ListRoles", input);
    for (const auto& item : answer.at("Roles").as_array()) names += item.at("RoleName").as_string();
    names += '|';
    if (!answer.at("IsTruncated").as_bool()) break;
    input["Marker"] = answer.at("Marker");
  }
  EXPECT_EQ(names, "aBC|d|");
  expect_error("ListRoles", {{"MaxItems", "0"}}, "ValidationError",
               "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: "
               "Member must have value greater than or equal to 1");
  expect_error("ListRoles", {{"Marker", "*"}}, "ValidationError", "Invalid Marker.");
  EXPECT_TRUE(must("ListRoles", {{"PathPrefix", "/x/"}}).at("Roles").as_array().empty());
}

TEST_F(Roles, CarryTags) {
  make_role("app");
  const auto tag = [](std::string_view key, std::string_view value) {
    return json::Object{{"Key", key}, {"Value", value}};
  };
  must("TagRole", {{"RoleName", "app"}, {"Tags", json::Array{tag("a", "1"), tag("b", "2")}}});
  must("TagRole", {{"RoleName", "app"}, {"Tags", json::Array{tag("A", "3")}}});
  must("UntagRole", {{"RoleName", "app"}, {"TagKeys", json::Array{"b", "none"}}});
  EXPECT_EQ(must("ListRoleTags", {{"RoleName", "app"}}).at("Tags"), (json::Array{tag("A", "3")}));
}

TEST_F(Roles, SurviveARestart) {
  make_role("app");
  must("PutRolePolicy", {{"RoleName", "app"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  const auto before = role("app");
  restart();
  EXPECT_EQ(role("app"), before);
  EXPECT_EQ(must("ListRolePolicies", {{"RoleName", "app"}}).at("PolicyNames"), (json::Array{"p"}));
}

TEST_F(Roles, NeedPermissionOnTheirOwnArn) {
  must("CreateRole",
       {{"RoleName", "app"}, {"Path", "/team/"}, {"AssumeRolePolicyDocument", kTrustLambda}});
  const auto key = make_user("ann");
  must("PutUserPolicy",
       {{"UserName", "ann"},
        {"PolicyName", "p"},
        {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                           R"("Action":["iam:*"],)"
                           R"("Resource":"arn:aws:iam::111122223333:role/team/*"}]})"}});
  caller = *authenticate(signed_request(key));
  EXPECT_TRUE(run("GetRole", {{"RoleName", "app"}}));
  EXPECT_TRUE(
      run("CreateRole",
          {{"RoleName", "new"}, {"Path", "/team/"}, {"AssumeRolePolicyDocument", kTrustLambda}}));
  for (const auto& [name, input] : std::initializer_list<std::pair<const char*, json::Object>>{
           {"CreateRole", {{"RoleName", "x"}, {"AssumeRolePolicyDocument", kTrustLambda}}},
           {"GetRole", {{"RoleName", "missing"}}},
           {"ListRoles", {}},
           {"ListPolicies", {}},
           {"GetUser", {}},
           {"CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", kReadItems}}}}) {
    const auto answer = run(name, input);
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().code, ErrorCode::kAccessDenied) << answer.error().message;
  }
}

}  // namespace
}  // namespace stator::iam
