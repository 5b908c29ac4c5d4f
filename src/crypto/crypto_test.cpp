#include "crypto/crypto.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"

namespace stator::crypto {
namespace {

TEST(Crypto, HashesKnownVectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_encode(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  // RFC 4231, test case 2.
  EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256("", "x").size(), 32u);
  EXPECT_NE(hmac_sha256("", "x"), hmac_sha256("k", "x"));
}

TEST(Crypto, HashesInPieces) {
  Sha256 hash;
  hash.update("a");
  hash.update("bc");
  EXPECT_EQ(hash.finish_hex(), sha256_hex("abc"));
}

TEST(Crypto, OpensOnlyWhatItSealed) {
  const std::string key(32, 'k'), nonce(12, 'n');
  const std::string sealed = seal(key, nonce, "secret", "context");
  EXPECT_EQ(open(key, sealed, "context"), "secret");
  EXPECT_EQ(open(key, sealed, "other"), std::nullopt);
  EXPECT_EQ(open(std::string(32, 'x'), sealed, "context"), std::nullopt);
  EXPECT_EQ(open(key, "short", "context"), std::nullopt);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(open(key, changed, "context"), std::nullopt) << i;
  }
  EXPECT_EQ(open(key, seal(key, nonce, "", ""), ""), "");
}

}  // namespace
}  // namespace stator::crypto
