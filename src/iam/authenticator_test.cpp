#include "iam/authenticator.hpp"

#include "base/bytes.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"
#include "iam/iam_fixture.hpp"
#include "iam/open_door.hpp"

namespace stator::iam {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class AuthenticatorTest : public IamFixture {
 protected:
  void expect_refusal(const http::Request& request, std::string_view type, std::string_view message,
                      std::string_view service = "dynamodb") {
    const auto principal = authenticate(request, service);
    ASSERT_FALSE(principal);
    EXPECT_EQ(principal.error().aws_type, type) << principal.error().message;
    EXPECT_TRUE(principal.error().message.starts_with(message)) << principal.error().message;
  }

  [[nodiscard]] http::Request good() const { return signed_request(identity->root_credentials()); }

  /// Replaces text in the Authorization header.
  static void edit(http::Request& request, std::string_view from, std::string_view to) {
    std::string header(request.headers.get("authorization"));
    const auto at = header.find(from);
    ASSERT_NE(at, std::string::npos) << header;
    header.replace(at, from.size(), to);
    request.headers.set("Authorization", header);
  }
};

TEST_F(AuthenticatorTest, KnowsTheRootByItsSignature) {
  const auto principal = authenticate(good());
  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->kind, aws::Principal::Kind::kRoot);
  EXPECT_EQ(principal->arn, "arn:aws:iam::111122223333:root");
  EXPECT_EQ(principal->account, kTestAccount);
  EXPECT_EQ(principal->user_id, kTestAccount);
  EXPECT_EQ(principal->access_key_id, identity->root_credentials().access_key_id.value);
  EXPECT_TRUE(authenticate(good())) << "with the signing key from the cache";
}

TEST_F(AuthenticatorTest, RefusesARequestWithoutSignature) {
  auto request = good();
  request.headers.remove("authorization");
  expect_refusal(request, "MissingAuthenticationTokenException",
                 "Request is missing Authentication Token");
}

TEST_F(AuthenticatorTest, AllowsTheServicesClockSkewAndNoMore) {
  struct Case {
    std::string_view service;
    minutes skew;
  };
  for (const auto& [service, skew] :
       {Case{"dynamodb", minutes(15)}, Case{"sts", minutes(15)}, Case{"iam", minutes(15)},
        Case{"lambda", minutes(5)}, Case{"apigateway", minutes(5)}, Case{"logs", minutes(5)},
        Case{"cloudformation", minutes(5)}, Case{"execute-api", minutes(5)}}) {
    const auto window = std::to_string(skew.count()) + " min.)";
    const auto request = signed_request(identity->root_credentials(), service);
    clock.advance(skew - seconds(1));
    EXPECT_TRUE(authenticate(request, service)) << service;
    clock.advance(seconds(3));
    auto principal = authenticate(request, service);
    ASSERT_FALSE(principal) << service;
    EXPECT_EQ(principal.error().aws_type, "InvalidSignatureException");
    EXPECT_TRUE(principal.error().message.starts_with("Signature expired: 2026")) << service;
    EXPECT_TRUE(principal.error().message.ends_with(" - " + window)) << principal.error().message;

    clock.advance(-2 * skew - seconds(1));
    EXPECT_TRUE(authenticate(request, service)) << service;
    clock.advance(-seconds(3));
    principal = authenticate(request, service);
    ASSERT_FALSE(principal) << service;
    EXPECT_TRUE(principal.error().message.starts_with("Signature not yet current: 2026"));
    EXPECT_TRUE(principal.error().message.ends_with(" + " + window)) << principal.error().message;
    clock.set(FakeClock().wall());
  }
}

TEST_F(AuthenticatorTest, SaysTheWindowAsAwsDoes) {
  const auto request = good();
  clock.advance(minutes(16));
  expect_refusal(request, "InvalidSignatureException",
                 "Signature expired: 20260102T030405Z is now earlier than 20260102T030505Z "
                 "(20260102T032005Z - 15 min.)");
}

TEST_F(AuthenticatorTest, RefusesUnknownKeysAndStrayTokens) {
  const auto& root = identity->root_credentials();
  expect_refusal(signed_request({{"AKIAUNKNOWNUNKNOWN77"}, root.secret}),
                 "UnrecognizedClientException",
                 "The security token included in the request is invalid.");
  expect_refusal(signed_request({root.access_key_id, root.secret, "token"}),
                 "UnrecognizedClientException",
                 "The security token included in the request is invalid");
  expect_refusal(signed_request({{"ASIAUNKNOWNUNKNOWN77"}, root.secret}),
                 "UnrecognizedClientException",
                 "The security token included in the request is invalid");
}

TEST_F(AuthenticatorTest, RefusesAnythingThatWasChangedAfterSigning) {
  constexpr std::string_view kMismatch =
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method.";
  auto request = good();
  request.body += " ";
  expect_refusal(request, "InvalidSignatureException", kMismatch);
  request = good();
  request.method = "PUT";
  expect_refusal(request, "InvalidSignatureException", kMismatch);
  request = good();
  request.target = "/x";
  expect_refusal(request, "InvalidSignatureException", kMismatch);
  request = good();
  request.target = "/?a=b";
  expect_refusal(request, "InvalidSignatureException", kMismatch);
  request = good();
  request.headers.set("X-Amz-Target", "DynamoDB_20120810.DeleteTable");
  expect_refusal(request, "InvalidSignatureException", kMismatch);
  request = good();
  request.headers.set("Host", "other");
  expect_refusal(request, "InvalidSignatureException", kMismatch);
  request = signed_request({identity->root_credentials().access_key_id, {"wrong"}});
  expect_refusal(request, "InvalidSignatureException", kMismatch);
  request = good();
  edit(request, "Signature=", "Signature=0");
  expect_refusal(request, "InvalidSignatureException", kMismatch);
}

TEST_F(AuthenticatorTest, ShowsDynamoDbClientsWhatShouldHaveBeenSigned) {
  auto request = good();
  request.body += " ";
  const auto principal = authenticate(request);
  ASSERT_FALSE(principal);
  EXPECT_NE(principal.error().message.find("\n\nThe String-to-Sign should have been\n'AWS4-HMAC"),
            std::string::npos);
  auto lambda = signed_request(identity->root_credentials(), "lambda");
  lambda.body += " ";
  EXPECT_EQ(authenticate(lambda, "lambda").error().message.find("String-to-Sign"),
            std::string::npos);
}

TEST_F(AuthenticatorTest, TakesABodyHashHeaderAsOneMoreClaim) {
  auto request = good();
  request.headers.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  aws::sigv4::sign(request, identity->root_credentials(), "us-east-1", "dynamodb", clock.wall());
  expect_refusal(request, "InvalidSignatureException", "The request signature we calculated");

  request.headers.set("x-amz-content-sha256", crypto::sha256_hex(request.body));
  aws::sigv4::sign(request, identity->root_credentials(), "us-east-1", "dynamodb", clock.wall());
  EXPECT_TRUE(authenticate(request));
}

TEST_F(AuthenticatorTest, KnowsUsersByTheirKeys) {
  const auto key = make_user("ann");
  const auto principal = authenticate(signed_request(key));
  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->kind, aws::Principal::Kind::kUser);
  EXPECT_EQ(principal->arn, "arn:aws:iam::111122223333:user/ann");
  EXPECT_TRUE(principal->user_id.starts_with("AIDA"));

  const auto& id = key.access_key_id.value;
  must("UpdateAccessKey", {{"UserName", "ann"}, {"AccessKeyId", id}, {"Status", "Inactive"}});
  expect_refusal(signed_request(key), "UnrecognizedClientException",
                 "The security token included in the request is invalid.");
  must("UpdateAccessKey", {{"UserName", "ann"}, {"AccessKeyId", id}, {"Status", "Active"}});
  EXPECT_TRUE(authenticate(signed_request(key)));
  must("DeleteAccessKey", {{"UserName", "ann"}, {"AccessKeyId", id}});
  expect_refusal(signed_request(key), "UnrecognizedClientException",
                 "The security token included in the request is invalid.");
}

TEST_F(AuthenticatorTest, KnowsSessionsByTheirTokens) {
  make_role("app");
  const auto assumed =
      identity->assume_for_service({.role_arn = "arn:aws:iam::111122223333:role/app",
                                    .session_name = "f",
                                    .duration = minutes(5)},
                                   "lambda.amazonaws.com");
  ASSERT_TRUE(assumed) << assumed.error().message;
  const auto& key = assumed->credentials;
  const auto principal = authenticate(signed_request(key));
  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->kind, aws::Principal::Kind::kAssumedRole);
  EXPECT_EQ(principal->arn, "arn:aws:sts::111122223333:assumed-role/app/f");
  EXPECT_EQ(principal->role_name, "app");
  EXPECT_TRUE(principal->user_id.starts_with("AROA"));
  EXPECT_TRUE(principal->user_id.ends_with(":f"));

  // Every other character of the token matters.
  for (std::size_t i = 0; i < key.session_token.size(); i += 7) {
    auto altered = key;
    altered.session_token[i] = altered.session_token[i] == 'A' ? 'B' : 'A';
    expect_refusal(signed_request(altered), "UnrecognizedClientException",
                   "The security token included in the request is invalid");
  }
  auto cut = key;
  cut.session_token.resize(cut.session_token.size() / 2);
  expect_refusal(signed_request(cut), "UnrecognizedClientException", "The security token");
  auto missing = key;
  missing.session_token.clear();
  expect_refusal(signed_request(missing), "UnrecognizedClientException", "The security token");

  const auto other = identity->assume_for_service(
      {.role_arn = "arn:aws:iam::111122223333:role/app", .session_name = "g"},
      "lambda.amazonaws.com");
  auto mixed = key;
  mixed.session_token = other->credentials.session_token;
  expect_refusal(signed_request(mixed), "UnrecognizedClientException", "The security token");

  clock.advance(minutes(5));
  expect_refusal(signed_request(key), "ExpiredTokenException",
                 "The security token included in the request is expired");
  EXPECT_TRUE(authenticate(signed_request(other->credentials)));
}

TEST_F(AuthenticatorTest, EndsASessionWithItsRole) {
  make_role("app");
  const auto assumed = identity->assume_for_service(
      {.role_arn = "arn:aws:iam::111122223333:role/app", .session_name = "f"},
      "lambda.amazonaws.com");
  ASSERT_TRUE(authenticate(signed_request(assumed->credentials)));
  must("DeleteRole", {{"RoleName", "app"}});
  expect_refusal(signed_request(assumed->credentials), "UnrecognizedClientException",
                 "The security token included in the request is invalid");
  make_role("app");
  expect_refusal(signed_request(assumed->credentials), "UnrecognizedClientException",
                 "The security token included in the request is invalid");
}

TEST(OpenDoor, LetsEverybodyInAsRoot) {
  OpenDoor door("111122223333");
  const auto principal = door.authenticate(http::Request(), "dynamodb", WallTime());
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->arn, "arn:aws:iam::111122223333:root");
  EXPECT_EQ(principal->access_key_id, "");
  const aws::Permission need{"dynamodb:DeleteTable", "*"};
  aws::Call call;
  call.principal = *principal;
  EXPECT_TRUE(door.authorize(call, {&need, 1}));
}

}  // namespace
}  // namespace stator::iam
