#include <gtest/gtest.h>

#include "aws/sigv4.hpp"

namespace stator::aws::sigv4 {
namespace {

constexpr const char* kGood =
    "AWS4-HMAC-SHA256 Credential=AKID/20260102/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=ab12";

http::Request with_header(std::string authorization, std::string date = "20260102T030405Z") {
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("authorization", std::move(authorization));
  if (!date.empty()) request.headers.add("X-Amz-Date", std::move(date));
  return request;
}

http::Request with_target(std::string target) {
  http::Request request;
  request.method = "GET";
  request.target = std::move(target);
  return request;
}

TEST(Claim, TakesTheHeaderApart) {
  http::Request request = with_header(kGood);
  request.headers.add("X-Amz-Security-Token", "tok");
  const auto claim = read_claim(request);
  ASSERT_TRUE(claim);
  EXPECT_FALSE(claim->is_presigned);
  EXPECT_EQ(claim->access_key_id, "AKID");
  EXPECT_EQ(claim->scope, (Scope{"20260102", "us-east-1", "dynamodb"}));
  EXPECT_EQ(claim->terminator, "aws4_request");
  EXPECT_EQ(claim->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(claim->signature, "ab12");
  EXPECT_EQ(claim->timestamp, "20260102T030405Z");
  EXPECT_EQ(claim->session_token, "tok");
}

TEST(Claim, OfAPartThatComesTwiceTheLastCounts) {
  const auto claim = read_claim(with_header(std::string(kGood) + ",Signature=cd34"));
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->signature, "cd34");
}

TEST(Claim, TheDateHeaderStandsInForXAmzDate) {
  http::Request request = with_header(kGood, "");
  request.headers.add("Date", "Fri, 02 Jan 2026 03:04:05 GMT");
  const auto claim = read_claim(request);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->timestamp, "20260102T030405Z");
}

TEST(Claim, SaysWhatIsWrongAsAwsDoes) {
  struct Case {
    std::string authorization, date, type, message;
  };
  const Case cases[] = {
      {"Bearer xyz", "20260102T030405Z", "IncompleteSignatureException",
       "Unsupported AWS 'algorithm': 'Bearer'."},
      {"AWS4-HMAC-SHA256 nonsense", "20260102T030405Z", "IncompleteSignatureException",
       "'nonsense' not a valid key=value pair (missing equal-sign) in Authorization header: "
       "'AWS4-HMAC-SHA256 nonsense'."},
      {"AWS4-HMAC-SHA256", "", "IncompleteSignatureException",
       "Authorization header requires 'Credential' parameter. Authorization header requires "
       "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
       "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
       "Authorization=AWS4-HMAC-SHA256"},
      {kGood, "yesterday", "IncompleteSignatureException",
       "Date must be in ISO-8601 'basic format'. Got 'yesterday'. See "
       "http://en.wikipedia.org/wiki/ISO_8601"},
      {"AWS4-HMAC-SHA256 Credential=AKID/20260102/us-east-1/aws4_request, SignedHeaders=host, "
       "Signature=a",
       "20260102T030405Z", "IncompleteSignatureException",
       "Credential must have exactly 5 slash-delimited elements, e.g. "
       "keyid/date/region/service/term, got 'AKID/20260102/us-east-1/aws4_request'"},
      {"AWS4-HMAC-SHA256 Credential=A/b/c/d/e/f, SignedHeaders=host, Signature=a",
       "20260102T030405Z", "IncompleteSignatureException",
       "Credential must have exactly 5 slash-delimited elements, e.g. "
       "keyid/date/region/service/term, got 'A/b/c/d/e/f'"},
  };
  for (const Case& test : cases) {
    const auto claim = read_claim(with_header(test.authorization, test.date));
    ASSERT_FALSE(claim) << test.authorization;
    EXPECT_EQ(claim.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(claim.error().aws_type, test.type);
    EXPECT_EQ(claim.error().message, test.message);
  }
}

TEST(Claim, NeitherFormOrBothFormsAreRefused) {
  const auto neither = read_claim(with_target("/?Action=X"));
  ASSERT_FALSE(neither);
  EXPECT_EQ(neither.error().aws_type, "MissingAuthenticationTokenException");
  EXPECT_EQ(neither.error().message, "Request is missing Authentication Token");

  http::Request request = with_header(kGood);
  request.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  const auto both = read_claim(request);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().aws_type, "InvalidSignatureException");
}

TEST(Claim, TheQueryFormNamesWhatIsMissing) {
  const auto claim =
      read_claim(with_target("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260102T030405Z"));
  ASSERT_FALSE(claim);
  EXPECT_EQ(claim.error().message,
            "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string "
            "parameters must include 'X-Amz-Signature'. AWS query-string parameters must include "
            "'X-Amz-SignedHeaders'. Re-examine the query-string parameters.");
}

TEST(Claim, TheQueryFormBoundsItsExpiry) {
  const std::string base =
      "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A/20260102/r/s3/aws4_request"
      "&X-Amz-Date=20260102T030405Z&X-Amz-SignedHeaders=host&X-Amz-Signature=a";
  EXPECT_EQ(read_claim(with_target(base))->expires, std::chrono::seconds(900));
  EXPECT_EQ(read_claim(with_target(base + "&X-Amz-Expires=60"))->expires, std::chrono::seconds(60));
  for (const char* bad : {"x", "", "-1", "604801", "99999999999999999999"}) {
    EXPECT_FALSE(read_claim(with_target(base + "&X-Amz-Expires=" + bad))) << bad;
  }
}

TEST(Claim, BoundsTheSignedHeaders) {
  std::string list = "host";
  for (std::size_t i = 0; i < kSignedHeadersMax; ++i) list += ";h" + std::to_string(i);
  const auto claim = read_claim(with_header(
      "AWS4-HMAC-SHA256 Credential=A/b/c/d/e, SignedHeaders=" + list + ", Signature=a"));
  ASSERT_FALSE(claim);
  EXPECT_EQ(claim.error().aws_type, "IncompleteSignatureException");
}

TEST(Claim, FindsServiceAndRegionOfTheScope) {
  EXPECT_EQ(scope_service(with_header(kGood)), "dynamodb");
  EXPECT_EQ(scope_region(with_header(kGood)), "us-east-1");
  EXPECT_EQ(scope_service(with_header("AWS4-HMAC-SHA256 Credential=A/b/c, Signature=d/e/f")), "");
  EXPECT_EQ(scope_service(with_header("Basic abc")), "");
  EXPECT_EQ(scope_service(with_target("/x?X-Amz-Credential=A%2Fb%2fc%2Fs3%2Fe&y=1")), "s3");
  EXPECT_EQ(scope_service(with_target("/x?X-Amz-Credential=A%20b")), "");
  EXPECT_EQ(scope_service(with_target("/x")), "");
}

}  // namespace
}  // namespace stator::aws::sigv4
