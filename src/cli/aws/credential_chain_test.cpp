#include "cli/aws/credential_chain.hpp"

#include <gtest/gtest.h>

#include "cli/deploy/test_aws.hpp"

namespace stator::cli {
namespace {

class CredentialChainTest : public testing::Test {
 protected:
  CredentialChainTest() {
    environment_ = {{"HOME", directory_.path().string()}, {"AWS_REGION", "eu-west-1"}};
  }

  http::Response answer(const http::Request& request) {
    const std::string action = FakeAws::action_of(request);
    if (action == "AssumeRole" || action == "AssumeRoleWithWebIdentity") {
      if (request.body.find("forbidden") != std::string::npos) return xml_fault("not allowed");
      return xml_answer(action, "<Credentials><AccessKeyId>ASIA" + std::to_string(++assumed_) +
                                    "</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                                    "<SessionToken>t</SessionToken></Credentials>");
    }
    if (request.target == "/container") {
      return {200, {}, R"({"AccessKeyId":"ASIAC","SecretAccessKey":"s","Token":"ct"})"};
    }
    return {404, {}, ""};
  }

  Result<Connection> connect(const std::string& profile = "", const std::string& region = "") {
    CredentialChain chain(
        {.environment = environment_,
         .profile = profile,
         .region = region,
         .clock = clock_,
         .fetch = [](const std::string& url, http::Request request) -> Result<http::Response> {
           STATOR_TRY(const auto endpoint, http::Endpoint::parse(url));
           return http::Client(endpoint).send(request);
         }});
    STATOR_TRY_VOID(chain.read_files());
    authorities_ = chain.authorities_file();
    return chain.connect();
  }
  std::string key(const std::string& profile = "") {
    const auto connection = connect(profile);
    return connection ? connection->credentials.access_key_id.value
                      : "error: " + connection.error().message;
  }
  void use_fake() { environment_["AWS_ENDPOINT_URL"] = aws_.url(); }

  TestDirectory directory_;
  Environment environment_;
  FakeClock clock_;
  std::string authorities_;
  int assumed_ = 0;
  FakeAws aws_{[this](const http::Request& request) { return answer(request); }};
};

constexpr const char* kCredentials =
    "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n"
    "[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = s\naws_session_token = t\n";

TEST_F(CredentialChainTest, TakesTheEnvironmentFirstAndAFlagBeforeIt) {
  directory_.write(".aws/credentials", kCredentials);
  EXPECT_EQ(key(), "AKIADEFAULT");
  environment_["AWS_PROFILE"] = "dev";
  EXPECT_EQ(key(), "AKIADEV");
  environment_["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  EXPECT_EQ(key(), "AKIADEV");  // half a pair is none
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";
  environment_["AWS_SESSION_TOKEN"] = "token";
  EXPECT_EQ(key(), "AKIAENV");
  EXPECT_EQ(connect()->credentials.session_token, "token");
  EXPECT_EQ(key("dev"), "AKIADEV");
  EXPECT_EQ(connect("dev")->credentials.session_token, "t");
}

TEST_F(CredentialChainTest, SaysWhereItLooked) {
  EXPECT_NE(key().find("no AWS credentials: looked at AWS_ACCESS_KEY_ID"), std::string::npos);
  EXPECT_NE(key("nobody").find("there is no profile nobody"), std::string::npos);
  environment_["AWS_PROFILE"] = "nobody";
  EXPECT_NE(key().find("there is no profile nobody"), std::string::npos);
  environment_.erase("AWS_PROFILE");
  environment_.erase("AWS_REGION");
  EXPECT_NE(key().find("no region"), std::string::npos);
}

TEST_F(CredentialChainTest, FindsTheRegionAndTheEndpoints) {
  directory_.write(".aws/credentials", kCredentials);
  directory_.write(".aws/config",
                   "[default]\nregion = us-west-2\nendpoint_url = https://here.example:8443\n"
                   "ca_bundle = /etc/own.pem\n");
  EXPECT_EQ(connect("", "ap-south-1")->region, "ap-south-1");
  EXPECT_EQ(connect()->region, "eu-west-1");
  environment_.erase("AWS_REGION");
  const auto connection = connect();
  ASSERT_TRUE(connection);
  EXPECT_EQ(connection->region, "us-west-2");
  EXPECT_EQ(connection->endpoint, "https://here.example:8443");
  EXPECT_EQ(authorities_, "/etc/own.pem");
  environment_["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
  environment_["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:2";
  environment_["AWS_CA_BUNDLE"] = "/etc/other.pem";
  const SystemClock clock;
  const AwsClient client(*connect(), clock);
  EXPECT_EQ(client.endpoint_of("s3"), "http://127.0.0.1:2");
  EXPECT_EQ(client.endpoint_of("sts"), "http://127.0.0.1:1");
  EXPECT_EQ(authorities_, "/etc/other.pem");
  environment_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  const AwsClient plain(*connect(), clock);
  EXPECT_EQ(plain.endpoint_of("s3"), "https://s3.us-west-2.amazonaws.com");
  environment_.erase("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  environment_["AWS_ENDPOINT_URL"] = "nonsense";
  EXPECT_FALSE(connect());
  EXPECT_EQ(public_endpoint("sts", "cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
}

TEST_F(CredentialChainTest, AssumesARoleByTheKeysOfAnotherProfile) {
  use_fake();
  directory_.write(".aws/credentials", kCredentials);
  directory_.write(".aws/config",
                   "[profile deployer]\nrole_arn = arn:aws:iam::1:role/d\nsource_profile = dev\n"
                   "external_id = e/1\nduration_seconds = 900\nrole_session_name = me\n"
                   "[profile chained]\nrole_arn = arn:aws:iam::1:role/c\n"
                   "source_profile = deployer\n");
  EXPECT_EQ(key("deployer"), "ASIA1");
  const auto asked = aws_.asked();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NE(asked[0].headers.get("Authorization").find("Credential=AKIADEV/"), std::string::npos);
  EXPECT_EQ(asked[0].headers.get("X-Amz-Security-Token"), "t");
  EXPECT_NE(asked[0].body.find("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fd&RoleSessionName=me&"
                               "ExternalId=e%2F1&DurationSeconds=900"),
            std::string::npos)
      << asked[0].body;
  EXPECT_EQ(key("chained"), "ASIA3");  // by way of ASIA2
  EXPECT_NE(aws_.asked().back().headers.get("Authorization").find("ASIA2"), std::string::npos);
}

TEST_F(CredentialChainTest, RefusesProfilesThatLeadNowhere) {
  use_fake();
  directory_.write(".aws/credentials", kCredentials);
  directory_.write(".aws/config",
                   "[profile a]\nrole_arn = r\nsource_profile = b\n"
                   "[profile b]\nrole_arn = r\nsource_profile = a\n"
                   "[profile self]\nrole_arn = r\nsource_profile = self\n"
                   "[profile none]\nrole_arn = r\n"
                   "[profile both]\nrole_arn = r\nsource_profile = dev\n"
                   "credential_source = Environment\n"
                   "[profile ec2]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n"
                   "[profile env]\nrole_arn = r\ncredential_source = Environment\n"
                   "[profile no]\nrole_arn = forbidden\nsource_profile = dev\n");
  EXPECT_NE(key("a").find("in a circle"), std::string::npos) << key("a");
  EXPECT_NE(key("self").find("source_profile self has no credentials"), std::string::npos);
  EXPECT_NE(key("none").find("role_arn needs source_profile"), std::string::npos);
  EXPECT_NE(key("both").find("together"), std::string::npos);
  EXPECT_NE(key("ec2").find("does not support credential_source Ec2InstanceMetadata"),
            std::string::npos);
  EXPECT_NE(key("env").find("Environment, which has no credentials"), std::string::npos);
  EXPECT_EQ(key("no"), "error: profile no: not allowed");
}

TEST_F(CredentialChainTest, RefusesByNameWhatItDoesNotSupport) {
  const struct {
    const char* line;
    const char* name;
  } kCases[] = {{"sso_session = s", "IAM Identity Center (sso_session)"},
                {"sso_start_url = https://x", "IAM Identity Center (sso_start_url)"},
                {"credential_process = /bin/keys", "credential_process"},
                {"mfa_serial = arn", "MFA"},
                {"login_session = arn", "login_session"},
                {"services = mine", "(services)"}};
  directory_.write(".aws/credentials", kCredentials);
  for (const auto& each : kCases) {
    directory_.write(".aws/config", std::string("[default]\n") + each.line + "\n");
    const auto connection = connect();
    ASSERT_FALSE(connection) << each.line;
    EXPECT_EQ(connection.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(connection.error().message.find(each.name), std::string::npos)
        << connection.error().message;
  }
}

TEST_F(CredentialChainTest, AssumesARoleByATokenWithoutASignature) {
  use_fake();
  const std::string token = directory_.write("token", "jwt.x.y\n").string();
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = token;
  EXPECT_NE(key().find("needs AWS_ROLE_ARN"), std::string::npos);
  environment_["AWS_ROLE_ARN"] = "arn:role";
  EXPECT_EQ(key(), "ASIA1");
  auto asked = aws_.asked().back();
  EXPECT_FALSE(asked.headers.find("Authorization"));
  EXPECT_NE(asked.body.find("WebIdentityToken=jwt.x.y"), std::string::npos) << asked.body;
  EXPECT_NE(asked.body.find("RoleSessionName=stator-"), std::string::npos);
  environment_.erase("AWS_WEB_IDENTITY_TOKEN_FILE");
  directory_.write(".aws/config", "[profile ci]\nrole_arn = arn:ci\nweb_identity_token_file = " +
                                      token + "\nrole_session_name = ci\n");
  EXPECT_EQ(key("ci"), "ASIA2");
  EXPECT_NE(aws_.asked().back().body.find("RoleSessionName=ci"), std::string::npos);
}

TEST_F(CredentialChainTest, AsksTheContainersEndpointLast) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = aws_.url() + "/container";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] =
      directory_.write("token", "Bearer x\n").string();
  EXPECT_EQ(key(), "ASIAC");
  EXPECT_EQ(connect()->credentials.session_token, "ct");
  EXPECT_EQ(aws_.asked().back().headers.get("Authorization"), "Bearer x");
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = aws_.url() + "/other";
  EXPECT_NE(key().find("answered 404"), std::string::npos);
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://elsewhere.example/container";
  EXPECT_NE(key().find("must be https or this machine"), std::string::npos);
}

}  // namespace
}  // namespace stator::cli
