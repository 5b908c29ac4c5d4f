#include "oidc/jwt.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "oidc/key_set.hpp"
#include "oidc/test_provider.hpp"

namespace stator::oidc {
namespace {

using crypto::Curve;
using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

json::Object good_claims() {
  return {{"iss", "https://idp.example.com"},
          {"sub", "repo:org/app:ref:refs/heads/main"},
          {"aud", "sts.amazonaws.com"},
          {"exp", 2'000},
          {"iat", 1'000}};
}

std::string part(const json::Object& object) {
  return base64url_encode(json::dump(object));
}

TEST(Jwt, ReadsAToken) {
  const auto token = parse_token(TestProvider::token(good_claims()));
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->key_id, "k1");
  EXPECT_EQ(token->algorithm, SignatureAlgorithm::kRs256);
  EXPECT_EQ(token->signature.size(), 256u);
  const auto claims = read_claims(token->claims);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->issuer, "https://idp.example.com");
  EXPECT_EQ(claims->audiences, std::vector<std::string>{"sts.amazonaws.com"});
  EXPECT_EQ(claims->expires, from_epoch_ms(2'000'000));
  EXPECT_FALSE(claims->not_before);
}

TEST(Jwt, RefusesWhatIsNoToken) {
  const std::string header = part({{"alg", "RS256"}}), payload = part(good_claims());
  const std::string_view good_end = ".c2ln";
  struct Case {
    std::string text;
    std::string_view message;
  };
  const Case cases[] = {
      {"", "The token does not have three parts"},
      {"a.b", "The token does not have three parts"},
      {header + "." + payload + ".a.b", "The token does not have three parts"},
      {"!." + payload + ".c2ln", "The token's header is not base64url"},
      {header + "=." + payload + ".c2ln", "The token's header is not base64url"},
      {base64url_encode("[]") + "." + payload + ".c2ln", "The token's header is not a JSON object"},
      {header + "." + base64url_encode("{") + ".c2ln", "The token's payload is not a JSON object"},
      {header + "." + payload + ".", "The token has no signature"},
      {header + "." + payload + ".???", "The token has no signature"},
      {part({{"alg", "RS256"}, {"kid", 7}}) + "." + payload + ".c2ln",
       "The token's kid is not a text"},
      {part({{"alg", "RS256"}, {"crit", json::Array{"b64"}}}) + "." + payload + ".c2ln",
       "The token's header has members that must be understood"},
      {std::string(kTokenBytesMax + 1, 'a'), "The token is too long"},
  };
  for (const auto& test : cases) {
    const auto token = parse_token(test.text);
    ASSERT_FALSE(token) << test.text;
    EXPECT_EQ(token.error().message, test.message) << test.text;
  }
  EXPECT_TRUE(parse_token(header + "." + payload + std::string(good_end)));
}

TEST(Jwt, RefusesAlgorithmsThatProveNothing) {
  for (const auto* name : {"none", "None", "HS256", "HS512", "EdDSA", "RSA-OAEP", "rs256", ""}) {
    const auto token = parse_token(part({{"alg", name}}) + "." + part(good_claims()) + ".c2ln");
    ASSERT_FALSE(token) << name;
    EXPECT_EQ(token.error().message,
              "The token's algorithm '" + std::string(name) + "' is refused");
  }
  EXPECT_FALSE(parse_token(part({{"alg", 5}}) + "." + part(good_claims()) + ".c2ln"));
  EXPECT_FALSE(parse_token(part({}) + "." + part(good_claims()) + ".c2ln"));
}

TEST(Jwt, WantsTheRegisteredClaims) {
  const auto without = [](std::string_view name) {
    auto claims = good_claims();
    claims.erase(name);
    return claims;
  };
  for (const auto* name : {"iss", "sub", "aud", "exp"}) {
    const auto read = read_claims(without(name));
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().message, "Missing a required claim: " + std::string(name));
  }
  const auto with = [](std::string_view name, json::Value value) {
    auto claims = good_claims();
    claims[name] = std::move(value);
    return read_claims(claims);
  };
  EXPECT_FALSE(with("iss", 1));
  EXPECT_FALSE(with("sub", ""));
  EXPECT_FALSE(with("sub", std::string(3'000, 'x').c_str()));
  EXPECT_FALSE(with("aud", json::Array{}));
  EXPECT_FALSE(with("aud", json::Array{1}));
  EXPECT_FALSE(with("aud", json::Object{}));
  EXPECT_FALSE(with("exp", "2000"));
  EXPECT_FALSE(with("exp", -1));
  EXPECT_FALSE(with("exp", 1e300));
  EXPECT_FALSE(with("nbf", "x"));
  EXPECT_FALSE(with("iat", json::Value()));
  EXPECT_EQ(with("aud", json::Array{"a", "b"})->audiences.size(), 2u);
  EXPECT_EQ(with("exp", 2000.5)->expires, from_epoch_ms(2'000'500));
  EXPECT_EQ(with("azp", "client")->authorized_party, "client");
}

TEST(Jwt, ALifetimeNeedsNoOtherClaims) {
  const auto read = read_lifetime({{"exp", 2000}, {"nbf", 1}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->expires, from_epoch_ms(2'000'000));
  EXPECT_EQ(read->not_before, from_epoch_ms(1'000));
  EXPECT_FALSE(read->issued);
  EXPECT_FALSE(read_lifetime({{"nbf", 1}}));
  EXPECT_FALSE(read_lifetime({{"exp", 2000}, {"iat", "1"}}));
}

TEST(Jwt, IsValidInItsTime) {
  using std::chrono::seconds;
  Claims claims;
  claims.expires = from_epoch_ms(2'000'000);
  const auto at = [&](std::int64_t second) {
    return validity_at(claims, from_epoch_ms(second * 1'000), seconds(300));
  };
  EXPECT_EQ(at(0), Validity::kYes);
  EXPECT_EQ(at(1'999), Validity::kYes);
  EXPECT_EQ(at(2'000), Validity::kExpired);
  claims.issued = from_epoch_ms(1'000'000);
  EXPECT_EQ(at(700), Validity::kYes);
  EXPECT_EQ(at(699), Validity::kNotYet);
  claims.not_before = from_epoch_ms(1'500'000);
  EXPECT_EQ(at(1'200), Validity::kYes);
  EXPECT_EQ(at(1'199), Validity::kNotYet);
}

TEST(KeySet, VerifiesEveryAlgorithm) {
  const auto p256 = PrivateKey::make_ec(Curve::kP256), p384 = PrivateKey::make_ec(Curve::kP384),
             p521 = PrivateKey::make_ec(Curve::kP521);
  const auto curve_key = [](const PrivateKey& key, std::string_view name) {
    const auto numbers = key.public_numbers();
    return json::Object{{"kty", "EC"},
                        {"crv", name},
                        {"kid", name},
                        {"x", base64url_encode(numbers.first)},
                        {"y", base64url_encode(numbers.second)}};
  };
  auto rsa = TestProvider::public_key("rsa");
  rsa.erase("alg");
  const auto keys = KeySet::parse(json::dump(
      json::Object{{"keys", json::Array{rsa, curve_key(p256, "P-256"), curve_key(p384, "P-384"),
                                        curve_key(p521, "P-521")}}}));
  ASSERT_TRUE(keys);
  struct Case {
    const char* name;
    SignatureAlgorithm algorithm;
    const PrivateKey* key;
    const char* key_id;
  };
  using enum SignatureAlgorithm;
  const PrivateKey* rsa_key = &TestProvider::key();
  const Case cases[] = {{"RS256", kRs256, rsa_key, "rsa"}, {"RS384", kRs384, rsa_key, "rsa"},
                        {"RS512", kRs512, rsa_key, "rsa"}, {"PS256", kPs256, rsa_key, "rsa"},
                        {"PS384", kPs384, rsa_key, "rsa"}, {"PS512", kPs512, rsa_key, "rsa"},
                        {"ES256", kEs256, &p256, "P-256"}, {"ES384", kEs384, &p384, "P-384"},
                        {"ES512", kEs512, &p521, "P-521"}};
  for (const auto& test : cases) {
    const std::string signed_part =
        part({{"alg", test.name}, {"kid", test.key_id}}) + "." + part(good_claims());
    const std::string signature = base64url_encode(test.key->sign(test.algorithm, signed_part));
    auto token = parse_token(signed_part + "." + signature);
    ASSERT_TRUE(token) << test.name;
    EXPECT_EQ(keys->verify(*token), Signed::kYes) << test.name;
    token->signed_part += "x";
    EXPECT_EQ(keys->verify(*token), Signed::kNo) << test.name;
    token->key_id = "other";
    EXPECT_EQ(keys->verify(*token), Signed::kNoKey) << test.name;
    token->key_id.clear();
    EXPECT_EQ(keys->verify(*token), Signed::kNo) << "the only key that fits";
  }
}

TEST(KeySet, PassesOverKeysThatSignNothingHere) {
  const auto parse = [](json::Object key) {
    return KeySet::parse(json::dump(json::Object{{"keys", json::Array{std::move(key)}}}));
  };
  EXPECT_EQ(parse(TestProvider::public_key("k"))->size(), 1u);
  for (const auto& [member, value] :
       {std::pair{"use", "enc"}, std::pair{"kty", "OKP"}, std::pair{"kty", "oct"},
        std::pair{"n", "!"}, std::pair{"n", "AQAB"}, std::pair{"e", "Ag"}}) {
    auto key = TestProvider::public_key("k");
    key[member] = value;
    EXPECT_EQ(parse(key)->size(), 0u) << member << " " << value;
  }
  EXPECT_EQ(parse({{"kty", "EC"}, {"crv", "secp256k1"}, {"x", "AA"}, {"y", "AA"}})->size(), 0u);
  EXPECT_FALSE(KeySet::parse("[]"));
  EXPECT_FALSE(KeySet::parse("{}"));
  EXPECT_FALSE(KeySet::parse(R"({"keys":[1]})"));
  json::Array many(101, TestProvider::public_key("k"));
  EXPECT_FALSE(KeySet::parse(json::dump(json::Object{{"keys", many}})));
}

TEST(KeySet, WantsTheKeysOwnAlgorithmAndNoGuessing) {
  auto token = *parse_token(TestProvider::token(good_claims()));
  EXPECT_EQ(KeySet::parse(TestProvider::key_set("k1"))->verify(token), Signed::kYes);
  auto other = TestProvider::public_key("k1");
  other["alg"] = "PS256";
  EXPECT_EQ(KeySet::parse(json::dump(json::Object{{"keys", json::Array{other}}}))->verify(token),
            Signed::kNoKey);
  const auto two = KeySet::parse(json::dump(json::Object{
      {"keys", json::Array{TestProvider::public_key("k1"), TestProvider::public_key("k2")}}}));
  EXPECT_EQ(two->verify(token), Signed::kYes);
  token.key_id.clear();
  EXPECT_EQ(two->verify(token), Signed::kNoKey);
}

RC_GTEST_PROP(JwtProperty, NoChangeOfATokenIsBelieved, ()) {
  static const std::string text = TestProvider::token(good_claims());
  static const KeySet keys = *KeySet::parse(TestProvider::key_set("k1"));
  std::string changed = text;
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  changed[at] = *rc::gen::inRange<char>('!', '~');
  RC_PRE(changed != text);
  const auto token = parse_token(changed);
  const bool is_believed = token && keys.verify(*token) == Signed::kYes;
  RC_ASSERT(!is_believed);
}

}  // namespace
}  // namespace stator::oidc
