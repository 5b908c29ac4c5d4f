#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

class Account : public IamFixture {};

TEST_F(Account, HasOneAliasAtMost) {
  const auto aliases = [&] { return must("ListAccountAliases", {}).at("AccountAliases"); };
  EXPECT_EQ(aliases(), json::Array());
  must("CreateAccountAlias", {{"AccountAlias", "acme"}});
  restart();
  EXPECT_EQ(aliases(), (json::Array{"acme"}));
  expect_error("CreateAccountAlias", {{"AccountAlias", "acme"}}, "EntityAlreadyExists",
               "The account alias acme already exists.");
  must("CreateAccountAlias", {{"AccountAlias", "acme-2"}});
  EXPECT_EQ(aliases(), (json::Array{"acme-2"}));
  expect_error("DeleteAccountAlias", {{"AccountAlias", "acme"}}, "NoSuchEntity",
               "The account alias with name acme cannot be found.");
  must("DeleteAccountAlias", {{"AccountAlias", "acme-2"}});
  EXPECT_EQ(aliases(), json::Array());
  for (const auto* bad : {"ab", "-abc", "abc-", "a--b", "Acme", "a.b"}) {
    expect_error("CreateAccountAlias", {{"AccountAlias", bad}}, "ValidationError",
                 "1 validation error detected: Value at 'accountAlias' failed to satisfy "
                 "constraint: Member must satisfy regular expression pattern: "
                 "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$");
  }
}

TEST_F(Account, HasASummary) {
  make_role("app");
  make_user("ann");
  must("CreateGroup", {{"GroupName", "devs"}});
  must("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  must("CreatePolicyVersion",
       {{"PolicyArn", "arn:aws:iam::111122223333:policy/p"}, {"PolicyDocument", kReadItems}});
  json::Object summary;
  const auto answer = must("GetAccountSummary", {});
  for (const auto& entry : answer.at("SummaryMap").as_array()) {
    summary[entry.at("key").as_string()] = entry.at("value");
  }
  const auto number = [&](std::string_view name) { return summary.at(name).to_number<int>(); };
  EXPECT_EQ(number("Roles"), 1);
  EXPECT_EQ(number("Users"), 1);
  EXPECT_EQ(number("Groups"), 1);
  EXPECT_EQ(number("InstanceProfiles"), 0);
  EXPECT_EQ(number("Policies"), 1);
  EXPECT_EQ(number("PolicyVersionsInUse"), 2);
  EXPECT_EQ(number("RolesQuota"), 1'000);
  EXPECT_EQ(number("AccountMFAEnabled"), 0);
}

TEST_F(Account, TellsItsAuthorizationDetails) {
  make_role("app");
  must("AttachRolePolicy",
       {{"RoleName", "app"}, {"PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess"}});
  must("PutRolePolicy", {{"RoleName", "app"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  make_user("ann");
  must("CreateGroup", {{"GroupName", "devs"}});
  must("AddUserToGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  must("CreatePolicy", {{"PolicyName", "own"}, {"PolicyDocument", kReadItems}});
  const auto all = must("GetAccountAuthorizationDetails", {});
  const auto count = [](const json::Object& answer, std::string_view list) {
    return answer.at(list).as_array().size();
  };
  EXPECT_EQ(count(all, "UserDetailList"), 1u);
  EXPECT_EQ(count(all, "GroupDetailList"), 1u);
  EXPECT_EQ(count(all, "RoleDetailList"), 1u);
  EXPECT_EQ(count(all, "Policies"), 2u);
  const auto& role = all.at("RoleDetailList").as_array()[0].as_object();
  EXPECT_EQ(role.at("AttachedManagedPolicies").as_array()[0].at("PolicyName"), "ReadOnlyAccess");
  EXPECT_EQ(role.at("RolePolicyList").as_array()[0].at("PolicyName"), "p");
  EXPECT_EQ(role.at("InstanceProfileList"), json::Array());
  EXPECT_EQ(all.at("UserDetailList").as_array()[0].at("GroupList"), (json::Array{"devs"}));

  const auto users =
      must("GetAccountAuthorizationDetails", {{"Filter", json::Array{"User", "Group"}}});
  EXPECT_EQ(count(users, "RoleDetailList") + count(users, "Policies"), 0u);
  const auto first = must("GetAccountAuthorizationDetails", {{"MaxItems", "3"}});
  EXPECT_EQ(first.at("IsTruncated"), true);
  EXPECT_EQ(count(first, "Policies"), 0u);
  const auto rest = must("GetAccountAuthorizationDetails", {{"Marker", first.at("Marker")}});
  EXPECT_EQ(count(rest, "Policies"), 2u);
  EXPECT_FALSE(run("GetAccountAuthorizationDetails", {{"Filter", json::Array{"Else"}}}));
}

TEST_F(Account, SaysWhatItDoesNotHave) {
  expect_error("GetAccountPasswordPolicy", {}, "NoSuchEntity",
               "The Password Policy with domain name 111122223333 cannot be found.");
  make_user("ann");
  const json::Object ann{{"UserName", "ann"}};
  for (const auto* name : {"GetLoginProfile", "DeleteLoginProfile"}) {
    expect_error(name, ann, "NoSuchEntity", "Login Profile for User ann cannot be found.");
  }
  EXPECT_EQ(must("ListMFADevices", ann).at("MFADevices"), json::Array());
  EXPECT_EQ(must("ListSSHPublicKeys", ann).at("IsTruncated"), false);
  EXPECT_EQ(must("ListVirtualMFADevices", {}).at("VirtualMFADevices"), json::Array());
  expect_error("ListSigningCertificates", {{"UserName", "no"}}, "NoSuchEntity",
               "The user with name no cannot be found.");
  const auto role =
      run("CreateServiceLinkedRole", {{"AWSServiceName", "ops.apigateway.amazonaws.com"}});
  ASSERT_FALSE(role);
  EXPECT_EQ(role.error().code, ErrorCode::kUnsupported);
}

TEST_F(Account, RemembersTheLastUseOfKeysAndRoles) {
  const auto key = make_user("ann");
  const json::Object ask{{"AccessKeyId", key.access_key_id.value}};
  EXPECT_EQ(must("GetAccessKeyLastUsed", ask).at("AccessKeyLastUsed"),
            (json::Object{{"ServiceName", "N/A"}, {"Region", "N/A"}}));
  ASSERT_TRUE(authenticate(signed_request(key)));
  auto forged = signed_request(key);
  clock.advance(std::chrono::minutes(5));
  ASSERT_FALSE(authenticate(forged, "lambda"));
  const auto used = must("GetAccessKeyLastUsed", ask);
  EXPECT_EQ(used.at("UserName"), "ann");
  EXPECT_EQ(used.at("AccessKeyLastUsed"), (json::Object{{"LastUsedDate", "2026-01-02T03:04:05Z"},
                                                        {"ServiceName", "dynamodb"},
                                                        {"Region", "us-east-1"}}));
  ASSERT_TRUE(authenticate(signed_request(key, "iam"), "iam"));
  EXPECT_EQ(must("GetAccessKeyLastUsed", ask).at("AccessKeyLastUsed").at("ServiceName"), "iam");
  const auto unknown = run("GetAccessKeyLastUsed", {{"AccessKeyId", "AKIAIOSFODNN7EXAMPLE"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kAccessDenied);

  make_role("app");
  const auto last_used = [&] {
    return must("GetRole", {{"RoleName", "app"}}).at("Role").at("RoleLastUsed").as_object();
  };
  EXPECT_TRUE(last_used().empty());
  const auto session = identity->assume_for_service(
      {.role_arn = "arn:aws:iam::111122223333:role/app", .session_name = "s"},
      "lambda.amazonaws.com");
  ASSERT_TRUE(session);
  ASSERT_TRUE(authenticate(signed_request(session->credentials)));
  EXPECT_EQ(last_used().at("Region"), "us-east-1");
}

}  // namespace
}  // namespace stator::iam
