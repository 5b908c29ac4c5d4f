#include "crypto/sha1.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/check.hpp"

namespace stator::crypto {

std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  STATOR_CHECK(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1);
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += kDigits[digest.at(i) >> 4];
    out += kDigits[digest.at(i) & 0xF];
  }
  return out;
}

}  // namespace stator::crypto
