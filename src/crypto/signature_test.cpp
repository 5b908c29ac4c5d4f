#include "crypto/signature.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"

namespace stator::crypto {
namespace {

using enum SignatureAlgorithm;

constexpr SignatureAlgorithm kRsaAlgorithms[] = {kRs256, kRs384, kRs512, kPs256, kPs384, kPs512};

TEST(Signature, OfRsaVerifiesOnlyWhatWasSigned) {
  const auto key = PrivateKey::make_rsa();
  const auto numbers = key.public_numbers();
  const auto public_key = PublicKey::rsa(numbers.first, numbers.second);
  ASSERT_TRUE(public_key);
  for (const auto algorithm : kRsaAlgorithms) {
    auto signature = key.sign(algorithm, "message");
    EXPECT_TRUE(public_key->verify(algorithm, "message", signature));
    EXPECT_FALSE(public_key->verify(algorithm, "massage", signature));
    for (const auto other : kRsaAlgorithms) {
      EXPECT_EQ(public_key->verify(other, "message", signature), other == algorithm);
    }
    EXPECT_FALSE(public_key->verify(kEs256, "message", signature));
    EXPECT_FALSE(public_key->verify(algorithm, "message", signature.substr(1)));
    EXPECT_FALSE(public_key->verify(algorithm, "message", ""));
    signature[40] = static_cast<char>(signature[40] ^ 4);
    EXPECT_FALSE(public_key->verify(algorithm, "message", signature));
  }
}

TEST(Signature, OfCurvesVerifiesOnlyWhatWasSigned) {
  for (const auto& [curve, algorithm, other] :
       {std::tuple{Curve::kP256, kEs256, kEs384}, std::tuple{Curve::kP384, kEs384, kEs256},
        std::tuple{Curve::kP521, kEs512, kEs384}}) {
    const auto key = PrivateKey::make_ec(curve);
    const auto numbers = key.public_numbers();
    const auto public_key = PublicKey::ec(curve, numbers.first, numbers.second);
    ASSERT_TRUE(public_key);
    auto signature = key.sign(algorithm, "message");
    EXPECT_EQ(signature.size(), 2 * numbers.first.size());
    EXPECT_TRUE(public_key->verify(algorithm, "message", signature));
    EXPECT_FALSE(public_key->verify(algorithm, "massage", signature));
    EXPECT_FALSE(public_key->verify(other, "message", signature));
    EXPECT_FALSE(public_key->verify(kRs256, "message", signature));
    EXPECT_FALSE(public_key->verify(algorithm, "message", signature + "x"));
    // Two zeroes were taken for a signature by verifiers of some fame (CVE-2022-21449).
    EXPECT_FALSE(public_key->verify(algorithm, "message", std::string(signature.size(), '\0')));
  }
}

TEST(Signature, RefusesKeysThatAreNone) {
  const auto key = PrivateKey::make_ec(Curve::kP256).public_numbers();
  EXPECT_FALSE(PublicKey::ec(Curve::kP256, key.first, key.first)) << "not on the curve";
  EXPECT_FALSE(PublicKey::ec(Curve::kP384, key.first, key.second));
  EXPECT_FALSE(PublicKey::ec(Curve::kP256, "", ""));
  const std::string modulus(256, '\xc3');
  EXPECT_TRUE(PublicKey::rsa(modulus, std::string("\1\0\1", 3)));
  EXPECT_FALSE(PublicKey::rsa(modulus, "\1"));
  EXPECT_FALSE(PublicKey::rsa(modulus, "\2"));
  EXPECT_FALSE(PublicKey::rsa(modulus, ""));
  EXPECT_FALSE(PublicKey::rsa(modulus, std::string(5, '\1')));
  EXPECT_FALSE(PublicKey::rsa(modulus.substr(0, 128), std::string("\1\0\1", 3)));
  EXPECT_FALSE(PublicKey::rsa(std::string(1'100, '\xc3'), std::string("\1\0\1", 3)));
  EXPECT_FALSE(PublicKey::rsa("", std::string("\1\0\1", 3)));
}

}  // namespace
}  // namespace stator::crypto
