#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

class Groups : public IamFixture {
 protected:
  void join(std::string_view user, std::string_view group) {
    must("AddUserToGroup", {{"UserName", user}, {"GroupName", group}});
  }
  /// The names under `list`, each followed by a space.
  std::string names(const json::Object& answer, std::string_view list, std::string_view member) {
    std::string text;
    for (const auto& item : answer.at(list).as_array()) {
      text.append(item.at(member).as_string()).append(" ");
    }
    return text;
  }
  std::string members(std::string_view group) {
    return names(must("GetGroup", {{"GroupName", group}}), "Users", "UserName");
  }
  std::string groups_of(std::string_view user) {
    return names(must("ListGroupsForUser", {{"UserName", user}}), "Groups", "GroupName");
  }
};

TEST_F(Groups, AreMadeAndShownAsAwsDoes) {
  const auto made = must("CreateGroup", {{"GroupName", "devs"}, {"Path", "/team/"}});
  const auto& group = made.at("Group").as_object();
  EXPECT_EQ(group.at("Arn"), "arn:aws:iam::111122223333:group/team/devs");
  EXPECT_TRUE(group.at("GroupId").as_string().starts_with("AGPA"));
  EXPECT_EQ(group.at("CreateDate"), "2026-01-02T03:04:05Z");
  const auto got = must("GetGroup", {{"GroupName", "devs"}});
  EXPECT_EQ(got.at("Group"), made.at("Group"));
  EXPECT_EQ(got.at("Users"), json::Array());
  EXPECT_EQ(got.at("IsTruncated"), false);
  EXPECT_EQ(must("ListGroups", {}).at("Groups"), (json::Array{group}));
  expect_error("CreateGroup", {{"GroupName", "DEVS"}}, "EntityAlreadyExists",
               "Group with name DEVS already exists.");
  expect_error("GetGroup", {{"GroupName", "no"}}, "NoSuchEntity",
               "The group with name no cannot be found.");
}

TEST_F(Groups, HaveMembers) {
  make_user("ann");
  make_user("bob");
  must("CreateGroup", {{"GroupName", "devs"}});
  must("CreateGroup", {{"GroupName", "admins"}});
  join("bob", "devs");
  join("ann", "devs");
  join("ann", "devs");
  join("ann", "admins");
  EXPECT_EQ(members("devs"), "ann bob ");
  EXPECT_EQ(groups_of("ann"), "admins devs ");
  must("RemoveUserFromGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  must("RemoveUserFromGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  EXPECT_EQ(members("devs"), "bob ");
  restart();
  EXPECT_EQ(groups_of("ann"), "admins ");
  const json::Object nobody{{"UserName", "no"}, {"GroupName", "no"}};
  for (const auto* name : {"AddUserToGroup", "RemoveUserFromGroup"}) {
    expect_error(name, nobody, "NoSuchEntity", "The user with name no cannot be found.");
    expect_error(name, {{"UserName", "ann"}, {"GroupName", "no"}}, "NoSuchEntity",
                 "The group with name no cannot be found.");
  }
}

TEST_F(Groups, ArePagedOverTheirMembers) {
  must("CreateGroup", {{"GroupName", "devs"}});
  for (const auto* user : {"c", "a", "b"}) {
    make_user(user);
    join(user, "devs");
  }
  const auto first = must("GetGroup", {{"GroupName", "devs"}, {"MaxItems", "2"}});
  EXPECT_EQ(names(first, "Users", "UserName"), "a b ");
  EXPECT_EQ(first.at("IsTruncated"), true);
  const auto rest = must("GetGroup", {{"GroupName", "devs"}, {"Marker", first.at("Marker")}});
  EXPECT_EQ(names(rest, "Users", "UserName"), "c ");
}

TEST_F(Groups, AreTenForAUserAtMost) {
  make_user("ann");
  for (int i = 0; i < 11; ++i) {
    const auto name = "g" + std::to_string(i);
    must("CreateGroup", {{"GroupName", name}});
    if (i < 10) join("ann", name);
  }
  expect_error("AddUserToGroup", {{"UserName", "ann"}, {"GroupName", "g10"}}, "LimitExceeded",
               "Cannot exceed quota for GroupsPerUser: 10");
}

TEST_F(Groups, GiveTheirPoliciesToTheirMembers) {
  const auto key = make_user("ann");
  must("CreateGroup", {{"GroupName", "devs"}});
  join("ann", "devs");
  caller = *authenticate(signed_request(key));
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
  const auto ann = caller;
  caller = root();
  must("PutGroupPolicy",
       {{"GroupName", "devs"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  caller = ann;
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_FALSE(may("dynamodb:PutItem", kItems));
  caller = root();
  must("AttachGroupPolicy",
       {{"GroupName", "devs"}, {"PolicyArn", "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"}});
  caller = ann;
  EXPECT_TRUE(may("dynamodb:PutItem", kItems));
  caller = root();
  must("RemoveUserFromGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  caller = ann;
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
}

TEST_F(Groups, HoldPoliciesAsUsersAndRolesDo) {
  must("CreateGroup", {{"GroupName", "devs"}});
  must("PutGroupPolicy",
       {{"GroupName", "devs"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  EXPECT_EQ(must("ListGroupPolicies", {{"GroupName", "devs"}}).at("PolicyNames"),
            (json::Array{"p"}));
  EXPECT_EQ(must("GetGroupPolicy", {{"GroupName", "devs"}, {"PolicyName", "p"}}).at("GroupName"),
            "devs");
  expect_error("GetGroupPolicy", {{"GroupName", "devs"}, {"PolicyName", "no"}}, "NoSuchEntity",
               "The group policy with name no cannot be found.");
  std::string large(kReadItems);
  large.insert(1, R"("Id":")" + std::string(5'120, 'x') + "\",");
  expect_error("PutGroupPolicy",
               {{"GroupName", "devs"}, {"PolicyName", "q"}, {"PolicyDocument", large}},
               "LimitExceeded", "Maximum policy size of 5120 bytes exceeded for group devs");
  const std::string arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  expect_error("DetachGroupPolicy", {{"GroupName", "devs"}, {"PolicyArn", arn}}, "NoSuchEntity",
               "Policy " + arn + " was not found.");
}

TEST_F(Groups, CannotGoWhileSomethingHangs) {
  const std::string arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  make_user("ann");
  must("CreateGroup", {{"GroupName", "devs"}});
  join("ann", "devs");
  must("AttachGroupPolicy", {{"GroupName", "devs"}, {"PolicyArn", arn}});
  must("PutGroupPolicy",
       {{"GroupName", "devs"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  const json::Object group{{"GroupName", "devs"}};
  expect_error("DeleteGroup", group, "DeleteConflict",
               "Cannot delete entity, must remove users from group first.");
  must("RemoveUserFromGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  expect_error("DeleteGroup", group, "DeleteConflict",
               "Cannot delete entity, must detach all policies first.");
  must("DetachGroupPolicy", {{"GroupName", "devs"}, {"PolicyArn", arn}});
  expect_error("DeleteGroup", group, "DeleteConflict",
               "Cannot delete entity, must delete policies first.");
  must("DeleteGroupPolicy", {{"GroupName", "devs"}, {"PolicyName", "p"}});
  must("DeleteGroup", group);
  expect_error("GetGroup", group, "NoSuchEntity", "The group with name devs cannot be found.");
}

TEST_F(Groups, KeepTheirMembersUnderANewName) {
  make_user("ann");
  must("CreateGroup", {{"GroupName", "devs"}});
  must("CreateGroup", {{"GroupName", "admins"}});
  join("ann", "devs");
  const auto id = must("GetGroup", {{"GroupName", "devs"}}).at("Group").at("GroupId");
  expect_error("UpdateGroup", {{"GroupName", "devs"}, {"NewGroupName", "Admins"}},
               "EntityAlreadyExists", "Group with name Admins already exists.");
  expect_error("UpdateGroup", {{"GroupName", "no"}, {"NewPath", "/"}}, "NoSuchEntity",
               "The group with name no cannot be found.");
  must("UpdateGroup", {{"GroupName", "devs"}, {"NewGroupName", "Makers"}, {"NewPath", "/team/"}});
  const auto group = must("GetGroup", {{"GroupName", "Makers"}}).at("Group").as_object();
  EXPECT_EQ(group.at("Arn"), "arn:aws:iam::111122223333:group/team/Makers");
  EXPECT_EQ(group.at("GroupId"), id);
  EXPECT_EQ(members("Makers"), "ann ");
  EXPECT_EQ(groups_of("ann"), "Makers ");
  expect_error("GetGroup", {{"GroupName", "devs"}}, "NoSuchEntity",
               "The group with name devs cannot be found.");
}

}  // namespace
}  // namespace stator::iam
