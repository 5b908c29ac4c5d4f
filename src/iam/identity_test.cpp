#include "iam/identity.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/check.hpp"
#include "base/file.hpp"
#include "iam/iam_fixture.hpp"
#include "iam/sessions.hpp"

namespace stator::iam {
namespace {

namespace fs = std::filesystem;

class IdentityOnDisk : public IamFixture {
 protected:
  IdentityOnDisk() {
    std::string pattern = (fs::temp_directory_path() / "stator_iam_XXXXXX").string();
    data = mkdtemp(pattern.data());
    restart();
  }
  ~IdentityOnDisk() override { fs::remove_all(data); }

  void write(std::string_view name, std::string_view text) const {
    std::ofstream(data / name) << text;
  }
};

TEST_F(IdentityOnDisk, MakesARootKeyThatOnlyItsOwnerCanRead) {
  const auto& root = identity->root_credentials();
  EXPECT_EQ(root.access_key_id.value.size(), 20u);
  EXPECT_TRUE(root.access_key_id.value.starts_with("AKIA"));
  EXPECT_EQ(root.secret.value.size(), 40u);
  const auto text = read_file(data / "credentials");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "aws_access_key_id=" + root.access_key_id.value +
                       "\naws_secret_access_key=" + root.secret.value + "\n");
  for (const auto* name : {"credentials", "session_key"}) {
    const auto mode = fs::status(data / name).permissions() & fs::perms::mask;
    EXPECT_EQ(mode, fs::perms::owner_read | fs::perms::owner_write) << name;
  }
}

TEST_F(IdentityOnDisk, KeepsKeysAndSessionsOverARestart) {
  const auto root = identity->root_credentials();
  const auto user = make_user("ann");
  make_role("app");
  const auto assumed = identity->assume_for_service(
      {.role_arn = "arn:aws:iam::111122223333:role/app", .session_name = "f"},
      "lambda.amazonaws.com");
  ASSERT_TRUE(assumed);
  restart();
  EXPECT_EQ(identity->root_credentials().secret.value, root.secret.value);
  EXPECT_TRUE(authenticate(signed_request(root)));
  EXPECT_TRUE(authenticate(signed_request(user)));
  EXPECT_TRUE(authenticate(signed_request(assumed->credentials)));
}

TEST_F(IdentityOnDisk, RefusesDamagedFilesAndLeavesThemAlone) {
  for (const auto& [name, text] :
       {std::pair{"credentials", "aws_access_key_id=AKIA\n"}, std::pair{"credentials", "nonsense"},
        std::pair{"session_key", "00ff\n"}, std::pair{"session_key", "not hex"}}) {
    const auto before = read_file(data / name);
    write(name, text);
    EXPECT_THROW(restart(), ConfigError) << name << ": " << text;
    EXPECT_EQ(*read_file(data / name), text);
    write(name, *before);
  }
  restart();
}

TEST_F(IdentityOnDisk, KeepsSessionsAndSecretsThroughARotation) {
  const auto root_key = identity->root_credentials();
  const auto first = *read_file(data / "session_key");
  make_role("app");
  const AssumeRole wanted{.role_arn = "arn:aws:iam::111122223333:role/app",
                          .session_name = "s",
                          .duration = std::chrono::hours(24)};
  const auto user_key = make_user("ann");
  const auto old_session = *identity->assume_for_service(wanted, "lambda.amazonaws.com");

  clock.advance(kSealingKeyAgeMax - std::chrono::hours(1));
  restart();
  EXPECT_EQ(*read_file(data / "session_key"), first) << "too young to rotate";
  const auto session = *identity->assume_for_service(wanted, "lambda.amazonaws.com");
  clock.advance(std::chrono::hours(2));
  restart();
  EXPECT_NE(*read_file(data / "session_key"), first);
  EXPECT_TRUE(authenticate(signed_request(session.credentials)))
      << "what an older key sealed still opens";
  EXPECT_TRUE(authenticate(signed_request(user_key)));
  EXPECT_FALSE(authenticate(signed_request(old_session.credentials)));
  const auto newer = *identity->assume_for_service(wanted, "lambda.amazonaws.com");
  EXPECT_TRUE(authenticate(signed_request(newer.credentials)));

  clock.advance(kSealingKeyOpens);
  restart();
  const auto text = *read_file(data / "session_key");
  EXPECT_EQ(text.find("session "), text.rfind("session ")) << "one sealing key is left: " << text;
  EXPECT_TRUE(authenticate(signed_request(user_key)));
  EXPECT_EQ(identity->root_credentials().secret.value, root_key.secret.value);
}

TEST_F(IdentityOnDisk, ReadsAFileOfOneKeyAndRotatesIt) {
  const auto user_key = make_user("ann");
  const auto text = *read_file(data / "session_key");
  const auto stored = text.substr(7, 64);
  write("session_key", stored + "\n");
  restart();
  EXPECT_TRUE(authenticate(signed_request(user_key)));
  const auto now = *read_file(data / "session_key");
  EXPECT_TRUE(now.starts_with("stored " + stored + "\nsession "));
  EXPECT_NE(now.find("session " + stored), std::string::npos) << "it sealed until a moment ago";
}

TEST_F(IdentityOnDisk, EndsAllSessionsWhenTheirKeysAreTakenAway) {
  const auto user_key = make_user("ann");
  make_role("app");
  const auto session = *identity->assume_for_service(
      {.role_arn = "arn:aws:iam::111122223333:role/app", .session_name = "s"},
      "lambda.amazonaws.com");
  const auto text = *read_file(data / "session_key");
  write("session_key", text.substr(0, text.find("session")));
  restart();
  EXPECT_FALSE(authenticate(signed_request(session.credentials)));
  EXPECT_TRUE(authenticate(signed_request(user_key)));
}

class IdentityTest : public IamFixture {
 protected:
  static constexpr std::string_view kRole = "arn:aws:iam::111122223333:role/app";
  static constexpr std::string_view kLambda = "lambda.amazonaws.com";
};

TEST_F(IdentityTest, LetsAServiceAssumeOnlyWhatTrustsIt) {
  make_role("app");
  make_role("other", kTrustAccount);
  EXPECT_TRUE(identity->check_service_may_assume(kRole, kLambda));
  for (const auto& [arn, service] :
       {std::pair<std::string_view, std::string_view>{kRole, "apigateway.amazonaws.com"},
        {"arn:aws:iam::111122223333:role/other", kLambda},
        {"arn:aws:iam::111122223333:role/missing", kLambda},
        {"arn:aws:iam::111122223333:role/path/app", kLambda},
        {"arn:aws:iam::222233334444:role/app", kLambda},
        {"arn:aws:iam::111122223333:user/app", kLambda},
        {"app", kLambda},
        {"", kLambda}}) {
    const auto checked = identity->check_service_may_assume(arn, service);
    ASSERT_FALSE(checked) << arn;
    EXPECT_EQ(checked.error().code, ErrorCode::kAccessDenied);
    EXPECT_EQ(checked.error().message, std::string(service) +
                                           " is not authorized to perform: sts:AssumeRole on "
                                           "resource: " +
                                           std::string(arn));
    EXPECT_FALSE(identity->assume_for_service({.role_arn = arn, .session_name = "f"}, service));
  }
}

TEST_F(IdentityTest, WantsTheConditionsOfATrustPolicyToHold) {
  make_role("app", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                   R"("Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole",)"
                   R"("Condition":{"StringEquals":{"sts:ExternalId":"x"}}}]})");
  EXPECT_FALSE(identity->check_service_may_assume(kRole, kLambda));
}

TEST_F(IdentityTest, DecidesByInlineAndAttachedPolicies) {
  make_role("app");
  const auto assumed =
      identity->assume_for_service({.role_arn = kRole, .session_name = "f"}, kLambda);
  const auto session = *authenticate(signed_request(assumed->credentials));
  const auto as_session = [&](std::string_view action) {
    caller = session;
    const auto allowed = may(action, kItems);
    caller = root();
    return allowed.has_value();
  };
  EXPECT_FALSE(as_session("dynamodb:GetItem"));

  must("PutRolePolicy", {{"RoleName", "app"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  EXPECT_TRUE(as_session("dynamodb:GetItem"));
  EXPECT_FALSE(as_session("dynamodb:PutItem"));

  must("AttachRolePolicy",
       {{"RoleName", "app"}, {"PolicyArn", "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"}});
  EXPECT_TRUE(as_session("dynamodb:PutItem"));
  EXPECT_FALSE(as_session("iam:CreateRole"));

  must("PutRolePolicy",
       {{"RoleName", "app"},
        {"PolicyName", "q"},
        {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny",)"
                           R"("Action":"dynamodb:Put*","Resource":"*"}]})"}});
  EXPECT_FALSE(as_session("dynamodb:PutItem"));
  must("DeleteRolePolicy", {{"RoleName", "app"}, {"PolicyName", "q"}});
  EXPECT_TRUE(as_session("dynamodb:PutItem"));
  must("DetachRolePolicy",
       {{"RoleName", "app"}, {"PolicyArn", "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"}});
  EXPECT_FALSE(as_session("dynamodb:PutItem"));
  EXPECT_TRUE(as_session("dynamodb:GetItem"));
}

TEST_F(IdentityTest, FollowsTheDefaultVersionOfAManagedPolicy) {
  const auto key = make_user("ann");
  const std::string arn = "arn:aws:iam::111122223333:policy/p";
  must("CreatePolicy", {{"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
  must("AttachUserPolicy", {{"UserName", "ann"}, {"PolicyArn", arn}});
  const auto ann = *authenticate(signed_request(key));
  const auto may_put = [&] {
    caller = ann;
    const auto allowed = may("dynamodb:PutItem", kItems);
    caller = root();
    return allowed.has_value();
  };
  EXPECT_FALSE(may_put());
  must("CreatePolicyVersion",
       {{"PolicyArn", arn},
        {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                           R"("Action":"dynamodb:*","Resource":"*"}]})"},
        {"SetAsDefault", "true"}});
  EXPECT_TRUE(may_put());
  must("SetDefaultPolicyVersion", {{"PolicyArn", arn}, {"VersionId", "v1"}});
  EXPECT_FALSE(may_put());
}

TEST_F(IdentityTest, DeniesInAwsWords) {
  const auto key = make_user("ann");
  const auto ann = *authenticate(signed_request(key));
  const std::string subject =
      "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: dynamodb:PutItem on "
      "resource: arn:aws:dynamodb:us-east-1:111122223333:table/items";
  const std::string implicit =
      " because no identity-based policy allows the dynamodb:PutItem action";
  const auto denial = [&] {
    caller = ann;
    const auto denied = may("dynamodb:PutItem", kItems);
    caller = root();
    EXPECT_EQ(denied.error().code, ErrorCode::kAccessDenied);
    EXPECT_EQ(denied.error().aws_type, "");
    return denied.error().message;
  };
  const auto put = [&](std::string_view statement) {
    must("PutUserPolicy", {{"UserName", "ann"},
                           {"PolicyName", "p"},
                           {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[)" +
                                                  std::string(statement) + "]}"}});
  };
  EXPECT_EQ(denial(), subject + implicit);
  put(R"({"Effect":"Deny","Action":"*","Resource":"*"})");
  EXPECT_EQ(denial(), subject + " with an explicit deny in an identity-based policy");
}

TEST_F(IdentityTest, KeepsAccountsApart) {
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_TRUE(may("s3:GetObject", "arn:aws:s3:::bucket/key"));
  EXPECT_TRUE(may("iam:GetPolicy", "arn:aws:iam::aws:policy/AdministratorAccess"));
  const auto foreign = may("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:222233334444:table/t");
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().message,
            "User: arn:aws:iam::111122223333:root is not authorized to perform: dynamodb:GetItem "
            "on resource: arn:aws:dynamodb:us-east-1:222233334444:table/t because no "
            "resource-based policy allows the dynamodb:GetItem action");
  caller = {.kind = aws::Principal::Kind::kService,
            .account = std::string(kTestAccount),
            .arn = "apigateway.amazonaws.com",
            .user_id = {},
            .access_key_id = {},
            .role_name = {}};
  EXPECT_FALSE(may("lambda:InvokeFunction", "*"));
}

TEST_F(IdentityTest, GivesAUserMadeAnewNothingOfTheOldOnes) {
  const auto key = make_user("ann");
  const auto old = *authenticate(signed_request(key));
  must("DeleteAccessKey", {{"UserName", "ann"}, {"AccessKeyId", key.access_key_id.value}});
  must("DeleteUser", {{"UserName", "ann"}});
  make_user("ann");
  must("AttachUserPolicy",
       {{"UserName", "ann"}, {"PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess"}});
  caller = old;
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
}

TEST_F(IdentityTest, ShowsAChangeToAllWhileOthersAsk) {
  const auto key = make_user("ann");
  const auto request = signed_request(key);
  const auto ann = *authenticate(request);
  const aws::Permission need{"dynamodb:GetItem", std::string(kItems)};
  aws::Call call;
  call.principal = ann;
  std::atomic<bool> stop = false;
  std::atomic<int> strangers = 0;
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([&] {
      while (!stop) {
        const auto principal =
            identity->authenticator().authenticate(request, "dynamodb", clock.wall());
        if (!principal || principal->arn != ann.arn) ++strangers;
        (void)identity->authorizer().authorize(call, {&need, 1});
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    must("PutUserPolicy",
         {{"UserName", "ann"}, {"PolicyName", "p"}, {"PolicyDocument", kReadItems}});
    EXPECT_TRUE(identity->authorizer().authorize(call, {&need, 1}));
    must("DeleteUserPolicy", {{"UserName", "ann"}, {"PolicyName", "p"}});
    EXPECT_FALSE(identity->authorizer().authorize(call, {&need, 1}));
  }
  stop = true;
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(strangers, 0);
}

}  // namespace
}  // namespace stator::iam
