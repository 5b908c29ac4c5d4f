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
  const Claim claim = read_claim(request);
  EXPECT_TRUE(claim.is_presigned());
  EXPECT_EQ(claim.expires, "86400");
  EXPECT_EQ(scope_service(request), "s3");
  const auto credential = split_credential(*claim.credential);
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->access_key_id, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(credential->scope, (Scope{"20130524", "us-east-1", "s3"}));
  const std::string canonical =
      canonical_request(request, {PathStyle::kPlain, *claim.signed_headers, "UNSIGNED-PAYLOAD"});
  const SecretKey secret{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  EXPECT_EQ(signature(signing_key(secret, credential->scope),
                      string_to_sign(*claim.timestamp, credential->scope, canonical)),
            claim.signature);
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

std::string canonical_path(std::string target, PathStyle style) {
  const std::string canonical =
      canonical_request(make_request("GET", std::move(target), {}), {.path = style});
  return canonical.substr(4, canonical.find('\n', 4) - 4);
}

TEST(SigV4, NormalizesThePathAndEncodesItTwice) {
  for (const auto& [target, path] :
       std::vector<std::pair<std::string, std::string>>{{"/a%20b//c", "/a%2520b/c"},
                                                        {"/a/./b/../c/", "/a/c/"},
                                                        {"/..", "/"},
                                                        {"/a%2Fb", "/a%252Fb"},
                                                        {"/a:b", "/a%3Ab"},
                                                        {"/%FF", "/%25FF"},
                                                        {"/\xff", "/%FF"},
                                                        {"/%zz%", "/%25zz%25"},
                                                        {"", "/"},
                                                        {"?a", "/"}}) {
    EXPECT_EQ(canonical_path(target, PathStyle::kNormalized), path) << target;
  }
}

// S3 signs what the path means and not how it is spelled, and every segment of it.
TEST(SigV4, EncodesThePathOfS3Once) {
  for (const auto& [target, path] :
       std::vector<std::pair<std::string, std::string>>{{"/a%20b//c", "/a%20b//c"},
                                                        {"/a/./b/../c/", "/a/./b/../c/"},
                                                        {"/a%2Fb", "/a/b"},
                                                        {"/a:b", "/a%3Ab"},
                                                        {"/a%3ab", "/a%3Ab"},
                                                        {"/%7Ea", "/~a"},
                                                        {"/a+b", "/a%2Bb"},
                                                        {"/%FF", "/%FF"},
                                                        {"/%zz%", "/%zz%"}}) {
    EXPECT_EQ(canonical_path(target, PathStyle::kPlain), path) << target;
  }
}

std::string query_line(const char* target, bool has_late_token = false) {
  const std::string canonical =
      canonical_request(make_request("GET", target, {}), {.has_late_token = has_late_token});
  const auto begin = canonical.find('\n', 4) + 1;
  return canonical.substr(begin, canonical.find('\n', begin) - begin);
}

TEST(SigV4, ReadsEverySpellingOfAQueryAsOne) {
  EXPECT_EQ(query_line("/?a=x+y&b"), "a=x%20y&b=");
  EXPECT_EQ(query_line("/?b&a=x%20y"), "a=x%20y&b=");
  EXPECT_EQ(query_line("/?%61=%2f&"), "a=%2F");
  EXPECT_EQ(query_line("/?a=100%"), "a=100%25");
  EXPECT_EQ(query_line("/?a=b=c"), "a=b%3Dc");
  EXPECT_EQ(query_line("/?a=2&A=3&a=1&a"), "A=3&a=&a=1&a=2");
  EXPECT_EQ(query_line("/?a-b=1&a=2"), "a=2&a-b=1");
  EXPECT_EQ(query_line("/?a=%ff"), "a=%FF");
  EXPECT_EQ(query_line("/?a=?"), "a=%3F");
}

TEST(SigV4, LeavesOnlyTheSignatureOutOfTheQuery) {
  constexpr const char* kTarget = "/?X-Amz-Signature=1&X-Amz-Security-Token=t&x-amz-signature=2";
  EXPECT_EQ(query_line(kTarget), "X-Amz-Security-Token=t&x-amz-signature=2");
  EXPECT_EQ(query_line(kTarget, true), "x-amz-signature=2");
}

std::string header_block(const Fields& fields, std::string_view signed_headers) {
  const std::string canonical =
      canonical_request(make_request("GET", "/", fields), {.signed_headers = signed_headers});
  return canonical.substr(std::string_view("GET\n/\n\n").size());
}

TEST(SigV4, TakesTheSignedHeadersSortedAndOnce) {
  const Fields fields = {{"Host", "h"}, {"B", " x  y\t z "}, {"b", "2"}, {"c", "unsigned"}};
  const std::string block = "b:x y z,2\nhost:h\n\nb;host\n";
  EXPECT_EQ(header_block(fields, "b;host"), block);
  EXPECT_EQ(header_block(fields, "Host;B"), block);
  EXPECT_EQ(header_block(fields, ";host;;b;host;"), block);
  EXPECT_EQ(header_block(fields, "host;missing"), "host:h\nmissing:\n\nhost;missing\n");
  EXPECT_EQ(header_block(fields, ""), "\n\n");
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html: 66560 bytes of
// 'a' in chunks of 65536, with and without a trailer.
TEST(SigV4, AgreesWithTheS3GuidesChunks) {
  struct Example {
    std::string payload, decoding, trailer_header, seed;
    std::array<std::string, 3> chunks;
    std::string fields, trailer;
  };
  const Example examples[] = {
      {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
       "66560",
       "",
       "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
       {"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"},
       "",
       ""},
      {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
       "66560",
       "x-amz-checksum-crc32c",
       "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
       {"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"},
       "x-amz-checksum-crc32c:sOO8/Q==\n",
       "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"},
  };
  const std::string time = "20130524T000000Z";
  const Scope scope{"20130524", "us-east-1", "s3"};
  const std::string key = signing_key({"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, scope);
  for (const Example& example : examples) {
    Fields fields = {{"Host", "s3.amazonaws.com"},
                     {"x-amz-date", time},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                     {"x-amz-content-sha256", example.payload},
                     {"Content-Encoding", "aws-chunked"},
                     {"x-amz-decoded-content-length", example.decoding}};
    std::string names =
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
        "x-amz-storage-class";
    if (example.trailer_header.empty()) {
      fields.emplace_back("Content-Length", "66824");
      names.insert(names.find(";host"), ";content-length");
    } else {
      fields.emplace_back("x-amz-trailer", example.trailer_header);
      names += ";x-amz-trailer";
    }
    const auto request = make_request("PUT", "/examplebucket/chunkObject.txt", fields);
    const std::string canonical =
        canonical_request(request, {PathStyle::kPlain, names, example.payload});
    std::string previous = signature(key, string_to_sign(time, scope, canonical));
    EXPECT_EQ(previous, example.seed) << canonical;
    const std::size_t sizes[] = {65'536, 1'024, 0};
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string data(sizes[i], 'a');
      previous = signature(key, chunk_string_to_sign(time, scope, previous, data));
      EXPECT_EQ(previous, example.chunks[i]);
    }
    if (example.trailer.empty()) continue;
    EXPECT_EQ(signature(key, trailer_string_to_sign(time, scope, previous, example.fields)),
              example.trailer);
  }
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

  const Claim claim = read_claim(request);
  RC_ASSERT(claim.form == Claim::Form::kHeader);
  RC_ASSERT(claim.session_token == "token");
  RC_ASSERT(scope_service(request) == service);
  const auto scope = split_credential(*claim.credential)->scope;
  const auto expected = [&](const http::Request& received) {
    const std::string hash = crypto::sha256_hex(received.body);
    const std::string canonical = canonical_request(
        received,
        {is_s3 ? PathStyle::kPlain : PathStyle::kNormalized, *claim.signed_headers, hash});
    return signature(signing_key(credentials.secret, scope),
                     string_to_sign(*claim.timestamp, scope, canonical));
  };
  RC_ASSERT(expected(request) == claim.signature);
  http::Request altered = request;
  altered.body += "x";
  RC_ASSERT(expected(altered) != claim.signature);
}

}  // namespace
}  // namespace stator::aws::sigv4
