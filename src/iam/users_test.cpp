#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

class UsersByName : public IamFixture {
 protected:
  json::Object user(std::string_view name) {
    return must("GetUser", {{"UserName", name}}).at("User").as_object();
  }
  /// Runs as the owner of the key.
  Result<json::Object> run_as(const aws::sigv4::Credentials& key, std::string_view name,
                              json::Object input) {
    caller = *authenticate(signed_request(key));
    auto answer = run(name, std::move(input));
    caller = root();
    return answer;
  }
  void allow(std::string_view user_name, std::string_view statement) {
    must("PutUserPolicy", {{"UserName", user_name},
                           {"PolicyName", "p"},
                           {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[)" +
                                                  std::string(statement) + "]}"}});
  }
};

TEST_F(UsersByName, KeepEverythingUnderANewName) {
  const auto key = make_user("ann");
  must("PutUserPolicy", {{"UserName", "ann"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  const auto before = user("ann");
  must("UpdateUser", {{"UserName", "ann"}, {"NewUserName", "anna"}, {"NewPath", "/team/"}});
  const auto after = user("anna");
  EXPECT_EQ(after.at("Arn"), "arn:aws:iam::111122223333:user/team/anna");
  EXPECT_EQ(after.at("UserId"), before.at("UserId"));
  expect_error("GetUser", {{"UserName", "ann"}}, "NoSuchEntity",
               "The user with name ann cannot be found.");

  const auto principal = authenticate(signed_request(key));
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->arn, after.at("Arn").as_string());
  EXPECT_EQ(must("ListAccessKeys", {{"UserName", "anna"}})
                .at("AccessKeyMetadata")
                .as_array()[0]
                .at("UserName"),
            "anna");
  caller = *principal;
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
}

TEST_F(UsersByName, TakeNoNameThatIsTaken) {
  make_user("ann");
  make_user("bob");
  expect_error("UpdateUser", {{"UserName", "ann"}, {"NewUserName", "Bob"}}, "EntityAlreadyExists",
               "User with name Bob already exists.");
  must("UpdateUser", {{"UserName", "ann"}, {"NewUserName", "Ann"}});
  EXPECT_EQ(user("Ann").at("UserName"), "Ann");
  expect_error("UpdateUser", {{"UserName", "ann"}, {"NewPath", "/x/"}}, "NoSuchEntity",
               "The user with name ann cannot be found.");
  expect_error("CreateUser", {{"UserName", "ANN"}}, "EntityAlreadyExists",
               "User with name ANN already exists.");
}

TEST_F(UsersByName, AreRenamedByWhoMayTouchBothNames) {
  make_user("ann");
  const auto key = make_user("bob");
  allow("bob", R"({"Effect":"Allow","Action":"iam:UpdateUser",)"
               R"("Resource":"arn:aws:iam::111122223333:user/ann"})");
  const auto denied = run_as(key, "UpdateUser", {{"UserName", "ann"}, {"NewUserName", "anna"}});
  ASSERT_FALSE(denied);
  EXPECT_NE(denied.error().message.find("user/anna"), std::string::npos) << denied.error().message;
}

TEST_F(UsersByName, MeanThemselvesWithoutAName) {
  const auto key = make_user("ann");
  allow("ann", R"({"Effect":"Allow","Action":"iam:*",)"
               R"("Resource":"arn:aws:iam::111122223333:user/ann"})");
  EXPECT_EQ(run_as(key, "GetUser", {})->at("User").at("UserName"), "ann");
  const auto made = run_as(key, "CreateAccessKey", {});
  ASSERT_TRUE(made);
  const auto id = made->at("AccessKey").at("AccessKeyId");
  EXPECT_EQ(run_as(key, "ListAccessKeys", {})->at("AccessKeyMetadata").as_array().size(), 2u);
  ASSERT_TRUE(run_as(key, "UpdateAccessKey", {{"AccessKeyId", id}, {"Status", "Inactive"}}));
  ASSERT_TRUE(run_as(key, "DeleteAccessKey", {{"AccessKeyId", id}}));
  EXPECT_EQ(run_as(key, "ListAccessKeys", {})->at("AccessKeyMetadata").as_array().size(), 1u);
  const auto root_key = run("CreateAccessKey", {});
  ASSERT_FALSE(root_key);
  EXPECT_EQ(root_key.error().code, ErrorCode::kUnsupported) << root_key.error().message;
}

TEST_F(UsersByName, CannotGoWhileInAGroup) {
  must("CreateUser", {{"UserName", "ann"}});
  must("CreateGroup", {{"GroupName", "devs"}});
  must("AddUserToGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  expect_error("DeleteUser", {{"UserName", "ann"}}, "DeleteConflict",
               "Cannot delete entity, must remove users from group first.");
  must("RemoveUserFromGroup", {{"UserName", "ann"}, {"GroupName", "devs"}});
  must("DeleteUser", {{"UserName", "ann"}});
}

TEST_F(UsersByName, HaveKeysThatCanBeFoundOnlyWhereTheyAre) {
  make_user("ann");
  make_user("bob");
  const json::Object input{{"UserName", "bob"}, {"AccessKeyId", "AKIAIOSFODNN7EXAMPLE"}};
  expect_error("DeleteAccessKey", input, "NoSuchEntity",
               "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.");
  must("CreateAccessKey", {{"UserName", "bob"}});
  expect_error("CreateAccessKey", {{"UserName", "bob"}}, "LimitExceeded",
               "Cannot exceed quota for AccessKeysPerUser: 2");
  expect_error("DeleteUser", {{"UserName", "bob"}}, "DeleteConflict",
               "Cannot delete entity, must delete access keys first.");
}

}  // namespace
}  // namespace stator::iam
