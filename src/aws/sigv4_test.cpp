#include "aws/sigv4.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"

namespace stator::aws::sigv4 {
namespace {

using Fields = std::vector<http::Headers::Field>;

http::Request make_request(std::string method, std::string target, const Fields& fields,
                           std::string body = "") {
  http::Request request;
  request.method = std::move(method);
  request.target = std::move(target);
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  request.body = std::move(body);
  return request;
}

// The cases and expected signatures of AWS's Signature Version 4 test suite: key AKIDEXAMPLE,
// 2015-08-30T12:36:00Z, us-east-1, service "service".
struct SuiteCase {
  const char* name;
  const char* method;
  const char* target;
  Fields extra;
  const char* body;
  const char* signature;
};

const SuiteCase kSuite[] = {
    {"get-vanilla",
     "GET",
     "/",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-empty-query-key",
     "GET",
     "/?Param1=value1",
     {},
     "",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/?Param2=value2&Param1=value1",
     {},
     "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
     "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-utf8-query",
     "GET",
     "/?\xe1\x88\xb4=bar",
     {},
     "",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8",
     "GET",
     "/\xe1\x88\xb4",
     {},
     "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-relative",
     "GET",
     "/example/..",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-relative-relative",
     "GET",
     "/example1/example2/../..",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash",
     "GET",
     "//",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash-dot-slash",
     "GET",
     "/./",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slashes",
     "GET",
     "//example//",
     {},
     "",
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"get-slash-pointless-dot",
     "GET",
     "/./example",
     {},
     "",
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"get-space",
     "GET",
     "/example space/",
     {},
     "",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
     "",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-multiline",
     "GET",
     "/",
     {{"My-Header1", "value1"}, {"My-Header1", "  value2"}, {"My-Header1", "     value3"}},
     "",
     "ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790"},
    {"get-header-value-order",
     "GET",
     "/",
     {{"My-Header1", "value4"},
      {"My-Header1", "value1"},
      {"My-Header1", "value3"},
      {"My-Header1", "value2"}},
     "",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-header-value-trim",
     "GET",
     "/",
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-vanilla",
     "POST",
     "/",
     {},
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-vanilla-empty-query-value",
     "POST",
     "/?Param1=value1",
     {},
     "",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-header-key-sort",
     "POST",
     "/",
     {{"My-Header1", "value1"}},
     "",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case",
     "POST",
     "/",
     {{"My-Header1", "VALUE1"}},
     "",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"post-x-www-form-urlencoded-parameters",
     "POST",
     "/",
     {{"Content-Type", "application/x-www-form-urlencoded; charset=utf8"}},
     "Param1=value1",
     "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
    {"post-sts-header-before",
     "POST",
     "/",
     {{"X-Amz-Security-Token",
       "AQoDYXdzEPT//////////"
       "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSP"
       "fIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/"
       "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT"
       "7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+"
       "scqKmlz"
       "m8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="}},
     "",
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
};

TEST(SigV4, AgreesWithTheTestSuite) {
  const SecretKey secret{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
  for (const SuiteCase& test : kSuite) {
    Fields fields = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}};
    fields.insert(fields.end(), test.extra.begin(), test.extra.end());
    const http::Request request = make_request(test.method, test.target, fields, test.body);
    Claim claim;
    claim.timestamp = "20150830T123600Z";
    claim.scope = {"20150830", "us-east-1", "service"};
    for (const auto& field : fields) claim.signed_headers.push_back(field.first);
    const std::string canonical =
        canonical_request(request, claim, PathStyle::kNormalized, crypto::sha256_hex(request.body));
    EXPECT_EQ(signature(signing_key(secret, claim.scope),
                        string_to_sign(claim.timestamp, claim.scope, canonical)),
              test.signature)
        << test.name << "\n"
        << canonical;
  }
}

TEST(SigV4, SignsTheIamUserGuidesExample) {
  http::Request request =
      make_request("GET", "/?Action=ListUsers&Version=2010-05-08",
                   {{"Host", "iam.amazonaws.com"},
                    {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}});
  sign(request, {{"AKIDEXAMPLE"}, {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}}, "us-east-1", "iam",
       *parse_iso8601_basic("20150830T123600Z"));
  EXPECT_EQ(request.headers.get("Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
TEST(SigV4, AgreesWithTheS3GuidesPresignedExample) {
  const http::Request request = make_request(
      "GET",
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524"
      "%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
      "&X-Amz-SignedHeaders=host&X-Amz-Signature="
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
      {{"Host", "examplebucket.s3.amazonaws.com"}});
  const auto claim = read_claim(request);
  ASSERT_TRUE(claim);
  EXPECT_TRUE(claim->is_presigned);
  EXPECT_EQ(claim->access_key_id, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(claim->scope, (Scope{"20130524", "us-east-1", "s3"}));
  EXPECT_EQ(claim->expires, std::chrono::seconds(86400));
  EXPECT_EQ(scope_service(request), "s3");
  const std::string canonical =
      canonical_request(request, *claim, PathStyle::kVerbatim, "UNSIGNED-PAYLOAD");
  const SecretKey secret{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  EXPECT_EQ(signature(signing_key(secret, claim->scope),
                      string_to_sign(claim->timestamp, claim->scope, canonical)),
            claim->signature);
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
TEST(SigV4, AgreesWithTheS3GuidesHeaderExamples) {
  const std::string empty_hash = crypto::sha256_hex("");
  const Credentials credentials{{"AKIAIOSFODNN7EXAMPLE"},
                                {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}};
  const WallTime time = *parse_iso8601_basic("20130524T000000Z");
  for (const auto& [target, expected] :
       {std::pair("/?lifecycle",
                  "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        std::pair("/?max-keys=2&prefix=J",
                  "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")}) {
    http::Request request =
        make_request("GET", target, {{"Host", "examplebucket.s3.amazonaws.com"}});
    sign(request, credentials, "us-east-1", "s3", time);
    EXPECT_EQ(request.headers.get("x-amz-content-sha256"), empty_hash);
    EXPECT_TRUE(request.headers.get("authorization").ends_with(expected)) << target;
  }
}

TEST(SigV4, EncodesThePathTwiceButNotForS3) {
  const http::Request request = make_request("GET", "/a%20b//c", {});
  const auto line = [&](PathStyle style) {
    const std::string canonical = canonical_request(request, Claim(), style, "");
    return canonical.substr(4, canonical.find('\n', 4) - 4);
  };
  EXPECT_EQ(line(PathStyle::kNormalized), "/a%2520b/c");
  EXPECT_EQ(line(PathStyle::kVerbatim), "/a%20b//c");
}

TEST(SigV4, ReadsEverySpellingOfAQueryAsOne) {
  const auto query_line = [](const char* target) {
    const std::string canonical =
        canonical_request(make_request("GET", target, {}), Claim(), PathStyle::kNormalized, "");
    const auto begin = canonical.find('\n', 4) + 1;
    return canonical.substr(begin, canonical.find('\n', begin) - begin);
  };
  EXPECT_EQ(query_line("/?a=x+y&b"), "a=x%20y&b=");
  EXPECT_EQ(query_line("/?b&a=x%20y"), "a=x%20y&b=");
  EXPECT_EQ(query_line("/?%61=%2f&"), "a=%2F");
  EXPECT_EQ(query_line("/?a=100%"), "a=100%25");
}

RC_GTEST_PROP(SigV4, WhatSignSignsVerifies, ()) {
  const auto body = *rc::gen::arbitrary<std::string>();
  const std::string path = percent_encode(*rc::gen::arbitrary<std::string>(), true);
  const std::string value = percent_encode(*rc::gen::arbitrary<std::string>());
  const bool is_s3 = *rc::gen::arbitrary<bool>();
  const std::string service = is_s3 ? "s3" : "lambda";
  http::Request request =
      make_request("POST", "/" + path + "?key=" + value + "&b", {{"Host", "127.0.0.1:4566"}}, body);
  const Credentials credentials{{"ASIAEXAMPLE"}, {"secret"}, "token"};
  sign(request, credentials, "eu-central-1", service, FakeClock().wall());

  const auto claim = read_claim(request);
  RC_ASSERT(claim.has_value());
  RC_ASSERT(claim->session_token == "token");
  RC_ASSERT(scope_service(request) == service);
  const auto expected = [&](const http::Request& received) {
    const std::string canonical =
        canonical_request(received, *claim, is_s3 ? PathStyle::kVerbatim : PathStyle::kNormalized,
                          crypto::sha256_hex(received.body));
    return signature(signing_key(credentials.secret, claim->scope),
                     string_to_sign(claim->timestamp, claim->scope, canonical));
  };
  RC_ASSERT(expected(request) == claim->signature);
  http::Request altered = request;
  altered.body += "x";
  RC_ASSERT(expected(altered) != claim->signature);
}

}  // namespace
}  // namespace stator::aws::sigv4
