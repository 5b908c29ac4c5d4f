#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/sha256.hpp"
#include "core/sigv4.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace stator::sdk {
namespace {

// FIPS 180-4's examples, and RFC 4231's for the HMAC.
TEST(Sha256, MatchesPublishedVectors) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'),
                               "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

constexpr std::string_view kDate = "20150830T123600Z";
const Credentials kKeys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};

std::string signature(std::string_view method, std::string_view query, const Headers& headers,
                      std::string_view body) {
  Signer signer({"us-east-1", "service"});
  const std::string value = signer.authorization(kKeys, {method, "/", query, headers, body}, kDate);
  return value.substr(value.rfind('=') + 1);
}

// Cases of the aws-sig-v4-test-suite.
TEST(Signer, MatchesAwsVectors) {
  const Headers vanilla{{"host", "example.amazonaws.com"}, {"x-amz-date", std::string(kDate)}};
  EXPECT_EQ(signature("GET", "", vanilla, ""),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  EXPECT_EQ(signature("POST", "", vanilla, ""),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  EXPECT_EQ(signature("GET", "Param1=value1&Param2=value2", vanilla, ""),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  const Headers form{{"content-type", "application/x-www-form-urlencoded"},
                     {"host", "example.amazonaws.com"},
                     {"x-amz-date", std::string(kDate)}};
  EXPECT_EQ(signature("POST", "", form, "Param1=value1"),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
  const Headers trimmed{{"host", "example.amazonaws.com"},
                        {"my-header1", " value1"},
                        {"my-header2", " \"a   b   c\""},
                        {"x-amz-date", std::string(kDate)}};
  EXPECT_EQ(signature("GET", "", trimmed, ""),
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
}

TEST(Signer, NamesScopeAndHeaders) {
  Signer signer({"us-east-1", "service"});
  const Headers headers{{"host", "example.amazonaws.com"}, {"x-amz-date", std::string(kDate)}};
  const std::string value = signer.authorization(kKeys, {"GET", "/", "", headers, ""}, kDate);
  EXPECT_TRUE(
      value.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/"
                        "service/aws4_request, SignedHeaders=host;x-amz-date, Signature="));
}

TEST(Time, IsWrittenInBothForms) {
  std::string text(24, '\0');
  stator1_format_time(1440938160123, text.data());
  EXPECT_EQ(text, "2015-08-30T12:36:00.123Z");
  EXPECT_EQ(amz_date(1440938160123), "20150830T123600Z");
}

TEST(Base64, SurvivesARoundTripInBothAlphabets) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 50, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    for (const int alphabet : {STATOR1_BASE64, STATOR1_BASE64_URL}) {
      std::string text((bytes.size() + 2) / 3 * 4, '\0');
      text.resize(stator1_base64_encode(text_of(bytes), alphabet, text.data()));
      std::string back(text.size(), '\0');
      const std::size_t size = stator1_base64_decode(text_of(text), alphabet, back.data());
      ASSERT_NE(size, static_cast<std::size_t>(-1)) << text;
      back.resize(size);
      ASSERT_EQ(back, bytes);
    }
  }
}

TEST(Base64, IsStrict) {
  const auto accepts = [](std::string_view text, int alphabet) {
    std::string out(text.size(), '\0');
    return stator1_base64_decode(text_of(text), alphabet, out.data()) !=
           static_cast<std::size_t>(-1);
  };
  EXPECT_TRUE(accepts("Zm8=", STATOR1_BASE64));
  EXPECT_TRUE(accepts("Zm8", STATOR1_BASE64_URL));
  for (const std::string_view text : {"Zm8", "Zm9=", "Zg=A", "Z===", "Zm 8", "Zm8=\n", "Zm-_"}) {
    EXPECT_FALSE(accepts(text, STATOR1_BASE64)) << text;
  }
  for (const std::string_view text : {"Zm8=", "Zm9", "Z", "Zm+/"}) {
    EXPECT_FALSE(accepts(text, STATOR1_BASE64_URL)) << text;
  }
}

TEST(Crc32, MatchesTheCheckValue) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926u);
}

TEST(Url, IsTakenApart) {
  const auto url = parse_url("http://127.0.0.1:4566").value();
  EXPECT_EQ(url.host, "127.0.0.1");
  EXPECT_EQ(url.port, 4566);
  EXPECT_EQ(url.path, "/");
  EXPECT_EQ(url.authority(), "127.0.0.1:4566");
  EXPECT_EQ(parse_url("https://dynamodb.eu-west-1.amazonaws.com/").value().authority(),
            "dynamodb.eu-west-1.amazonaws.com");
  EXPECT_EQ(parse_url("http://[::1]:80/x").value().authority(), "[::1]");
  for (const std::string_view text :
       {"", "localhost:1", "ftp://a", "http://", "http://a:0", "http://a:65536", "http://a:1x",
        "http://a b", "http://u@h", "http://[::1", "http://a/\r\nx"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

}  // namespace
}  // namespace stator::sdk
