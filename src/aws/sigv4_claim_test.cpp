#include <gtest/gtest.h>

#include "aws/sigv4.hpp"

namespace stator::aws::sigv4 {
namespace {

using Form = Claim::Form;

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
  request.headers.add("X-Amz-Content-Sha256", "hash");
  const Claim claim = read_claim(request);
  EXPECT_EQ(claim.form, Form::kHeader);
  EXPECT_FALSE(claim.is_presigned());
  EXPECT_EQ(claim.authorization, kGood);
  EXPECT_EQ(claim.algorithm, "AWS4-HMAC-SHA256");
  EXPECT_EQ(claim.stray, "");
  EXPECT_EQ(claim.credential, "AKID/20260102/us-east-1/dynamodb/aws4_request");
  EXPECT_EQ(claim.signed_headers, "host;x-amz-date");
  EXPECT_EQ(claim.signature, "ab12");
  EXPECT_EQ(claim.timestamp, "20260102T030405Z");
  EXPECT_EQ(claim.content_sha256, "hash");
  EXPECT_EQ(claim.session_token, "tok");
}

TEST(Claim, ReadsCommasWithAndWithoutSpaces) {
  for (const char* text : {"X Credential=a,SignedHeaders=b,Signature=c",
                           "X  Credential=a ,\tSignedHeaders=b, ,Signature=c,"}) {
    const http::Request request = with_header(text);
    const Claim claim = read_claim(request);
    EXPECT_EQ(claim.algorithm, "X");
    EXPECT_EQ(claim.credential, "a");
    EXPECT_EQ(claim.signed_headers, "b");
    EXPECT_EQ(claim.signature, "c");
    EXPECT_EQ(claim.stray, "");
  }
}

TEST(Claim, OfAPartThatComesTwiceTheLastCounts) {
  const http::Request request = with_header(std::string(kGood) + ",Signature=cd34");
  EXPECT_EQ(read_claim(request).signature, "cd34");
}

TEST(Claim, OfAParameterThatComesTwiceTheFirstCounts) {
  const http::Request request =
      with_target("/?X-Amz-Algorithm=A&X-Amz-Signature=1&X-Amz-Signature=2&X-Amz-Algorithm=B");
  const Claim claim = read_claim(request);
  EXPECT_EQ(claim.algorithm, "A");
  EXPECT_EQ(claim.signature, "1");
}

TEST(Claim, OfTwoHeadersTheFirstCounts) {
  http::Request request = with_header(kGood);
  request.headers.add("Authorization", "Basic xyz");
  EXPECT_EQ(read_claim(request).algorithm, "AWS4-HMAC-SHA256");
  request = with_header("Basic xyz");
  request.headers.add("Authorization", kGood);
  EXPECT_EQ(read_claim(request).algorithm, "Basic");
}

TEST(Claim, TokensThatDifferAreOneThatNobodyIssued) {
  http::Request request = with_header(kGood);
  request.headers.add("X-Amz-Security-Token", "a");
  request.headers.add("x-amz-security-token", "a");
  EXPECT_EQ(read_claim(request).session_token, "a");
  request.headers.add("x-amz-security-token", "b");
  EXPECT_EQ(read_claim(request).session_token, "a,b");
}

TEST(Claim, TheDateHeaderStandsInForXAmzDate) {
  http::Request request = with_header(kGood, "");
  EXPECT_EQ(read_claim(request).timestamp, std::nullopt);
  request.headers.add("Date", "Fri, 02 Jan 2026 03:04:05 GMT");
  Claim claim = read_claim(request);
  EXPECT_EQ(claim.timestamp, "20260102T030405Z");
  const Claim moved = std::move(claim);
  EXPECT_EQ(moved.timestamp, "20260102T030405Z");
  request.headers.set("Date", "20260102T030405Z");
  EXPECT_EQ(read_claim(request).timestamp, "20260102T030405Z");
  request.headers.set("Date", "yesterday");
  EXPECT_EQ(read_claim(request).timestamp, "yesterday");
  request.headers.add("X-Amz-Date", "20270102T030405Z");
  EXPECT_EQ(read_claim(request).timestamp, "20270102T030405Z");
}

TEST(Claim, SaysWhatIsStrayOrMissing) {
  const http::Request stray = with_header("AWS4-HMAC-SHA256 nonsense, more, Signature=a");
  EXPECT_EQ(read_claim(stray).stray, "nonsense");
  const http::Request bare = with_header("AWS4-HMAC-SHA256", "");
  const Claim claim = read_claim(bare);
  EXPECT_EQ(claim.algorithm, "AWS4-HMAC-SHA256");
  EXPECT_EQ(claim.credential, std::nullopt);
  EXPECT_EQ(claim.signature, std::nullopt);
  EXPECT_EQ(claim.timestamp, std::nullopt);
}

TEST(Claim, KnowsItsForm) {
  EXPECT_EQ(read_claim(with_target("/?Action=X")).form, Form::kNone);
  EXPECT_EQ(read_claim(with_target("/?X-Amz-Signature=X")).form, Form::kNone);
  EXPECT_EQ(read_claim(with_target("/?X-Amz-Algorithm=")).form, Form::kQuery);
  EXPECT_EQ(read_claim(with_header("")).form, Form::kHeader);
  http::Request request = with_header(kGood);
  request.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  EXPECT_EQ(read_claim(request).form, Form::kBoth);
}

TEST(Claim, TakesTheQueryApart) {
  http::Request request = with_target(
      "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20260102%2Fr%2Fs3%2Faws4_request"
      "&X-Amz-Date=20260102T030405Z&X-Amz-SignedHeaders=host%3Bx&X-Amz-Signature=a"
      "&X-Amz-Expires=60&X-Amz-Security-Token=t%2Bo+k&X-Amz-Content-Sha256=h&x=%zz");
  const Claim claim = read_claim(request);
  EXPECT_TRUE(claim.is_presigned());
  EXPECT_EQ(claim.credential, "A/20260102/r/s3/aws4_request");
  EXPECT_EQ(claim.timestamp, "20260102T030405Z");
  EXPECT_EQ(claim.signed_headers, "host;x");
  EXPECT_EQ(claim.expires, "60");
  EXPECT_EQ(claim.session_token, "t+o k");
  EXPECT_EQ(claim.content_sha256, "h");
  request.headers.add("x-amz-security-token", "header");
  EXPECT_EQ(read_claim(request).session_token, "header");
}

TEST(Credential, HasFiveParts) {
  const auto credential = split_credential("AKID/20260102/us-east-1/dynamodb/aws4_request");
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->access_key_id, "AKID");
  EXPECT_EQ(credential->scope, (Scope{"20260102", "us-east-1", "dynamodb"}));
  EXPECT_EQ(credential->terminator, "aws4_request");
  EXPECT_TRUE(split_credential("////"));
  for (const char* bad : {"", "a", "a/b/c/d", "a/b/c/d/e/f", "/////"}) {
    EXPECT_FALSE(split_credential(bad)) << bad;
  }
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

TEST(Claim, LooksForNamesInTheList) {
  EXPECT_TRUE(is_signed("host;x-amz-date", "X-Amz-Date"));
  EXPECT_TRUE(is_signed("Host", "host"));
  EXPECT_FALSE(is_signed("host;x-amz-date", "x-amz"));
  EXPECT_FALSE(is_signed("", "host"));
}

}  // namespace
}  // namespace stator::aws::sigv4
