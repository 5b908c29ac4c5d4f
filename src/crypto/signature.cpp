#include "crypto/signature.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/check.hpp"

namespace stator::crypto {
namespace {

struct FreeHandle {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeHandle>;

constexpr int kRsaBitsMin = 2'048, kRsaBitsMax = 8'192;
constexpr std::size_t kExponentBytesMax = 4;
constexpr char kUncompressedPoint = 4;

const unsigned char* data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* data(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// Leaves nothing in the thread's queue of errors that a later caller could take for its own.
struct ErrorsCleared {
  ~ErrorsCleared() { ERR_clear_error(); }
};

Owned<BIGNUM> number_of(std::string_view bytes) {
  return Owned<BIGNUM>(BN_bin2bn(data(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string bytes_of(const BIGNUM* number, int size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  STATOR_CHECK(BN_bn2binpad(number, data(bytes), size) == size);
  return bytes;
}

std::size_t coordinate_bytes(Curve curve) {
  return curve == Curve::kP256 ? 32 : curve == Curve::kP384 ? 48 : 66;
}
const char* curve_name(Curve curve) {
  return curve == Curve::kP256 ? "P-256" : curve == Curve::kP384 ? "P-384" : "P-521";
}

const EVP_MD* digest_of(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kRs256:
    case SignatureAlgorithm::kPs256:
    case SignatureAlgorithm::kEs256:
      return EVP_sha256();
    case SignatureAlgorithm::kRs384:
    case SignatureAlgorithm::kPs384:
    case SignatureAlgorithm::kEs384:
      return EVP_sha384();
    case SignatureAlgorithm::kRs512:
    case SignatureAlgorithm::kPs512:
    case SignatureAlgorithm::kEs512:
      return EVP_sha512();
  }
  return nullptr;
}

bool is_pss(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::kPs256 || algorithm == SignatureAlgorithm::kPs384 ||
         algorithm == SignatureAlgorithm::kPs512;
}

/// The curve that an algorithm goes with; nothing for those of RSA.
std::optional<Curve> curve_of(SignatureAlgorithm algorithm) {
  if (algorithm == SignatureAlgorithm::kEs256) return Curve::kP256;
  if (algorithm == SignatureAlgorithm::kEs384) return Curve::kP384;
  if (algorithm == SignatureAlgorithm::kEs512) return Curve::kP521;
  return std::nullopt;
}

bool set_padding(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm) {
  if (curve_of(algorithm)) return true;
  if (!is_pss(algorithm)) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

/// JWS's two numbers as the DER that OpenSSL reads.
std::optional<std::string> to_der(std::string_view signature, Curve curve) {
  const std::size_t half = coordinate_bytes(curve);
  if (signature.size() != 2 * half) return std::nullopt;
  const Owned<ECDSA_SIG> pair(ECDSA_SIG_new());
  STATOR_CHECK(pair != nullptr);
  auto r = number_of(signature.substr(0, half)), s = number_of(signature.substr(half));
  STATOR_CHECK(r && s && ECDSA_SIG_set0(pair.get(), r.release(), s.release()) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  STATOR_CHECK(size > 0);
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

std::string from_der(std::string_view der, Curve curve) {
  const unsigned char* begin = data(der);
  const Owned<ECDSA_SIG> pair(d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size())));
  STATOR_CHECK(pair != nullptr);
  const int half = static_cast<int>(coordinate_bytes(curve));
  return bytes_of(ECDSA_SIG_get0_r(pair.get()), half) +
         bytes_of(ECDSA_SIG_get0_s(pair.get()), half);
}

/// Null when OpenSSL finds the parameters unfit.
Owned<EVP_PKEY> key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return Owned<EVP_PKEY>(key);
}

}  // namespace

struct PublicKey::State {
  Owned<EVP_PKEY> key;
  std::optional<Curve> curve;  ///< nothing for RSA
};

std::optional<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  const ErrorsCleared cleared;
  if (modulus.size() > kRsaBitsMax / 8 + 1 || exponent.empty() ||
      exponent.size() > kExponentBytesMax) {
    return std::nullopt;
  }
  const auto n = number_of(modulus), e = number_of(exponent);
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  STATOR_CHECK(n && e && builder);
  const int bits = BN_num_bits(n.get());
  if (bits < kRsaBitsMin || bits > kRsaBitsMax || !BN_is_odd(e.get()) || BN_is_one(e.get())) {
    return std::nullopt;
  }
  STATOR_CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
               OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
  auto key = key_from("RSA", builder.get());
  if (!key) return std::nullopt;
  return PublicKey(std::make_shared<const State>(State{std::move(key), std::nullopt}));
}

std::optional<PublicKey> PublicKey::ec(Curve curve, std::string_view x, std::string_view y) {
  const ErrorsCleared cleared;
  const std::size_t size = coordinate_bytes(curve);
  if (x.size() != size || y.size() != size) return std::nullopt;
  const std::string point = std::string(1, kUncompressedPoint).append(x).append(y);
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  STATOR_CHECK(builder &&
               OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                               curve_name(curve), 0) == 1 &&
               OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                point.data(), point.size()) == 1);
  auto key = key_from("EC", builder.get());
  if (!key) return std::nullopt;
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  STATOR_CHECK(context != nullptr);
  if (EVP_PKEY_public_check(context.get()) != 1) return std::nullopt;
  return PublicKey(std::make_shared<const State>(State{std::move(key), curve}));
}

bool PublicKey::verify(SignatureAlgorithm algorithm, std::string_view message,
                       std::string_view signature) const {
  const ErrorsCleared cleared;
  if (curve_of(algorithm) != state_->curve) return false;
  std::string der;
  if (state_->curve) {
    auto converted = to_der(signature, *state_->curve);
    if (!converted) return false;
    der = *std::move(converted);
    signature = der;
  }
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  STATOR_CHECK(context != nullptr);
  return EVP_DigestVerifyInit(context.get(), &key_context, digest_of(algorithm), nullptr,
                              state_->key.get()) == 1 &&
         set_padding(key_context, algorithm) &&
         EVP_DigestVerify(context.get(), data(signature), signature.size(), data(message),
                          message.size()) == 1;
}

PrivateKey PrivateKey::make_rsa(int bits) {
  Owned<EVP_PKEY> key(EVP_RSA_gen(static_cast<unsigned>(bits)));
  STATOR_CHECK(key != nullptr);
  return PrivateKey(
      std::make_shared<const PublicKey::State>(PublicKey::State{std::move(key), std::nullopt}));
}

PrivateKey PrivateKey::make_ec(Curve curve) {
  Owned<EVP_PKEY> key(EVP_EC_gen(curve_name(curve)));
  STATOR_CHECK(key != nullptr);
  return PrivateKey(
      std::make_shared<const PublicKey::State>(PublicKey::State{std::move(key), curve}));
}

std::string PrivateKey::sign(SignatureAlgorithm algorithm, std::string_view message) const {
  STATOR_CHECK(curve_of(algorithm) == state_->curve);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  std::size_t size = 0;
  STATOR_CHECK(context &&
               EVP_DigestSignInit(context.get(), &key_context, digest_of(algorithm), nullptr,
                                  state_->key.get()) == 1 &&
               set_padding(key_context, algorithm) &&
               EVP_DigestSign(context.get(), nullptr, &size, data(message), message.size()) == 1);
  std::string signature(size, '\0');
  STATOR_CHECK(
      EVP_DigestSign(context.get(), data(signature), &size, data(message), message.size()) == 1);
  signature.resize(size);
  return state_->curve ? from_der(signature, *state_->curve) : signature;
}

PrivateKey::PublicNumbers PrivateKey::public_numbers() const {
  const auto read = [this](const char* name, int size) {
    BIGNUM* number = nullptr;
    STATOR_CHECK(EVP_PKEY_get_bn_param(state_->key.get(), name, &number) == 1);
    const Owned<BIGNUM> owned(number);
    return bytes_of(number, size > 0 ? size : BN_num_bytes(number));
  };
  if (!state_->curve) return {read(OSSL_PKEY_PARAM_RSA_N, 0), read(OSSL_PKEY_PARAM_RSA_E, 0)};
  const int size = static_cast<int>(coordinate_bytes(*state_->curve));
  return {read(OSSL_PKEY_PARAM_EC_PUB_X, size), read(OSSL_PKEY_PARAM_EC_PUB_Y, size)};
}

}  // namespace stator::crypto
