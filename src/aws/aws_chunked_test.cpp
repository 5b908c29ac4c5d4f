#include "aws/aws_chunked.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace stator::aws {
namespace {

constexpr ChunkedForm kUnsigned{.is_signed = false, .has_trailer = true};
constexpr ChunkedForm kSigned{.is_signed = true, .has_trailer = false};
constexpr ChunkedForm kSignedTrailer{.is_signed = true, .has_trailer = true};

std::string type_of(const Result<DecodedBody>& result) {
  return result ? "" : result.error().aws_type;
}

TEST(AwsChunked, KnowsItsForms) {
  EXPECT_FALSE(chunked_form("UNSIGNED-PAYLOAD"));
  EXPECT_FALSE(chunked_form("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"));
  EXPECT_FALSE(chunked_form("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"));
  EXPECT_FALSE(chunked_form("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-"));
  EXPECT_TRUE(chunked_form("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")->is_signed);
  EXPECT_FALSE(chunked_form("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")->has_trailer);
  EXPECT_TRUE(chunked_form("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")->has_trailer);
  EXPECT_FALSE(chunked_form("STREAMING-UNSIGNED-PAYLOAD-TRAILER")->is_signed);
}

TEST(AwsChunked, TakesSignedChunksApart) {
  ChunkReader reader(
      "3;chunk-signature=aa\r\nabc\r\n0;chunk-signature=bb\r\nx-amz-checksum-crc32:Y==\r\n"
      "X-Amz-Trailer-Signature: cc\r\n\r\n",
      kSignedTrailer);
  const auto first = reader.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->data, "abc");
  EXPECT_EQ(first->signature, "aa");
  const auto last = reader.next();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->data, "");
  EXPECT_EQ(last->signature, "bb");
  const auto trailer = reader.trailer();
  ASSERT_TRUE(trailer);
  EXPECT_EQ(trailer->fields.get("x-amz-checksum-crc32"), "Y==");
  EXPECT_EQ(trailer->fields.fields().size(), 1u);
  EXPECT_EQ(trailer->fields_as_sent, "x-amz-checksum-crc32:Y==\n");
  EXPECT_EQ(trailer->signature, "cc");
}

TEST(AwsChunked, ReadsTheLineEndsThatClientsSend) {
  for (const char* trailer : {"a:b\r\n\r\n", "a: b \n\r\n\r\n"}) {
    const auto decoded = decode_aws_chunked("1\r\nx\r\n0\r\n" + std::string(trailer), kUnsigned, 1);
    ASSERT_TRUE(decoded) << trailer;
    EXPECT_EQ(decoded->trailer.get("a"), "b");
  }
}

TEST(AwsChunked, RefusesWhatIsNoSuchCoding) {
  struct Case {
    const char* body;
    ChunkedForm form;
    const char* type;
  };
  for (const auto& [body, form, type] :
       {Case{"", kUnsigned, "IncompleteBody"}, Case{"0\r\n", kUnsigned, "IncompleteBody"},
        Case{"0\r\nx\r\n", kUnsigned, "IncompleteBody"},
        Case{"1\r\nab\r\n0\r\n\r\n", kUnsigned, "IncompleteBody"},
        Case{"g\r\na\r\n0\r\n\r\n", kUnsigned, "IncompleteBody"},
        Case{"-1\r\na\r\n0\r\n\r\n", kUnsigned, "IncompleteBody"},
        Case{"ffffffffffffffff\r\na\r\n0\r\n\r\n", kUnsigned, "IncompleteBody"},
        Case{"fffffffffffffffff\r\na\r\n0\r\n\r\n", kUnsigned, "IncompleteBody"},
        Case{"0\r\n\r\n", kSigned, "IncompleteBody"},
        Case{"0;other=1\r\n\r\n", kSigned, "IncompleteBody"},
        Case{"0;chunk-signature=a\r\n\r\n", kUnsigned, "IncompleteBody"},
        Case{"0;chunk-signature=a\r\na:b\r\n\r\n", kSigned, "MalformedTrailerError"},
        Case{"0;chunk-signature=a\r\na:b\r\n\r\n", kSignedTrailer, "MalformedTrailerError"},
        Case{"0\r\nx-amz-trailer-signature:a\r\n\r\n", kUnsigned, "MalformedTrailerError"},
        Case{"0\r\nnonsense\r\n\r\n", kUnsigned, "MalformedTrailerError"}}) {
    EXPECT_EQ(type_of(decode_aws_chunked(body, form, 0)), type) << body;
  }
  EXPECT_EQ(type_of(decode_aws_chunked("1\r\na\r\n0\r\n\r\n", kUnsigned, 2)), "IncompleteBody");
}

TEST(AwsChunked, BoundsTheTrailer) {
  std::string fields;
  for (int i = 0; i < 10; ++i) fields += "a:b\r\n";
  EXPECT_TRUE(decode_aws_chunked("0\r\n" + fields + "\r\n", kUnsigned, 0));
  EXPECT_EQ(type_of(decode_aws_chunked("0\r\na:b\r\n" + fields + "\r\n", kUnsigned, 0)),
            "MalformedTrailerError");
  EXPECT_EQ(
      type_of(decode_aws_chunked("0\r\na:" + std::string(20'000, 'b') + "\r\n\r\n", kUnsigned, 0)),
      "MalformedTrailerError");
}

TEST(AwsChunked, OnlyTheLastChunkMayBeSmall) {
  const std::string big = "2000\r\n" + std::string(0x2000, 'x') + "\r\n", small = "1\r\ny\r\n";
  EXPECT_TRUE(decode_aws_chunked(big + big + small + "0\r\n\r\n", kUnsigned, 0x4001));
  const auto refused = decode_aws_chunked(big + small + big + "0\r\n\r\n", kUnsigned, 0x4001);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().aws_type, "InvalidChunkSizeError");
  EXPECT_EQ(refused.error().detail_json, R"({"Chunk":2,"BadChunkSize":1})");
}

RC_GTEST_PROP(AwsChunkedProperty, PutsTheChunksTogether, ()) {
  const auto sizes = *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(8192u, 8200u));
  const auto last = *rc::gen::inRange(1u, 20u);
  std::string encoded;
  std::string whole;
  const auto add = [&](unsigned size) {
    char line[20];
    std::snprintf(line, sizeof line, "%x\r\n", size);
    const std::string data(size, char('a' + size % 26));
    encoded += line + data + "\r\n";
    whole += data;
  };
  for (const unsigned size : sizes) add(size);
  add(last);
  encoded += "0\r\n\r\n";
  const auto decoded = decode_aws_chunked(encoded, kUnsigned, whole.size());
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->body == whole);
  RC_ASSERT(!decode_aws_chunked(encoded, kUnsigned, whole.size() + 1));
}

RC_GTEST_PROP(AwsChunkedProperty, DamageDoesNoHarm, (const std::string& noise)) {
  for (const auto form : {kUnsigned, kSigned, kSignedTrailer}) {
    static_cast<void>(decode_aws_chunked(noise, form, noise.size()));
    static_cast<void>(decode_aws_chunked("ffffffffffffffff\r\n" + noise, form, 1));
    static_cast<void>(decode_aws_chunked("0\r\n" + noise + "\r\n\r\n", form, 0));
  }
}

}  // namespace
}  // namespace stator::aws
