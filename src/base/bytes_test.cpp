#include "base/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace stator {
namespace {

using namespace std::string_literals;

TEST(Bytes, HexAndBase64AndPercentRoundTrip) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    RC_ASSERT(hex_decode(hex_encode(bytes)) == bytes);
    RC_ASSERT(base64_decode(base64_encode(bytes)) == bytes);
    RC_ASSERT(base64url_decode(base64url_encode(bytes)) == bytes);
    RC_ASSERT(percent_decode(percent_encode(bytes)) == bytes);
  }));
}

TEST(Bytes, Base64FollowsRfc4648) {
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url_encode("\xff\xfe"), "__4");
}

TEST(Bytes, Base64IsStrict) {
  for (const char* text : {"Zg", "Zg=", "Z===", "Zh==", "Zm9v\n", "Zm 9", "=Zg=", "Zm9=v"}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
}

TEST(Bytes, PercentKeepsTheUnreservedAndCanSpareSlashes) {
  EXPECT_EQ(percent_encode("a-._~/ é"), "a-._~%2F%20%C3%A9");
  EXPECT_EQ(percent_encode("/a b", true), "/a%20b");
  EXPECT_EQ(percent_decode("a+b%20c", true), "a b c");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("%2"), std::nullopt);
  EXPECT_EQ(percent_decode("%zz"), std::nullopt);
}

TEST(Bytes, ToUtf8ReplacesWhatIsNot) {
  EXPECT_EQ(to_utf8("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(to_utf8("a\xff"
                    "b\xe2\x82"),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(to_utf8(""), "");
}

TEST(Bytes, Utf8RefusesOverlongSurrogatesAndCutSequences) {
  EXPECT_TRUE(is_utf8("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"));
  EXPECT_FALSE(is_utf8("\xc0\x80"));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
  EXPECT_FALSE(is_utf8("\xe2\x82"));
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
}

TEST(Bytes, ConstantTimeEqualityIsEquality) {
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace stator
