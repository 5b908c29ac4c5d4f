#include "iam/signature_rules.hpp"

#include "iam/signature_fixture.hpp"

/// One test for each rule of the order in which services other than S3 judge, and that the rules
/// come in this order.
namespace stator::iam {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";

class SignatureRules : public SignatureFixture {
 protected:
  SignatureRules() { clock.set(*parse_iso8601_basic("20260102T030405Z")); }
};

TEST_F(SignatureRules, TheQueryStringMustBeReadable) {
  // Even before there is a signature to judge.
  for (const auto& [target, message] : std::vector<std::pair<std::string, std::string>>{
           {"/?a=%", "Incomplete trailing escape % sequence"},
           {"/?a=%2", "Incomplete trailing escape % sequence"},
           {"/?a=%zz&b", "Illegal hex character in escape % pattern: %zz"},
           {"/?%4x", "Illegal hex character in escape % pattern: %4x"}}) {
    http::Request request{.method = "GET", .target = target};
    expect_refusal(request, "iam", "MalformedQueryStringException", message);
  }
  expect_accepted(sign({.target = "/?a=%25%2f%FF"}), "dynamodb");
}

TEST_F(SignatureRules, ARequestWithoutSignatureIsNobodys) {
  const http::Request request{.method = "GET", .target = "/"};
  for (const char* service : {"dynamodb", "iam", "sts", "cloudformation"}) {
    expect_refusal(request, service, "MissingAuthenticationTokenException",
                   "Request is missing Authentication Token");
  }
  for (const char* service : {"lambda", "apigateway", "execute-api", "logs"}) {
    expect_refusal(request, service, "MissingAuthenticationTokenException",
                   "Missing Authentication Token");
  }
}

TEST_F(SignatureRules, BothFormsAreOneTooMany) {
  auto request = sign({});
  request.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  expect_refusal(request, "dynamodb", "InvalidSignatureException",
                 "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
                 "header.");
}

TEST_F(SignatureRules, OtherSchemesAreNamed) {
  auto request = sign({});
  edit(request, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
  for (const char* service : {"dynamodb", "lambda", "sts", "logs"}) {
    expect_refusal(request, service, "IncompleteSignatureException",
                   "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
  }
  request.headers.set("Authorization", "Bearer xyz");
  expect_refusal(request, "dynamodb", "MissingAuthenticationTokenException",
                 "Request is missing Authentication Token");
  expect_refusal(request, "iam", "IncompleteSignatureException",
                 "Unsupported AWS 'algorithm': 'Bearer'.");
  // What may be a password is not repeated: the text is the hash of "Bearer xyz".
  expect_refusal(request, "lambda", "IncompleteSignatureException",
                 "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with "
                 "SHA-256 and encoded with Base64): '" +
                     base64_encode(crypto::sha256("Bearer xyz")) + "'.");
  request = presign({.service = "sts"});
  retarget(request, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256");
  expect_refusal(request, "sts", "IncompleteSignatureException",
                 "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
}

TEST_F(SignatureRules, EveryPartIsKeyAndValue) {
  auto request = sign({});
  request.headers.set("Authorization", "AWS4-HMAC-SHA256 Credential=a, nonsense, Signature=b");
  expect_refusal(request, "dynamodb", "IncompleteSignatureException",
                 "'nonsense' not a valid key=value pair (missing equal-sign) in Authorization "
                 "header: 'AWS4-HMAC-SHA256 Credential=a, nonsense, Signature=b'.");
}

TEST_F(SignatureRules, WhatIsMissingIsListed) {
  http::Request request{.method = "POST", .target = "/"};
  request.headers.add("Authorization", "AWS4-HMAC-SHA256 X=y");
  expect_refusal(
      request, "dynamodb", "IncompleteSignatureException",
      "Authorization header requires 'Credential' parameter. Authorization header requires "
      "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
      "Authorization=AWS4-HMAC-SHA256 X=y");
  request = {.method = "GET", .target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256"};
  expect_refusal(request, "sts", "IncompleteSignatureException",
                 "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string "
                 "parameters must include 'X-Amz-Signature'. AWS query-string parameters must "
                 "include 'X-Amz-SignedHeaders'. AWS query-string parameters must include "
                 "'X-Amz-Date'. Re-examine the query-string parameters.");
}

TEST_F(SignatureRules, HostMustBeSigned) {
  expect_refusal(sign({.signed_headers = "x-amz-date"}), "dynamodb", "InvalidSignatureException",
                 "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  expect_refusal(presign({.service = "sts", .signed_headers = "x"}), "sts",
                 "InvalidSignatureException", "'Host' or ':authority' must be a 'SignedHeader'");
}

TEST_F(SignatureRules, AmzHeadersMustBeSigned) {
  auto request = sign({});
  request.headers.add("X-Amz-Extra", "1");
  expect_refusal(request, "dynamodb", "InvalidSignatureException",
                 "'X-Amz-Extra' must be a 'SignedHeader' in the AWS Authorization.");
  request = presign({.service = "sts"});
  request.headers.add("x-amz-target", "1");
  expect_refusal(request, "sts", "InvalidSignatureException", "'x-amz-target' must be");
  // The hash of the body is held against the body, and the token belongs to its key.
  request = sign({});
  request.headers.add("x-amz-content-sha256", crypto::sha256_hex(""));
  request.headers.add("x-amzn-trace-id", "1");
  expect_accepted(request, "dynamodb");
}

TEST_F(SignatureRules, SignedHeadersHaveABound) {
  std::string names = "host;x-amz-date";
  for (std::size_t i = 2; i < kSignedHeadersMax; ++i) names += ";h" + std::to_string(i);
  expect_accepted(sign({.signed_headers = names}), "dynamodb");
  expect_refusal(sign({.signed_headers = names + ";z"}), "dynamodb", "IncompleteSignatureException",
                 "The signature covers more than 128 headers");
}

TEST_F(SignatureRules, TheDateHasOneForm) {
  for (const char* date : {"2026-01-02T03:04:05Z", "20260102T030405", "20261302T030405Z", ""}) {
    auto request = sign({});
    request.headers.set("X-Amz-Date", date);
    expect_refusal(request, "dynamodb", "IncompleteSignatureException",
                   "Date must be in ISO-8601 'basic format'. Got '" + std::string(date) +
                       "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
}

TEST_F(SignatureRules, TheDateHeaderWillDo) {
  auto request = sign({.signed_headers = "date;host"});
  request.headers.remove("X-Amz-Date");
  request.headers.add("Date", "Fri, 02 Jan 2026 03:04:05 GMT");
  request.headers.remove("Authorization");
  const std::string time = "20260102T030405Z";
  const aws::sigv4::Scope scope{"20260102", "us-east-1", "dynamodb"};
  const std::string hash = crypto::sha256_hex("");
  const auto canonical =
      aws::sigv4::canonical_request(request, {.signed_headers = "date;host", .payload_hash = hash});
  request.headers.add(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=" + root_key().access_key_id.value +
          "/20260102/us-east-1/dynamodb/aws4_request, SignedHeaders=date;host, Signature=" +
          aws::sigv4::signature(aws::sigv4::signing_key(root_key().secret, scope),
                                aws::sigv4::string_to_sign(time, scope, canonical)));
  expect_accepted(request, "dynamodb");
}

TEST_F(SignatureRules, ASignatureGrowsOldAndMayBeTooNew) {
  const auto request = sign({});
  clock.advance(minutes(15));
  expect_accepted(request, "dynamodb");
  clock.advance(seconds(1));
  expect_refusal(request, "dynamodb", "InvalidSignatureException",
                 "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z "
                 "(20260102T031906Z - 15 min.)");
  clock.advance(-minutes(30) - seconds(2));
  expect_refusal(request, "dynamodb", "InvalidSignatureException",
                 "Signature not yet current: 20260102T030405Z is still later than "
                 "20260102T030404Z (20260102T024904Z + 15 min.)");
}

TEST_F(SignatureRules, APresignedRequestIsAsGoodAsAnyOther) {
  // X-Amz-Expires is S3's; the others know their window alone.
  const auto request = presign({.service = "sts", .method = "GET", .expires = "60"});
  expect_accepted(request, "sts");
  clock.advance(minutes(15));
  expect_accepted(request, "sts");
  clock.advance(seconds(1));
  expect_refusal(request, "sts", "InvalidSignatureException",
                 "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z");
}

TEST_F(SignatureRules, ASignedRequestMayComeAgain) {
  const auto request = sign({});
  expect_accepted(request, "dynamodb");
  expect_accepted(request, "dynamodb");
}

TEST_F(SignatureRules, TheCredentialHasFiveParts) {
  auto request = sign({});
  edit(request, "/aws4_request", "");
  expect_refusal(request, "dynamodb", "IncompleteSignatureException",
                 "Credential must have exactly 5 slash-delimited elements, e.g. "
                 "keyid/date/region/service/term, got '" +
                     root_key().access_key_id.value + "/20260102/us-east-1/dynamodb'");
}

TEST_F(SignatureRules, EveryFaultOfTheScopeIsListed) {
  auto request = sign({});
  edit(request, "20260102/us-east-1/dynamodb/aws4_request", "20260103/US_EAST/sqs/aws5");
  const std::string others =
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. Date in "
      "Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
      "'20260103' != '20260102', from '20260102T030405Z'. ";
  expect_refusal(request, "dynamodb", "InvalidSignatureException",
                 "Credential should be scoped to a valid region, not 'US_EAST'. Credential should "
                 "be scoped to correct service: 'dynamodb'. " +
                     others);
  expect_refusal(request, "sts", "InvalidSignatureException",
                 "Credential should be scoped to a valid region. Credential should be scoped to "
                 "correct service: 'sts'. " +
                     others);
  expect_refusal(sign({}), "lambda", "InvalidSignatureException",
                 "Credential should be scoped to correct service: 'lambda'. ");
}

TEST_F(SignatureRules, EveryRegionIsServed) {
  for (const char* region : {"eu-central-1", "us-gov-west-1", "local", "aws-global"}) {
    expect_accepted(sign({.service = "iam", .region = region}), "iam");
  }
}

TEST_F(SignatureRules, TheKeyIsKnownBeforeTheSignatureIsLookedAt) {
  expect_refusal(sign({}, {{"AKIAUNKNOWNUNKNOWN77"}, {"x"}}), "dynamodb",
                 "UnrecognizedClientException",
                 "The security token included in the request is invalid.");
}

TEST_F(SignatureRules, TheSignatureComesLast) {
  expect_refusal(sign({.service = "sts"}, {root_key().access_key_id, {"wrong"}}), "sts",
                 "InvalidSignatureException", kMismatch);
  const std::string header(sign({}).headers.get("authorization"));
  for (const std::string& damaged :
       {header.substr(0, header.size() - 64), header.substr(0, header.size() - 1), header + "0"}) {
    auto request = sign({});
    request.headers.set("Authorization", damaged);
    expect_refusal(request, "dynamodb", "InvalidSignatureException", kMismatch);
  }
}

// Takes a request with all faults and mends one after the other.
TEST_F(SignatureRules, ComeInAwsOrder) {
  http::Request request{.method = "POST", .target = "/?X-Amz-Algorithm=x&a=%"};
  request.headers.add("Host", "localhost:4566");
  const auto expect = [&](std::string_view message) {
    const auto principal = authenticate(request, "dynamodb");
    ASSERT_FALSE(principal) << message;
    EXPECT_TRUE(principal.error().message.starts_with(message)) << principal.error().message;
  };
  const auto set = [&](std::string_view parts) {
    request.headers.set("Authorization", "AWS4-HMAC-SHA256 " + std::string(parts));
  };
  request.headers.add("Authorization", "AWS4-FOO nonsense");
  expect("Incomplete trailing escape");
  request.target = "/?X-Amz-Algorithm=x";
  expect("Found both");
  request.target = "/";
  expect("Unsupported AWS 'algorithm': 'AWS4-FOO'");
  set("nonsense");
  expect("'nonsense' not a valid key=value pair");
  set("Credential=a");
  expect("Authorization header requires 'Signature' parameter.");
  set("Credential=a, SignedHeaders=b, Signature=c");
  expect("Authorization header requires existence of either a 'X-Amz-Date'");
  request.headers.add("X-Amz-Date", "never");
  expect("'Host' or ':authority'");
  set("Credential=a, SignedHeaders=host;x-amz-date, Signature=c");
  expect("Date must be in ISO-8601");
  request.headers.set("X-Amz-Date", "20200102T030405Z");
  expect("Signature expired");
  request.headers.set("X-Amz-Date", "20260102T030405Z");
  expect("Credential must have exactly 5");
  set("Credential=a/b/c/d/e, SignedHeaders=host;x-amz-date, Signature=c");
  expect("Credential should be scoped to correct service");
  set("Credential=a/20260102/c/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=c");
  expect("The security token included in the request is invalid.");
  set("Credential=" + root_key().access_key_id.value +
      "/20260102/c/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=c");
  expect(kMismatch);
}

TEST_F(SignatureRules, ATokenInTheQueryMayBeSignedOrForApisAppended) {
  make_role("app");
  const auto assumed = identity->assume_for_service(
      {.role_arn = "arn:aws:iam::111122223333:role/app", .session_name = "f"},
      "lambda.amazonaws.com");
  ASSERT_TRUE(assumed) << assumed.error().message;
  const auto& key = assumed->credentials;
  for (const char* service : {"sts", "execute-api"}) {
    expect_accepted(presign({.service = service}, key), service);
  }
  expect_accepted(presign({.service = "execute-api", .has_late_token = true}, key), "execute-api");
  expect_refusal(presign({.service = "sts", .has_late_token = true}, key), "sts",
                 "InvalidSignatureException", kMismatch);
  // In the header form the token may be outside the signature.
  expect_accepted(sign({.signed_headers = "host;x-amz-date"}, key), "dynamodb");
}

TEST_F(SignatureRules, HeadersThatComeTwiceAreSignedTogether) {
  auto request = sign({.headers = {{"X-Amz-A", "1"}, {"X-Amz-A", "2"}}});
  expect_accepted(request, "dynamodb");
  request.headers.add("X-Amz-A", "3");
  expect_refusal(request, "dynamodb", "InvalidSignatureException", kMismatch);
}

TEST_F(SignatureRules, WhatIsNotUtf8IsSignedAsItIs) {
  auto request = sign({.service = "lambda",
                       .target = "/a%2Fb/%FF?q=%ff%00",
                       .headers = {{"X-Amz-Meta", "caf\xe9"}},
                       .body = "\xff\xfe"});
  expect_accepted(request, "lambda");
  request.target = "/a/b/%FF?q=%ff%00";
  expect_refusal(request, "lambda", "InvalidSignatureException", kMismatch);
}

}  // namespace
}  // namespace stator::iam
