#include <gtest/gtest.h>

#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "crypto/crypto.hpp"

/// The cases and signatures of AWS's published test suite for Signature Version 4 (the one in
/// awslabs/aws-c-auth, which has the query form too): key AKIDEXAMPLE, 2015-08-30T12:36:00Z,
/// us-east-1, service "service".
namespace stator::aws::sigv4 {
namespace {

using Fields = std::vector<http::Headers::Field>;

constexpr const char* kTime = "20150830T123600Z";
constexpr Scope kScope{"20150830", "us-east-1", "service"};
const SecretKey kSecret{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

struct SuiteCase {
  const char* name;
  const char* method;
  const char* target;
  Fields extra;
  const char* body;
  const char* signature;
  const char* query_signature;  ///< "" where the suite has none for this case
};

const SuiteCase kSuite[] = {
    {"get-vanilla",
     "GET",
     "/",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
     "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
    {"get-vanilla-empty-query-key",
     "GET",
     "/?Param1=value1",
     {},
     "",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
     "49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/?Param2=value2&Param1=value1",
     {},
     "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
     "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
     "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
     "8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf"},
    {"get-vanilla-utf8-query",
     "GET",
     "/?\xe1\x88\xb4=bar",
     {},
     "",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
     "0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600"},
    {"get-vanilla-query-order-encoded",
     "GET",
     "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
     {},
     "",
     "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
     "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
     "95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005"},
    {"get-utf8",
     "GET",
     "/\xe1\x88\xb4",
     {},
     "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
     "10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44"},
    {"get-relative",
     "GET",
     "/example/..",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
     "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
    {"get-relative-relative",
     "GET",
     "/example1/example2/../..",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
     ""},
    {"get-slash",
     "GET",
     "//",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
     ""},
    {"get-slash-dot-slash",
     "GET",
     "/./",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
     ""},
    {"get-slashes",
     "GET",
     "//example//",
     {},
     "",
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
     "c1834e8fb0307243711f0f907f6ab7311ed300d87f13792d7ee4da89ab93e082"},
    {"get-slash-pointless-dot",
     "GET",
     "/./example",
     {},
     "",
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
     "35034b1a0bdd969f346975386daf8aedfd4976573b8348cf4f67eaa41c5857de"},
    {"get-space",
     "GET",
     "/example space/",
     {},
     "",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
     "7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
     "",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
     "3349ee0b81b4b589da0ff28a395c3591e04de515651dd74f298fa992d1507a97"},
    {"get-header-value-multiline",
     "GET",
     "/",
     {{"My-Header1", "value1"}, {"My-Header1", "  value2"}, {"My-Header1", "     value3"}},
     "",
     "ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790",
     "07f38a7bae261a5b2eec137361e6403c191bbf8e3f75466bb8114a08acd99936"},
    {"get-header-value-order",
     "GET",
     "/",
     {{"My-Header1", "value4"},
      {"My-Header1", "value1"},
      {"My-Header1", "value3"},
      {"My-Header1", "value2"}},
     "",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
     "313720e71ca6202fdcfa9b20f88de01a4eb0638a83c833b1c184359a4eda864e"},
    {"get-header-value-trim",
     "GET",
     "/",
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
     "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"},
    {"post-vanilla",
     "POST",
     "/",
     {},
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
     "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b"},
    {"post-vanilla-empty-query-value",
     "POST",
     "/?Param1=value1",
     {},
     "",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
     ""},
    {"post-header-key-sort",
     "POST",
     "/",
     {{"My-Header1", "value1"}},
     "",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
     ""},
    {"post-header-value-case",
     "POST",
     "/",
     {{"My-Header1", "VALUE1"}},
     "",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
     ""},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
     ""},
    {"post-x-www-form-urlencoded-parameters",
     "POST",
     "/",
     {{"Content-Type", "application/x-www-form-urlencoded; charset=utf8"}},
     "Param1=value1",
     "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
     ""},
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
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
     "aca67b49ed321f377645504bccbd5a65f9085c536ff1961bc49c835d30827b16"},
    {"get-vanilla-with-session-token",
     "GET",
     "/",
     {{"X-Amz-Security-Token", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"}},
     "",
     "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
     ""},
};

http::Request make_request(const SuiteCase& test, std::string target, bool has_date) {
  http::Request request;
  request.method = test.method;
  request.target = std::move(target);
  request.headers.add("Host", "example.amazonaws.com");
  if (has_date) request.headers.add("X-Amz-Date", kTime);
  for (const auto& [name, value] : test.extra) request.headers.add(name, value);
  request.body = test.body;
  return request;
}

std::string names_of(const http::Request& request) {
  std::vector<std::string> names;
  for (const auto& field : request.headers.fields()) {
    const std::string name = to_lower(field.first);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return join(names, ";");
}

std::string sign(const http::Request& request, CanonicalRules rules) {
  return signature(signing_key(kSecret, kScope),
                   string_to_sign(kTime, kScope, canonical_request(request, rules)));
}

TEST(SigV4Suite, InTheHeaderForm) {
  for (const SuiteCase& test : kSuite) {
    const auto request = make_request(test, test.target, true);
    const std::string names = names_of(request), hash = crypto::sha256_hex(request.body);
    EXPECT_EQ(sign(request, {PathStyle::kNormalized, names, hash}), test.signature) << test.name;
  }
}

/// The authentication parameters but for the signature, behind what the target has.
std::string presigned(std::string target, const std::string& names) {
  target += target.find('?') == std::string::npos ? '?' : '&';
  return target +
         "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2F"
         "us-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z"
         "&X-Amz-SignedHeaders=" +
         percent_encode(names) + "&X-Amz-Expires=3600";
}

TEST(SigV4Suite, InTheQueryForm) {
  for (const SuiteCase& test : kSuite) {
    if (std::string_view(test.query_signature).empty()) continue;
    auto request = make_request(test, test.target, false);
    const std::string names = names_of(request), hash = crypto::sha256_hex(request.body);
    request.target = presigned(request.target, names) + "&X-Amz-Signature=" + test.query_signature;
    EXPECT_EQ(sign(request, {PathStyle::kNormalized, names, hash}), test.query_signature)
        << test.name;
    const Claim claim = read_claim(request);
    EXPECT_EQ(claim.signed_headers, names) << test.name;
    EXPECT_EQ(claim.signature, test.query_signature) << test.name;
  }
}

// get-vanilla-with-session-token has the token under the signature, post-sts-header-after behind.
TEST(SigV4Suite, TheTokenMayBeSignedOrAppended) {
  const SuiteCase get{"", "GET", "/", {}, "", "", ""};
  const std::string token =
      "&X-Amz-Security-Token=6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
  const std::string hash = crypto::sha256_hex("");
  const auto with_token = make_request(get, presigned("/", "host") + token, false);
  EXPECT_EQ(sign(with_token, {PathStyle::kNormalized, "host", hash}),
            "7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c");
  EXPECT_EQ(sign(with_token, {PathStyle::kNormalized, "host", hash, true}),
            "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d");
}

TEST(SigV4Suite, WithoutNormalization) {
  struct Case {
    const char* target;
    const char* signature;
  };
  for (const auto& [target, signature] :
       {Case{"/example/..", "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282"},
        Case{"//example//", "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"},
        Case{"/example space/",
             "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"}}) {
    const SuiteCase get{"", "GET", target, {}, "", "", ""};
    EXPECT_EQ(sign(make_request(get, target, true),
                   {PathStyle::kPlain, "host;x-amz-date", crypto::sha256_hex("")}),
              signature)
        << target;
  }
}

}  // namespace
}  // namespace stator::aws::sigv4
