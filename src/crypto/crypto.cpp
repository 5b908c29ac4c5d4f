#include "crypto/crypto.hpp"

#include <openssl/evp.h>

#include "base/bytes.hpp"
#include "base/check.hpp"

namespace stator::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

template <class T>
using Owned = std::unique_ptr<T, FreeContext>;

constexpr std::size_t kKeyBytes = 32, kNonceBytes = 12, kTagBytes = 16;

const unsigned char* data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* data(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// Fetching an algorithm costs more than hashing a kilobyte, so it is done once.
const EVP_MD* sha256_algorithm() {
  static const Owned<EVP_MD> digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  STATOR_CHECK(digest != nullptr);
  return digest.get();
}

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
  thread_local const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  STATOR_CHECK(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
               EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
               EVP_DigestFinal_ex(context.get(), data(out), &size) == 1);
  out.resize(size);
  return out;
}

Owned<EVP_MAC_CTX> make_hmac_context() {
  const Owned<EVP_MAC> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  STATOR_CHECK(mac != nullptr);
  Owned<EVP_MAC_CTX> context(EVP_MAC_CTX_new(mac.get()));
  char name[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0),
                               OSSL_PARAM_construct_end()};
  STATOR_CHECK(context != nullptr && EVP_MAC_CTX_set_params(context.get(), params) == 1);
  return context;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  return digest(sha256_algorithm(), bytes);
}
std::string sha256_hex(std::string_view bytes) {
  return hex_encode(sha256(bytes));
}
std::string md5(std::string_view bytes) {
  return digest(EVP_md5(), bytes);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  thread_local const Owned<EVP_MAC_CTX> context = make_hmac_context();
  // OpenSSL reads a null key as "the one of last time", so an empty key must still point somewhere.
  static constexpr unsigned char kEmpty = 0;
  const unsigned char* key_data = key.empty() ? &kEmpty : data(key);
  std::string out(32, '\0');
  std::size_t size = 0;
  STATOR_CHECK(EVP_MAC_init(context.get(), key_data, key.size(), nullptr) == 1 &&
               EVP_MAC_update(context.get(), data(bytes), bytes.size()) == 1 &&
               EVP_MAC_final(context.get(), data(out), &size, out.size()) == 1);
  return out;
}

struct Sha256::State {
  Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  STATOR_CHECK(EVP_DigestInit_ex2(state_->context.get(), sha256_algorithm(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  STATOR_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish_hex() {
  std::string out(32, '\0');
  STATOR_CHECK(EVP_DigestFinal_ex(state_->context.get(), data(out), nullptr) == 1);
  return hex_encode(out);
}

std::string seal(std::string_view key, std::string_view nonce, std::string_view plain,
                 std::string_view context) {
  STATOR_CHECK(key.size() == kKeyBytes && nonce.size() == kNonceBytes);
  const Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  std::string out(nonce);
  out.resize(kNonceBytes + plain.size() + kTagBytes);
  unsigned char* body = data(out) + kNonceBytes;
  int size = 0;
  STATOR_CHECK(
      EVP_EncryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), data(key), data(nonce), nullptr) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &size, data(context), int(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), body, &size, data(plain), int(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), body + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, int(kTagBytes),
                          body + plain.size()) == 1);
  return out;
}

std::optional<std::string> open(std::string_view key, std::string_view sealed,
                                std::string_view context) {
  STATOR_CHECK(key.size() == kKeyBytes);
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const std::string_view body = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  const Owned<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  std::string plain(body.size() + 1, '\0');
  int size = 0;
  const bool intact =
      EVP_DecryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), data(key), data(nonce), nullptr) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &size, data(context), int(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), data(plain), &size, data(body), int(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, int(kTagBytes), tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), data(plain) + size, &size) == 1;
  if (!intact) return std::nullopt;
  plain.resize(body.size());
  return plain;
}

}  // namespace stator::crypto
