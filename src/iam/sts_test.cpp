#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

using std::chrono::seconds;

class Sts : public IamFixture {
 protected:
  static constexpr std::string_view kRole = "arn:aws:iam::111122223333:role/app";

  static json::Object wanted(std::string_view role = kRole) {
    return {{"RoleArn", role}, {"RoleSessionName", "s1"}};
  }

  void become_user(std::string_view name) {
    const auto key = make_user(name);
    caller = *authenticate(signed_request(key));
  }

  void allow_user(std::string_view name, std::string_view statement) {
    const auto before = caller;
    caller = root();
    must("PutUserPolicy", {{"UserName", name},
                           {"PolicyName", "p"},
                           {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[)" +
                                                  std::string(statement) + "]}"}});
    caller = before;
  }

  void expect_denied(std::string_view role = kRole) {
    expect_error(
        "AssumeRole", wanted(role), "",
        "User: " + caller.arn +
            " is not authorized to perform: sts:AssumeRole on resource: " + std::string(role));
  }

  static aws::sigv4::Credentials credentials_of(const json::Object& answer) {
    const auto& given = answer.at("Credentials").as_object();
    return {.access_key_id = {*json::find_string(given, "AccessKeyId")},
            .secret = {*json::find_string(given, "SecretAccessKey")},
            .session_token = *json::find_string(given, "SessionToken")};
  }

  static std::string trust(std::string_view principal) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
           R"("Action":"sts:AssumeRole","Principal":{"AWS":")" +
           std::string(principal) + R"("}}]})";
  }
};

constexpr std::string_view kAllowAssume =
    R"({"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"})";
constexpr std::string_view kDenyAssume =
    R"({"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"})";

TEST_F(Sts, TellsEveryCallerWhoItIs) {
  auto answer = must("GetCallerIdentity", {});
  EXPECT_EQ(answer.at("Account").as_string(), kTestAccount);
  EXPECT_EQ(answer.at("Arn"), "arn:aws:iam::111122223333:root");
  EXPECT_EQ(answer.at("UserId").as_string(), kTestAccount);
  become_user("ann");
  allow_user("ann", R"({"Effect":"Deny","Action":"*","Resource":"*"})");
  answer = must("GetCallerIdentity", {});
  EXPECT_EQ(answer.at("Arn"), "arn:aws:iam::111122223333:user/ann");
}

TEST_F(Sts, AssumesARoleThatNamesTheCaller) {
  become_user("ann");
  const auto ann = caller;
  caller = root();
  make_role("app", trust("arn:aws:iam::111122223333:user/ann"));
  caller = ann;
  const auto answer = must("AssumeRole", wanted());
  const auto& user = answer.at("AssumedRoleUser").as_object();
  EXPECT_EQ(user.at("Arn"), "arn:aws:sts::111122223333:assumed-role/app/s1");
  EXPECT_TRUE(json::find_string(user, "AssumedRoleId")->ends_with(":s1"));
  EXPECT_EQ(answer.at("Credentials").at("Expiration"), "2026-01-02T04:04:05Z");
  EXPECT_FALSE(answer.contains("PackedPolicySize"));
  const auto principal = authenticate(signed_request(credentials_of(answer)));
  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->arn, "arn:aws:sts::111122223333:assumed-role/app/s1");

  allow_user("ann", kDenyAssume);
  expect_denied();
}

TEST_F(Sts, NeedsBothSidesWhereTheTrustNamesTheAccount) {
  make_role("app", kTrustAccount);
  become_user("ann");
  expect_denied();
  allow_user("ann", kAllowAssume);
  must("AssumeRole", wanted());
  allow_user("ann", R"({"Effect":"Allow","Action":"sts:AssumeRole",)"
                    R"("Resource":"arn:aws:iam::111122223333:role/other"})");
  expect_denied();
}

TEST_F(Sts, AsksTheTrustPolicyWhateverTheCallerMay) {
  make_role("app");
  make_role("foreign", trust("222233334444"));
  become_user("ann");
  allow_user("ann", R"({"Effect":"Allow","Action":"*","Resource":"*"})");
  expect_denied();
  expect_denied("arn:aws:iam::111122223333:role/foreign");
  expect_denied("arn:aws:iam::111122223333:role/missing");
  expect_denied("arn:aws:iam::111122223333:role/path/app");
  expect_denied("arn:aws:iam::222233334444:role/app");
}

TEST_F(Sts, ChainsRolesForAnHourAtMost) {
  must("CreateRole", {{"RoleName", "app"},
                      {"MaxSessionDuration", "43200"},
                      {"AssumeRolePolicyDocument", trust("arn:aws:iam::111122223333:role/first")}});
  make_role("first", kTrustLambda);
  const auto first = identity->assume_for_service(
      {.role_arn = "arn:aws:iam::111122223333:role/first", .session_name = "x"},
      "lambda.amazonaws.com");
  caller = *authenticate(signed_request(first->credentials));
  must("AssumeRole", wanted());
  auto input = wanted();
  input["DurationSeconds"] = "3601";
  expect_error("AssumeRole", input, "ValidationError",
               "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed "
               "by role chaining");
}

TEST_F(Sts, ChecksItsInput) {
  make_role("app", kTrustAccount);
  become_user("ann");
  allow_user("ann", kAllowAssume);
  const auto refuse = [&](std::string_view member, std::string_view value,
                          std::string_view message) {
    auto input = wanted();
    input[member] = value;
    expect_error("AssumeRole", input, "ValidationError", message);
  };
  const std::string one = "1 validation error detected: Value '";
  refuse("RoleSessionName", "Session1:2",
         one +
             "Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy "
             "regular expression pattern: [\\w+=,.@-]*");
  refuse("RoleSessionName", "x",
         one +
             "x' at 'roleSessionName' failed to satisfy constraint: Member must have length "
             "greater than or equal to 2");
  refuse("RoleArn", "this-is-not-an-arn-at-all", "this-is-not-an-arn-at-all is invalid");
  refuse("RoleArn", "arn:aws:iam::111122223333:user/app",
         "arn:aws:iam::111122223333:user/app is invalid");
  refuse("DurationSeconds", "899",
         one +
             "899' at 'durationSeconds' failed to satisfy constraint: Member must have value "
             "greater than or equal to 900");
  refuse("DurationSeconds", "43201",
         one +
             "43201' at 'durationSeconds' failed to satisfy constraint: Member must have value "
             "less than or equal to 43200");
  refuse("DurationSeconds", "7200",
         "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  for (const auto* member : {"SerialNumber", "TokenCode", "ProvidedContexts"}) {
    auto input = wanted();
    input[member] = "x";
    const auto answer = run("AssumeRole", input);
    ASSERT_FALSE(answer) << member;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnsupported);
  }
}

TEST_F(Sts, KeepsRootFromAssumingRolesButNotBehindAnOpenDoor) {
  make_role("app");
  expect_error("AssumeRole", wanted(), "", "Roles may not be assumed by root accounts.");
  caller.access_key_id.clear();
  must("AssumeRole", wanted());
  EXPECT_FALSE(run("AssumeRole", wanted("arn:aws:iam::111122223333:role/missing")));
}

TEST_F(Sts, GivesTheSessionWhatTheRoleHasAndNoMore) {
  make_role("app", kTrustAccount);
  must("PutRolePolicy", {{"RoleName", "app"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  become_user("ann");
  allow_user("ann", R"({"Effect":"Allow","Action":"*","Resource":"*"})");
  auto input = wanted();
  input["DurationSeconds"] = "900";
  const auto credentials = credentials_of(must("AssumeRole", input));
  caller = *authenticate(signed_request(credentials));
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_FALSE(may("dynamodb:PutItem", kItems));
  clock.advance(seconds(900));
  EXPECT_FALSE(authenticate(signed_request(credentials)));
}

class Users : public IamFixture {};

TEST_F(Users, AreMadeShownAndDeleted) {
  const auto key = make_user("ann");
  expect_error("CreateUser", {{"UserName", "Ann"}}, "EntityAlreadyExists",
               "User with name Ann already exists.");
  const auto user = must("GetUser", {{"UserName", "ann"}}).at("User").as_object();
  EXPECT_EQ(user.at("Arn"), "arn:aws:iam::111122223333:user/ann");
  EXPECT_EQ(must("ListUsers", {}).at("Users").as_array().size(), 1u);
  const auto keys = must("ListAccessKeys", {{"UserName", "ann"}});
  ASSERT_EQ(keys.at("AccessKeyMetadata").as_array().size(), 1u);
  EXPECT_FALSE(keys.at("AccessKeyMetadata").at(0).as_object().contains("SecretAccessKey"));

  must("CreateAccessKey", {{"UserName", "ann"}});
  expect_error("CreateAccessKey", {{"UserName", "ann"}}, "LimitExceeded",
               "Cannot exceed quota for AccessKeysPerUser: 2");
  expect_error("DeleteUser", {{"UserName", "ann"}}, "DeleteConflict",
               "Cannot delete entity, must delete access keys first.");
  expect_error("DeleteAccessKey", {{"UserName", "ann"}, {"AccessKeyId", "AKIAOTHEROTHEROTHER7"}},
               "NoSuchEntity", "The Access Key with id AKIAOTHEROTHEROTHER7 cannot be found.");
  make_user("bob");
  expect_error("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", key.access_key_id.value}},
               "NoSuchEntity",
               "The Access Key with id " + key.access_key_id.value + " cannot be found.");
}

TEST_F(Users, KeepNoSecretInTheClear) {
  const auto key = make_user("ann");
  const auto it = store->iterate(storage::Family::kMeta, {});
  int records = 0;
  for (it->seek_first(); it->valid(); it->next()) {
    ++records;
    EXPECT_EQ(it->value().find(key.secret.value), std::string_view::npos);
  }
  EXPECT_EQ(records, 2);
}

TEST_F(Users, MayAskAboutThemselves) {
  const auto key = make_user("ann");
  must("PutUserPolicy",
       {{"UserName", "ann"},
        {"PolicyName", "p"},
        {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                           R"("Action":"iam:GetUser",)"
                           R"("Resource":"arn:aws:iam::111122223333:user/ann"}]})"}});
  EXPECT_EQ(must("GetUser", {}).at("User").at("Arn"), "arn:aws:iam::111122223333:root");
  caller = *authenticate(signed_request(key));
  EXPECT_EQ(must("GetUser", {}).at("User").at("UserName"), "ann");
  EXPECT_FALSE(run("GetUser", {{"UserName", "bob"}}));
}

}  // namespace
}  // namespace stator::iam
