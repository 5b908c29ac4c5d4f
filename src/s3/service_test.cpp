#include "s3/service.hpp"

#include <gtest/gtest.h>

#include "s3/test_bench.hpp"

namespace stator::s3 {
namespace {

http::Headers headers(std::initializer_list<http::Headers::Field> fields) {
  http::Headers headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

class S3Api : public testing::Test {
 protected:
  S3Api() { EXPECT_TRUE(api_.send("PUT", "/bucket")); }

  std::string body(std::string path) { return api_.send("GET", std::move(path)).value().body; }
  bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  Bench bench_;
  Api api_{*bench_.objects};
};

TEST_F(S3Api, FindsTheOperation) {
  const std::vector<std::array<std::string, 3>> cases = {
      {"GET", "/", "ListBuckets"},
      {"PUT", "/b", "CreateBucket"},
      {"HEAD", "/b", "HeadBucket"},
      {"DELETE", "/b", "DeleteBucket"},
      {"GET", "/b?location", "GetBucketLocation"},
      {"PUT", "/b?policy", "PutBucketPolicy"},
      {"GET", "/b?policy", "GetBucketPolicy"},
      {"DELETE", "/b?policy", "DeleteBucketPolicy"},
      {"GET", "/b?list-type=2", "ListObjectsV2"},
      {"GET", "/b", "ListObjects"},
      {"GET", "/b/a/b", "GetObject"},
      {"HEAD", "/b/a/b", "HeadObject"},
      {"PUT", "/b/a/b", "PutObject"},
      {"DELETE", "/b/a/b", "DeleteObject"},
      {"POST", "/b/a/b?uploads", "CreateMultipartUpload"},
      {"POST", "/b/a/b?uploadId=x", "CompleteMultipartUpload"},
      {"PUT", "/b/a/b?partNumber=1&uploadId=x", "UploadPart"},
      {"DELETE", "/b/a/b?uploadId=x", "AbortMultipartUpload"},
      {"GET", "/b/a/b?uploadId=x", "ListParts"},
      {"GET", "/b?uploads", "ListMultipartUploads"},
      {"GET", "/b?versions", "ListObjectVersions"},
      {"POST", "/b?delete", "DeleteObjects"},
      {"GET", "/b/a/b?tagging", "GetObjectTagging"},
      {"GET", "/b?tagging", "GetBucketTagging"},
      {"PUT", "/b?lifecycle", "PutBucketLifecycleConfiguration"},
      {"DELETE", "/b?lifecycle", "DeleteBucketLifecycle"},
      {"GET", "/b?publicAccessBlock", "GetPublicAccessBlock"},
      {"GET", "/b?acl", "GetBucketAcl"},
  };
  for (const auto& [method, path, operation] : cases) {
    static_cast<void>(api_.send(method, path));
    EXPECT_EQ(api_.operation, operation) << method << " " << path;
  }
}

TEST_F(S3Api, BucketsHavePolicies) {
  const std::string policy =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*",)"
      R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}})";
  const auto has_policy = [&] { return api_.authorizer.asked.at(0).resource_policy != nullptr; };
  EXPECT_EQ(api_.error("GET", "/bucket?policy"), "NoSuchBucketPolicy");
  EXPECT_FALSE(has_policy());
  ASSERT_TRUE(api_.send("PUT", "/bucket?policy", policy));
  EXPECT_EQ(body("/bucket?policy"), policy);
  ASSERT_TRUE(api_.send("PUT", "/bucket/a", "x"));
  EXPECT_TRUE(has_policy());
  // It is the store that remembers.
  bench_.objects.reset();
  bench_.objects.emplace(*bench_.store, bench_.blobs, bench_.workers);
  EXPECT_EQ(body("/bucket/a"), "x");
  EXPECT_TRUE(has_policy());
  EXPECT_EQ(api_.error("PUT", "/bucket?policy", "{}"), "MalformedPolicy");
  EXPECT_EQ(api_.error("PUT", "/bucket?policy", std::string(20'481, ' ')), "MalformedPolicy");
  EXPECT_EQ(api_.error("PUT", "/nowhere?policy", policy), "NoSuchBucket");
  ASSERT_TRUE(api_.send("DELETE", "/bucket?policy"));
  EXPECT_EQ(body("/bucket/a"), "x");
  EXPECT_FALSE(has_policy());
}

TEST_F(S3Api, APolicyThatShutsOutItsAuthorIsConfirmed) {
  const std::string policy =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*",)"
      R"("Action":"s3:*","Resource":"arn:aws:s3:::bucket"}})";
  EXPECT_EQ(api_.error("PUT", "/bucket?policy", policy), "MalformedPolicy");
  EXPECT_TRUE(api_.send("PUT", "/bucket?policy", policy,
                        headers({{"x-amz-confirm-remove-self-bucket-access", "true"}})));
}

TEST_F(S3Api, ConditionsSeeWhatIsListed) {
  ASSERT_TRUE(api_.send("GET", "/bucket?list-type=2&prefix=a/&delimiter=/&max-keys=5"));
  EXPECT_EQ(api_.authorizer.keys, "s3:prefix=a/ s3:max-keys=5 s3:delimiter=/ ");
}

TEST_F(S3Api, StoresAnObjectWithItsHeaders) {
  const auto stored = api_.send("PUT", "/bucket/a%20b/c.txt", "hello",
                                headers({{"Content-Type", "text/plain"},
                                         {"x-amz-meta-Owner", "me"},
                                         {"Cache-Control", "no-store"},
                                         {"x-amz-checksum-crc32", "NhCmhg=="},
                                         {"x-amz-sdk-checksum-algorithm", "CRC32"},
                                         {"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}}));
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->headers.get("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
  const auto got =
      api_.send("GET", "/bucket/a%20b/c.txt", "", headers({{"x-amz-checksum-mode", "ENABLED"}}));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "hello");
  EXPECT_EQ(got->headers.get("content-type"), "text/plain");
  EXPECT_EQ(got->headers.get("x-amz-meta-owner"), "me");
  EXPECT_EQ(got->headers.get("cache-control"), "no-store");
  EXPECT_EQ(got->headers.get("x-amz-checksum-crc32"), "NhCmhg==");
  EXPECT_EQ(got->headers.get("last-modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
  const auto head = api_.send("HEAD", "/bucket/a%20b/c.txt");
  EXPECT_EQ(head->headers.get("content-length"), "5");
  EXPECT_TRUE(head->body.empty());
}

TEST_F(S3Api, AnswersRanges) {
  ASSERT_TRUE(api_.send("PUT", "/bucket/k", "0123456789"));
  const auto part = api_.send("GET", "/bucket/k", "", headers({{"Range", "bytes=2-4"}}));
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, "234");
  EXPECT_EQ(part->headers.get("content-range"), "bytes 2-4/10");
  const auto beyond = api_.send("GET", "/bucket/k", "", headers({{"Range", "bytes=10-"}}));
  EXPECT_EQ(beyond->status, 416);
  EXPECT_TRUE(contains(beyond->body, "<Code>InvalidRange</Code>"));
}

TEST_F(S3Api, ErrorsHaveNoNamespace) {
  // botocore finds no Code in an Error that has one.
  ASSERT_TRUE(api_.send("PUT", "/bucket/k", "0123456789"));
  const auto beyond = api_.send("GET", "/bucket/k", "", headers({{"Range", "bytes=10-"}}));
  EXPECT_TRUE(contains(beyond->body, "\n<Error><Code>InvalidRange</Code>")) << beyond->body;
  ASSERT_TRUE(
      api_.send("PUT", "/bucket?versioning",
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
  const auto marker = api_.send("DELETE", "/bucket/k");
  EXPECT_EQ(marker->headers.get("x-amz-delete-marker"), "true");
  const std::string id(marker->headers.get("x-amz-version-id"));
  const auto refused = api_.send("GET", "/bucket/k?versionId=" + id);
  EXPECT_EQ(refused->status, 405);
  EXPECT_TRUE(contains(refused->body, "\n<Error><Code>MethodNotAllowed</Code>"));
}

TEST_F(S3Api, ConditionsDecideWhatIsReadAndWritten) {
  ASSERT_TRUE(api_.send("PUT", "/bucket/k", "hello"));
  const std::string etag = "\"5d41402abc4b2a76b9719d911017c592\"";
  const auto get = [&](std::string name, std::string value) {
    const auto answer =
        api_.send("GET", "/bucket/k", "", headers({{std::move(name), std::move(value)}}));
    return answer ? answer->status : answer.error().code == ErrorCode::kPrecondition ? 412 : 0;
  };
  EXPECT_EQ(get("If-Match", etag), 200);
  EXPECT_EQ(get("If-Match", "\"x\", " + etag), 200);
  EXPECT_EQ(get("If-Match", "\"x\""), 412);
  EXPECT_EQ(get("If-None-Match", etag), 304);
  EXPECT_EQ(get("If-None-Match", "\"x\""), 200);
  EXPECT_EQ(get("If-Modified-Since", "Fri, 02 Jan 2026 03:04:05 GMT"), 304);
  EXPECT_EQ(get("If-Modified-Since", "Fri, 02 Jan 2026 03:04:04 GMT"), 200);
  EXPECT_EQ(get("If-Unmodified-Since", "Fri, 02 Jan 2026 03:04:04 GMT"), 412);
  EXPECT_EQ(get("If-Unmodified-Since", "Fri, 02 Jan 2026 03:04:05 GMT"), 200);
  EXPECT_EQ(api_.error("PUT", "/bucket/k", "x", headers({{"If-None-Match", "*"}})),
            "PreconditionFailed");
  EXPECT_EQ(api_.error("PUT", "/bucket/k", "x", headers({{"If-Match", "\"x\""}})),
            "PreconditionFailed");
  EXPECT_EQ(api_.error("PUT", "/bucket/new", "x", headers({{"If-Match", etag}})), "NoSuchKey");
  EXPECT_EQ(body("/bucket/k"), "hello");
  EXPECT_EQ(api_.error("PUT", "/bucket/k", "y", headers({{"If-Match", etag}})), "");
  EXPECT_EQ(body("/bucket/k"), "y");
}

TEST_F(S3Api, CopiesWithoutCopyingBytes) {
  ASSERT_TRUE(api_.send("PUT", "/bucket/a%20b", "hello",
                        headers({{"x-amz-meta-k", "v"}, {"x-amz-tagging", "t=1"}})));
  const auto from = [&](std::string_view source, http::Headers fields = {}) {
    fields.add("x-amz-copy-source", std::string(source));
    return fields;
  };
  const auto copied = api_.send("PUT", "/bucket/copy", "", from("/bucket/a%20b"));
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_TRUE(contains(copied->body, "<CopyObjectResult "));
  ASSERT_EQ(api_.authorizer.asked.size(), 2u);
  EXPECT_EQ(api_.authorizer.asked[1].action, "s3:GetObject");
  EXPECT_EQ(api_.authorizer.asked[1].resource, "arn:aws:s3:::bucket/a b");
  const auto got = api_.send("GET", "/bucket/copy");
  EXPECT_EQ(got->body, "hello");
  EXPECT_EQ(got->headers.get("x-amz-meta-k"), "v");
  EXPECT_EQ(got->headers.get("x-amz-tagging-count"), "1");
  EXPECT_EQ(bench_.count_blobs(), 1u);
  EXPECT_EQ(api_.error("PUT", "/bucket/copy", "", from("bucket/copy")), "InvalidRequest");
  EXPECT_EQ(api_.error("PUT", "/bucket/copy", "", from("bucket/none")), "NoSuchKey");
  EXPECT_EQ(api_.error("PUT", "/bucket/copy", "", from("none/copy")), "NoSuchBucket");
  EXPECT_EQ(api_.error("PUT", "/bucket/copy", "", from("bucket")), "InvalidArgument");
  EXPECT_EQ(api_.error("PUT", "/bucket/c", "",
                       from("bucket/copy", headers({{"x-amz-copy-source-if-match", "x"}}))),
            "PreconditionFailed");
  ASSERT_TRUE(api_.send("PUT", "/bucket/copy", "",
                        from("bucket/copy", headers({{"x-amz-metadata-directive", "REPLACE"},
                                                     {"x-amz-meta-new", "1"}}))));
  const auto replaced = api_.send("HEAD", "/bucket/copy");
  EXPECT_FALSE(replaced->headers.find("x-amz-meta-k"));
  EXPECT_EQ(replaced->headers.get("x-amz-meta-new"), "1");
}

TEST_F(S3Api, BucketsHaveSettings) {
  const std::string rules =
      "<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>"
      "<Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>";
  EXPECT_EQ(api_.error("GET", "/bucket?lifecycle"), "NoSuchLifecycleConfiguration");
  EXPECT_EQ(api_.error("PUT", "/bucket?lifecycle", "<x/>"), "MalformedXML");
  ASSERT_TRUE(api_.send("PUT", "/bucket?lifecycle", rules));
  EXPECT_EQ(body("/bucket?lifecycle"), rules);
  ASSERT_TRUE(api_.send("DELETE", "/bucket?lifecycle"));
  EXPECT_EQ(api_.error("GET", "/bucket?lifecycle"), "NoSuchLifecycleConfiguration");
  EXPECT_EQ(api_.error("GET", "/bucket?cors"), "NoSuchCORSConfiguration");
  EXPECT_EQ(api_.error("GET", "/nowhere?cors"), "NoSuchBucket");
  EXPECT_TRUE(contains(body("/bucket?ownershipControls"), "BucketOwnerEnforced"));
  ASSERT_TRUE(api_.send("DELETE", "/bucket?ownershipControls"));
  EXPECT_EQ(api_.error("GET", "/bucket?ownershipControls"), "OwnershipControlsNotFoundError");
  EXPECT_TRUE(contains(body("/bucket?requestPayment"), "<Payer>BucketOwner</Payer>"));
  EXPECT_EQ(
      api_.error("PUT", "/bucket?encryption",
                 "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                 "<SSEAlgorithm>aws:kms:dsse</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
                 "</Rule></ServerSideEncryptionConfiguration>"),
      "NotImplemented");
  EXPECT_EQ(api_.error("GET", "/bucket", "", headers({{"x-amz-expected-bucket-owner", "1"}})),
            "AccessDenied");
}

TEST_F(S3Api, NoticesDamageOnTheWay) {
  EXPECT_EQ(
      api_.error("PUT", "/bucket/k", "hellp", headers({{"x-amz-checksum-crc32", "NhCmhg=="}})),
      "BadDigest");
  EXPECT_EQ(api_.error("PUT", "/bucket/k", "hellp",
                       headers({{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}})),
            "BadDigest");
  EXPECT_EQ(api_.error("PUT", "/bucket/k", "x", headers({{"Content-MD5", "short"}})),
            "InvalidDigest");
  EXPECT_EQ(api_.error("PUT", "/bucket/k", "x", headers({{"x-amz-content-sha256", "0000"}})),
            "XAmzContentSHA256Mismatch");
  EXPECT_EQ(api_.error("GET", "/bucket/k"), "NoSuchKey");
}

TEST_F(S3Api, KnowsCrc32cAndSha256) {
  // CRC-32C of "123456789" is e3069283 (RFC 3720, B.4).
  EXPECT_TRUE(
      api_.send("PUT", "/bucket/k", "123456789", headers({{"x-amz-checksum-crc32c", "4waSgw=="}})));
  EXPECT_TRUE(api_.send(
      "PUT", "/bucket/k", "abc",
      headers({{"x-amz-checksum-sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="}})));
}

TEST_F(S3Api, TakesUnsignedStreams) {
  const auto fields = headers({{"x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"},
                               {"Content-Encoding", "gzip,aws-chunked"},
                               {"x-amz-decoded-content-length", "5"},
                               {"x-amz-trailer", "x-amz-checksum-crc32"}});
  const std::string good = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
  ASSERT_TRUE(api_.send("PUT", "/bucket/k", good, fields));
  const auto got = api_.send("GET", "/bucket/k");
  EXPECT_EQ(got->body, "hello");
  EXPECT_EQ(got->headers.get("content-encoding"), "gzip");
  std::string damaged = good;
  damaged[4] = 'j';
  EXPECT_EQ(api_.error("PUT", "/bucket/k", damaged, fields), "BadDigest");
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(api_.error("PUT", "/bucket/k", good.substr(0, length), fields), "IncompleteBody")
        << length;
  }
}

TEST_F(S3Api, NamesWhatItDoesNotHave) {
  const auto refusal = [&](std::string method, std::string path, http::Headers fields = {}) {
    const auto answer = api_.send(std::move(method), std::move(path), "", std::move(fields));
    if (answer) return std::string("accepted");
    EXPECT_EQ(answer.error().aws_type, "NotImplemented");
    EXPECT_EQ(answer.error().code, ErrorCode::kUnsupported);
    return answer.error().message;
  };
  EXPECT_TRUE(contains(refusal("PUT", "/bucket?acl"), "'acl'"));
  EXPECT_TRUE(contains(refusal("PUT", "/bucket?cors"), "'cors'"));
  EXPECT_TRUE(contains(refusal("GET", "/bucket?inventory"), "'inventory'"));
  EXPECT_TRUE(contains(refusal("PUT", "/bucket/k?acl"), "'acl'"));
  EXPECT_TRUE(
      contains(refusal("PUT", "/bucket/k", headers({{"If-None-Match", "x"}})), "If-None-Match"));
  EXPECT_TRUE(
      contains(refusal("GET", "/bucket?list-type=2", headers({{"If-Match", "x"}})), "if-match"));
  EXPECT_TRUE(contains(
      refusal("PUT", "/bucket/k", headers({{"x-amz-server-side-encryption", "aws:kms:dsse"}})),
      "aws:kms:dsse"));
  EXPECT_TRUE(contains(refusal("PUT", "/bucket/k", headers({{"x-amz-acl", "public-read"}})),
                       "public-read"));
  EXPECT_TRUE(contains(
      refusal("PUT", "/bucket/k",
              headers({{"x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"}})),
      "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"));
  EXPECT_TRUE(contains(refusal("PUT", "/bucket/k", headers({{"x-amz-checksum-md4", "x"}})), "md4"));
  EXPECT_TRUE(contains(refusal("PUT", "/bucket/k", headers({{"x-amz-object-lock-mode", "x"}})),
                       "x-amz-object-lock-mode"));
}

TEST_F(S3Api, AsksForTheRightPermissions) {
  struct Case {
    std::string method, path, action, resource;
  };
  for (const auto& [method, path, action, resource] :
       std::vector<Case>{{"GET", "/", "s3:ListAllMyBuckets", "*"},
                         {"PUT", "/bucket", "s3:CreateBucket", "arn:aws:s3:::bucket"},
                         {"HEAD", "/bucket", "s3:ListBucket", "arn:aws:s3:::bucket"},
                         {"GET", "/bucket?list-type=2", "s3:ListBucket", "arn:aws:s3:::bucket"},
                         {"GET", "/bucket?location", "s3:GetBucketLocation", "arn:aws:s3:::bucket"},
                         {"DELETE", "/bucket", "s3:DeleteBucket", "arn:aws:s3:::bucket"},
                         {"PUT", "/bucket/a/b", "s3:PutObject", "arn:aws:s3:::bucket/a/b"},
                         {"GET", "/bucket/a/b", "s3:GetObject", "arn:aws:s3:::bucket/a/b"},
                         {"HEAD", "/bucket/a/b", "s3:GetObject", "arn:aws:s3:::bucket/a/b"},
                         {"DELETE", "/bucket/a/b", "s3:DeleteObject", "arn:aws:s3:::bucket/a/b"}}) {
    api_.authorizer.denied = action;
    const auto answer = api_.send(method, path);
    ASSERT_FALSE(answer) << action;
    EXPECT_EQ(answer.error().code, ErrorCode::kAccessDenied) << action;
    ASSERT_EQ(api_.authorizer.asked.size(), 1u);
    EXPECT_EQ(api_.authorizer.asked[0].action, action);
    EXPECT_EQ(api_.authorizer.asked[0].resource, resource);
  }
}

TEST_F(S3Api, ListsBucketsAndSaysWhereTheyAre) {
  api_.call.region = "eu-west-1";
  EXPECT_EQ(api_.error("PUT", "/second"), "IllegalLocationConstraintException");
  const std::string where =
      "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
  ASSERT_TRUE(api_.send("PUT", "/second", where));
  EXPECT_EQ(api_.error("PUT", "/second", where), "BucketAlreadyOwnedByYou");
  EXPECT_TRUE(contains(body("/second?location"), ">eu-west-1</LocationConstraint>"));
  EXPECT_TRUE(contains(body("/bucket?location"), "></LocationConstraint>"));
  EXPECT_TRUE(contains(body("/"),
                       "<Buckets><Bucket><Name>bucket</Name>"
                       "<CreationDate>2026-01-02T03:04:05.000Z</CreationDate></Bucket>"
                       "<Bucket><Name>second</Name>"));
  EXPECT_EQ(api_.send("HEAD", "/second")->headers.get("x-amz-bucket-region"), "eu-west-1");
  api_.call.region = "us-east-1";
  EXPECT_TRUE(api_.send("PUT", "/bucket")) << "in us-east-1 once more is no error";
  EXPECT_EQ(api_.error("PUT", "/third", "<a><b></a>"), "MalformedXML");
  EXPECT_EQ(api_.error("PUT", "/third",
                       "<CreateBucketConfiguration><Bucket><Type>x</Type></Bucket>"
                       "</CreateBucketConfiguration>"),
            "NotImplemented");
}

TEST_F(S3Api, ListsObjects) {
  for (const char* path : {"/bucket/a%26b", "/bucket/dir/1", "/bucket/dir/2", "/bucket/z"}) {
    ASSERT_TRUE(api_.send("PUT", path, "x"));
  }
  const auto all = body("/bucket?list-type=2&encoding-type=url&delimiter=%2F");
  EXPECT_TRUE(contains(all, "<Key>a%26b</Key>")) << all;
  EXPECT_TRUE(contains(all, "<CommonPrefixes><Prefix>dir/</Prefix></CommonPrefixes>")) << all;
  EXPECT_TRUE(contains(all, "<KeyCount>3</KeyCount><MaxKeys>1000</MaxKeys>")) << all;
  const auto plain = body("/bucket?list-type=2&max-keys=1");
  EXPECT_TRUE(contains(plain, "<Key>a&amp;b</Key>")) << plain;
  EXPECT_TRUE(contains(plain, "<IsTruncated>true</IsTruncated><NextContinuationToken>")) << plain;
  EXPECT_TRUE(contains(body("/bucket?list-type=2&max-keys=0"), "<IsTruncated>false<"));
  EXPECT_EQ(api_.error("GET", "/bucket?list-type=2&max-keys=-1"), "InvalidArgument");
  EXPECT_EQ(api_.error("GET", "/bucket?list-type=2&continuation-token=zzz"), "InvalidArgument");
  EXPECT_EQ(api_.error("GET", "/bucket?list-type=1"), "InvalidArgument");
  EXPECT_EQ(api_.error("GET", "/nobucket?list-type=2"), "NoSuchBucket");
}

TEST_F(S3Api, SaysWhenTooMuchIsQueued) {
  bench_.workers.stop();
  EXPECT_EQ(api_.error("GET", "/"), "SlowDown");
}

}  // namespace
}  // namespace stator::s3
