#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

class Boundaries : public IamFixture {
 protected:
  static constexpr std::string_view kArn = "arn:aws:iam::111122223333:policy/edge";
  void SetUp() override {
    must("CreatePolicy", {{"PolicyName", "edge"}, {"PolicyDocument", kReadItems}});
  }
  static json::Object boundary(std::string_view arn) {
    return {{"PermissionsBoundaryType", "Policy"}, {"PermissionsBoundaryArn", arn}};
  }
};

TEST_F(Boundaries, AreShownWhereAwsShowsThem) {
  const auto made = must("CreateRole", {{"RoleName", "app"},
                                        {"AssumeRolePolicyDocument", kTrustLambda},
                                        {"PermissionsBoundary", kArn}});
  EXPECT_EQ(made.at("Role").at("PermissionsBoundary"), boundary(kArn));
  EXPECT_EQ(must("GetRole", {{"RoleName", "app"}}).at("Role").at("PermissionsBoundary"),
            boundary(kArn));
  const auto listed = must("ListRoles", {}).at("Roles").as_array()[0].as_object();
  EXPECT_FALSE(listed.contains("PermissionsBoundary"));
  must("CreateUser", {{"UserName", "ann"}, {"PermissionsBoundary", kArn}});
  restart();
  EXPECT_EQ(must("GetUser", {{"UserName", "ann"}}).at("User").at("PermissionsBoundary"),
            boundary(kArn));
  EXPECT_EQ(
      must("GetPolicy", {{"PolicyArn", kArn}}).at("Policy").at("PermissionsBoundaryUsageCount"), 2);
}

TEST_F(Boundaries, LimitWhatPoliciesAllow) {
  const auto key = make_user("ann");
  must("AttachUserPolicy",
       {{"UserName", "ann"}, {"PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess"}});
  const auto ann = *authenticate(signed_request(key));
  caller = ann;
  EXPECT_TRUE(may("dynamodb:PutItem", kItems));
  caller = root();
  must("PutUserPermissionsBoundary", {{"UserName", "ann"}, {"PermissionsBoundary", kArn}});
  caller = ann;
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  const auto denied = may("dynamodb:PutItem", kItems);
  ASSERT_FALSE(denied);
  EXPECT_NE(denied.error().message.find("permissions boundary"), std::string::npos)
      << denied.error().message;
  caller = root();
  must("DeleteUserPermissionsBoundary", {{"UserName", "ann"}});
  must("DeleteUserPermissionsBoundary", {{"UserName", "ann"}});
  caller = ann;
  EXPECT_TRUE(may("dynamodb:PutItem", kItems));
}

TEST_F(Boundaries, AreManagedPoliciesThatExist) {
  make_role("app");
  const std::string none = "arn:aws:iam::111122223333:policy/none";
  const std::string bad = "arn:aws:iam::111122223333:not_a_policy/invalid";
  const json::Object create{{"RoleName", "new"}, {"AssumeRolePolicyDocument", kTrustLambda}};
  for (const auto* name : {"CreateRole", "PutRolePermissionsBoundary"}) {
    auto input =
        name == std::string_view("CreateRole") ? create : json::Object{{"RoleName", "app"}};
    input["PermissionsBoundary"] = none;
    expect_error(name, input, "NoSuchEntity",
                 "Scope ARN: " + none + " does not exist or is not attachable.");
    input["PermissionsBoundary"] = bad;
    expect_error(name, input, "InvalidInput", "ARN " + bad + " is not valid.");
  }
  expect_error("PutRolePermissionsBoundary", {{"RoleName", "no"}, {"PermissionsBoundary", kArn}},
               "NoSuchEntity", "The role with name no cannot be found.");
  expect_error("GetRole", {{"RoleName", "new"}}, "NoSuchEntity",
               "The role with name new cannot be found.");
}

TEST_F(Boundaries, KeepTheirPolicyFromGoing) {
  make_role("app");
  must("PutRolePermissionsBoundary", {{"RoleName", "app"}, {"PermissionsBoundary", kArn}});
  expect_error("DeletePolicy", {{"PolicyArn", kArn}}, "DeleteConflict",
               "Cannot delete a policy attached to entities.");
  must("DeleteRolePermissionsBoundary", {{"RoleName", "app"}});
  must("DeletePolicy", {{"PolicyArn", kArn}});
}

TEST_F(Boundaries, AreListedWithTheirPolicy) {
  make_role("app");
  must("CreateUser", {{"UserName", "ann"}, {"Path", "/team/"}});
  must("CreateGroup", {{"GroupName", "devs"}});
  must("PutRolePermissionsBoundary", {{"RoleName", "app"}, {"PermissionsBoundary", kArn}});
  must("AttachUserPolicy", {{"UserName", "ann"}, {"PolicyArn", kArn}});
  must("AttachGroupPolicy", {{"GroupName", "devs"}, {"PolicyArn", kArn}});
  const auto found = [&](json::Object input) {
    input["PolicyArn"] = kArn;
    const auto answer = must("ListEntitiesForPolicy", std::move(input));
    std::string text;
    for (const auto& [list, member] :
         {std::pair{"PolicyGroups", "GroupName"}, std::pair{"PolicyUsers", "UserName"},
          std::pair{"PolicyRoles", "RoleName"}}) {
      for (const auto& item : answer.at(list).as_array()) {
        text.append(item.at(member).as_string()).append(" ");
      }
    }
    return text;
  };
  EXPECT_EQ(found({}), "devs ann app ");
  EXPECT_EQ(found({{"PolicyUsageFilter", "PermissionsBoundary"}}), "app ");
  EXPECT_EQ(found({{"PolicyUsageFilter", "PermissionsPolicy"}}), "devs ann ");
  EXPECT_EQ(found({{"EntityFilter", "User"}}), "ann ");
  EXPECT_EQ(found({{"PathPrefix", "/team/"}}), "ann ");
  EXPECT_EQ(found({{"MaxItems", "2"}}), "devs app ");
  const auto count = [&](std::string_view usage) {
    return must("ListPolicies", {{"Scope", "Local"}, {"PolicyUsageFilter", usage}})
        .at("Policies")
        .as_array()
        .size();
  };
  EXPECT_EQ(count("PermissionsBoundary"), 1u);
  EXPECT_FALSE(run("ListPolicies", {{"PolicyUsageFilter", "Else"}}));
}

TEST_F(Boundaries, AreAConditionKeyOfWhatChangesPermissions) {
  make_role("app");
  must("PutRolePermissionsBoundary", {{"RoleName", "app"}, {"PermissionsBoundary", kArn}});
  make_role("open");
  const auto key = make_user("bob");
  must("PutUserPolicy",
       {{"UserName", "bob"},
        {"PolicyName", "p"},
        {"PolicyDocument",
         R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*",)"
         R"("Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":")" +
             std::string(kArn) + R"("}}}]})"}});
  caller = *authenticate(signed_request(key));
  const auto put = [&](std::string_view role) {
    return run("PutRolePolicy",
               {{"RoleName", role}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  };
  EXPECT_TRUE(put("app"));
  EXPECT_FALSE(put("open"));
  const json::Object role{{"RoleName", "new"}, {"AssumeRolePolicyDocument", kTrustLambda}};
  EXPECT_FALSE(run("CreateRole", role));
  auto bounded = role;
  bounded["PermissionsBoundary"] = kArn;
  EXPECT_TRUE(run("CreateRole", bounded));
}

}  // namespace
}  // namespace stator::iam
