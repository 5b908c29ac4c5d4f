#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

class InstanceProfiles : public IamFixture {
 protected:
  json::Object profile(std::string_view name) {
    return must("GetInstanceProfile", {{"InstanceProfileName", name}})
        .at("InstanceProfile")
        .as_object();
  }
};

TEST_F(InstanceProfiles, AreMadeAndShownAsAwsDoes) {
  const auto answer =
      must("CreateInstanceProfile", {{"InstanceProfileName", "web"}, {"Path", "/team/"}});
  const auto& made = answer.at("InstanceProfile").as_object();
  EXPECT_EQ(made.at("Arn"), "arn:aws:iam::111122223333:instance-profile/team/web");
  EXPECT_TRUE(made.at("InstanceProfileId").as_string().starts_with("AIPA"));
  EXPECT_EQ(made.at("Roles"), json::Array());
  EXPECT_FALSE(made.contains("Tags"));
  EXPECT_EQ(profile("web").at("Tags"), json::Array());
  EXPECT_EQ(must("ListInstanceProfiles", {{"PathPrefix", "/team"}}).at("InstanceProfiles"),
            (json::Array{made}));
  EXPECT_EQ(must("ListInstanceProfiles", {{"PathPrefix", "/x"}}).at("InstanceProfiles"),
            json::Array());
  expect_error("CreateInstanceProfile", {{"InstanceProfileName", "web"}}, "EntityAlreadyExists",
               "Instance Profile web already exists.");
  for (const auto* name : {"GetInstanceProfile", "DeleteInstanceProfile", "TagInstanceProfile",
                           "UntagInstanceProfile", "ListInstanceProfileTags"}) {
    expect_error(name, {{"InstanceProfileName", "no"}}, "NoSuchEntity",
                 "Instance Profile no cannot be found.");
  }
}

TEST_F(InstanceProfiles, HoldOneRole) {
  make_role("app");
  make_role("other");
  must("CreateInstanceProfile", {{"InstanceProfileName", "web"}});
  const json::Object pair{{"InstanceProfileName", "web"}, {"RoleName", "app"}};
  expect_error("RemoveRoleFromInstanceProfile", pair, "NoSuchEntity",
               "Role app in Instance Profile web cannot be found.");
  must("AddRoleToInstanceProfile", pair);
  expect_error("AddRoleToInstanceProfile", {{"InstanceProfileName", "web"}, {"RoleName", "other"}},
               "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
  restart();
  const auto role = profile("web").at("Roles").as_array()[0].as_object();
  EXPECT_EQ(role.at("RoleName"), "app");
  EXPECT_FALSE(role.contains("MaxSessionDuration"));
  const auto listed = must("ListInstanceProfilesForRole", {{"RoleName", "app"}});
  EXPECT_EQ(listed.at("InstanceProfiles").as_array()[0].at("InstanceProfileName"), "web");
  EXPECT_EQ(must("ListInstanceProfilesForRole", {{"RoleName", "other"}}).at("InstanceProfiles"),
            json::Array());

  const std::string text = "Cannot delete entity, must remove roles from instance profile first.";
  expect_error("DeleteRole", {{"RoleName", "app"}}, "DeleteConflict", text);
  expect_error("DeleteInstanceProfile", {{"InstanceProfileName", "web"}}, "DeleteConflict", text);
  must("RemoveRoleFromInstanceProfile", pair);
  must("DeleteInstanceProfile", {{"InstanceProfileName", "web"}});
  must("DeleteRole", {{"RoleName", "app"}});
}

TEST_F(InstanceProfiles, SayWhichOfTheTwoIsMissing) {
  make_role("app");
  must("CreateInstanceProfile", {{"InstanceProfileName", "web"}});
  for (const auto* name : {"AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"}) {
    expect_error(name, {{"InstanceProfileName", "no"}, {"RoleName", "app"}}, "NoSuchEntity",
                 "Instance Profile no cannot be found.");
    expect_error(name, {{"InstanceProfileName", "web"}, {"RoleName", "no"}}, "NoSuchEntity",
                 "The role with name no cannot be found.");
  }
}

TEST_F(InstanceProfiles, TakeARoleOnlyFromWhoMayPassIt) {
  make_role("app");
  must("CreateInstanceProfile", {{"InstanceProfileName", "web"}});
  const auto key = make_user("ann");
  const auto allow = [&](std::string_view statement) {
    must("PutUserPolicy", {{"UserName", "ann"},
                           {"PolicyName", "p"},
                           {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[)" +
                                                  std::string(statement) + "]}"}});
  };
  const json::Object pair{{"InstanceProfileName", "web"}, {"RoleName", "app"}};
  const std::string add =
      R"({"Effect":"Allow","Action":"iam:AddRoleToInstanceProfile","Resource":"*"})";
  allow(add);
  caller = *authenticate(signed_request(key));
  const auto ann = caller;
  const auto denied = run("AddRoleToInstanceProfile", pair);
  ASSERT_FALSE(denied);
  EXPECT_NE(denied.error().message.find("iam:PassRole on resource: arn:aws:iam::111122223333:role"),
            std::string::npos)
      << denied.error().message;
  caller = root();
  allow(add + R"(,{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"})");
  caller = ann;
  EXPECT_TRUE(run("AddRoleToInstanceProfile", pair));
}

TEST_F(InstanceProfiles, HaveTagsWhoseCaseMatters) {
  const auto tag = [](std::string_view key, std::string_view value) {
    return json::Object{{"Key", key}, {"Value", value}};
  };
  must("CreateInstanceProfile",
       {{"InstanceProfileName", "web"}, {"Tags", json::Array{tag("a", "1"), tag("A", "2")}}});
  const json::Object web{{"InstanceProfileName", "web"}};
  EXPECT_EQ(must("ListInstanceProfileTags", web).at("Tags"),
            (json::Array{tag("A", "2"), tag("a", "1")}));
  must("UntagInstanceProfile", {{"InstanceProfileName", "web"}, {"TagKeys", json::Array{"A"}}});
  must("TagInstanceProfile",
       {{"InstanceProfileName", "web"}, {"Tags", json::Array{tag("b", "3")}}});
  EXPECT_EQ(profile("web").at("Tags"), (json::Array{tag("a", "1"), tag("b", "3")}));
}

}  // namespace
}  // namespace stator::iam
