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

  /// A presigned GET of the root, good for `expires` from `time` on.
  [[nodiscard]] http::Request presigned(std::string_view service, WallTime time,
                                        std::string_view expires,
                                        std::string_view payload_hash) const {
    const auto& root = identity->root_credentials();
    const auto stamp = iso8601_basic(time);
    const aws::sigv4::Scope scope{stamp.substr(0, 8), "us-east-1", std::string(service)};
    http::Request request;
    request.method = "GET";
    request.headers.add("Host", "localhost:4566");
    request.target = "/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" +
                     root.access_key_id.value + "%2F" + scope.date + "%2Fus-east-1%2F" +
                     std::string(service) + "%2Faws4_request&X-Amz-Date=" + stamp +
                     "&X-Amz-Expires=" + std::string(expires) + "&X-Amz-SignedHeaders=host";
    auto unsigned_request = request;
    unsigned_request.target += "&X-Amz-Signature=0";
    const auto claim = aws::sigv4::read_claim(unsigned_request);
    if (!claim) return unsigned_request;
    const auto canonical = aws::sigv4::canonical_request(
        request, *claim,
        service == "s3" ? aws::sigv4::PathStyle::kVerbatim : aws::sigv4::PathStyle::kNormalized,
        payload_hash);
    request.target += "&X-Amz-Signature=" +
                      aws::sigv4::signature(aws::sigv4::signing_key(root.secret, scope),
                                            aws::sigv4::string_to_sign(stamp, scope, canonical));
    return request;
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

TEST_F(AuthenticatorTest, RefusesBothFormsAtOnce) {
  auto request = good();
  request.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  expect_refusal(request, "InvalidSignatureException", "Found both");
}

TEST_F(AuthenticatorTest, RefusesMalformedHeaders) {
  auto request = good();
  edit(request, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
  expect_refusal(request, "IncompleteSignatureException", "Unsupported AWS 'algorithm'");

  request = good();
  edit(request, "Signature=", "Signat=");
  expect_refusal(request, "IncompleteSignatureException",
                 "Authorization header requires 'Signature' parameter.");

  request = good();
  request.headers.set("X-Amz-Date", "2026-01-02");
  expect_refusal(request, "IncompleteSignatureException",
                 "Date must be in ISO-8601 'basic format'. Got '2026-01-02'.");

  request = good();
  edit(request, "/aws4_request", "");
  expect_refusal(request, "IncompleteSignatureException",
                 "Credential must have exactly 5 slash-delimited elements");
}

TEST_F(AuthenticatorTest, WantsHostAndAmzHeadersUnderTheSignature) {
  auto request = good();
  edit(request, "host;", "");
  expect_refusal(request, "InvalidSignatureException",
                 "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");

  request = good();
  request.headers.add("X-Amz-Extra", "1");
  expect_refusal(request, "InvalidSignatureException",
                 "'X-Amz-Extra' must be a 'SignedHeader' in the AWS Authorization.");

  request = signed_request(identity->root_credentials(), "s3");
  request.headers.add("X-Amz-Extra", "1");
  expect_refusal(request, "AccessDenied",
                 "There were headers present in the request which were not signed", "s3");
}

TEST_F(AuthenticatorTest, AllowsTheServicesClockSkewAndNoMore) {
  struct Case {
    std::string_view service;
    minutes skew;
  };
  for (const auto& [service, skew] :
       {Case{"dynamodb", minutes(15)}, Case{"sts", minutes(15)}, Case{"iam", minutes(15)},
        Case{"lambda", minutes(5)}, Case{"apigateway", minutes(5)},
        Case{"execute-api", minutes(5)}}) {
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

TEST_F(AuthenticatorTest, ListsEveryFaultOfTheScope) {
  auto request = good();
  edit(request, "20260102/us-east-1/dynamodb/aws4_request", "20260103/US_EAST/sqs/aws5");
  expect_refusal(
      request, "InvalidSignatureException",
      "Credential should be scoped to a valid region, not 'US_EAST'. Credential should be scoped "
      "to correct service: 'dynamodb'. Credential should be scoped with a valid terminator: "
      "'aws4_request', not 'aws5'. Date in Credential scope does not match YYYYMMDD from ISO-8601 "
      "version of date from HTTP: '20260103' != '20260102', from '20260102T030405Z'.");
  expect_refusal(good(), "InvalidSignatureException",
                 "Credential should be scoped to correct service: 'lambda'.", "lambda");
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

TEST_F(AuthenticatorTest, HoldsAnS3BodyAgainstItsHashHeader) {
  /// Signed with the header's own value in the place of the hash, as S3's clients do.
  const auto put = [&](std::string_view hash) {
    http::Request request;
    request.method = "PUT";
    request.target = "/bucket/a%20b";
    request.headers.add("Host", "localhost:4566");
    request.headers.add("X-Amz-Date", iso8601_basic(clock.wall()));
    request.headers.add("X-Amz-Content-SHA256", std::string(hash));
    request.body = "bytes";
    const auto& root = identity->root_credentials();
    const aws::sigv4::Scope scope{"20260102", "us-east-1", "s3"};
    aws::sigv4::Claim claim;
    claim.signed_headers = {"host", "x-amz-content-sha256", "x-amz-date"};
    const auto canonical =
        aws::sigv4::canonical_request(request, claim, aws::sigv4::PathStyle::kVerbatim, hash);
    const auto to_sign = aws::sigv4::string_to_sign(iso8601_basic(clock.wall()), scope, canonical);
    request.headers.add(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=" + root.access_key_id.value +
            "/20260102/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" +
            aws::sigv4::signature(aws::sigv4::signing_key(root.secret, scope), to_sign));
    return request;
  };
  EXPECT_TRUE(authenticate(put(crypto::sha256_hex("bytes")), "s3"));
  EXPECT_TRUE(authenticate(put("UNSIGNED-PAYLOAD"), "s3"));
  expect_refusal(put(crypto::sha256_hex("other")), "XAmzContentSHA256Mismatch",
                 "The provided 'x-amz-content-sha256' header does not match", "s3");
  expect_refusal(put("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), "NotImplemented",
                 "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "s3");
  auto request = put("UNSIGNED-PAYLOAD");
  request.target = "/bucket/a%2520b";
  expect_refusal(request, "InvalidSignatureException", "The request signature we calculated", "s3");
  request = put("UNSIGNED-PAYLOAD");
  request.headers.remove("x-amz-content-sha256");
  expect_refusal(request, "InvalidRequest", "Missing required header for this request", "s3");
  EXPECT_TRUE(authenticate(signed_request(identity->root_credentials(), "s3"), "s3"));
}

TEST_F(AuthenticatorTest, HonoursPresignedRequestsForAsLongAsTheySay) {
  const auto start = std::chrono::floor<seconds>(clock.wall());
  clock.set(start);
  const auto s3 = presigned("s3", start, "60", "UNSIGNED-PAYLOAD");
  const auto sts = presigned("sts", start, "60", crypto::sha256_hex(""));
  EXPECT_TRUE(authenticate(s3, "s3"));
  EXPECT_TRUE(authenticate(sts, "sts"));
  clock.advance(seconds(60));
  EXPECT_TRUE(authenticate(s3, "s3"));
  clock.advance(seconds(1));
  expect_refusal(s3, "AccessDenied", "Request has expired", "s3");
  expect_refusal(sts, "InvalidSignatureException", "Signature expired: 20260102T030505Z", "sts");

  const auto week = presigned("s3", start, "604800", "UNSIGNED-PAYLOAD");
  clock.set(start + std::chrono::hours(24 * 7));
  EXPECT_TRUE(authenticate(week, "s3"));
  clock.set(start - minutes(16));
  expect_refusal(sts, "InvalidSignatureException", "Signature not yet current", "sts");
  clock.set(start);
  expect_refusal(presigned("s3", start, "604801", "UNSIGNED-PAYLOAD"),
                 "IncompleteSignatureException", "X-Amz-Expires", "s3");

  auto changed = s3;
  changed.target.replace(changed.target.find("/key"), 4, "/kez");
  expect_refusal(changed, "InvalidSignatureException", "The request signature we calculated", "s3");
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
