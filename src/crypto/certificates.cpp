#include "crypto/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "base/check.hpp"
#include "base/strings.hpp"

namespace stator::crypto {
namespace {

struct FreeHandle {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_NAME* name) const { X509_NAME_free(name); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeHandle>;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr int kSerialBits = 127;
/// X.520's bound for a common name.
constexpr std::size_t kCommonNameMax = 64;

/// Leaves nothing in the thread's queue of errors that a later caller could take for its own.
struct ErrorsCleared {
  ~ErrorsCleared() { ERR_clear_error(); }
};

Owned<BIO> reader_of(std::string_view text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio, &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

/// Nothing here is under a passphrase; without this OpenSSL would ask the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Owned<X509> read_certificate(std::string_view pem) {
  const auto bio = reader_of(pem);
  STATOR_CHECK(bio != nullptr);
  return Owned<X509>(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
}

Owned<EVP_PKEY> read_key(std::string_view pem) {
  const auto bio = reader_of(pem);
  STATOR_CHECK(bio != nullptr);
  return Owned<EVP_PKEY>(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
}

std::string write_pem(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  STATOR_CHECK(bio && PEM_write_bio_X509(bio.get(), certificate) == 1);
  return text_of(bio.get());
}

std::string write_pem(EVP_PKEY* key) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  STATOR_CHECK(
      bio && PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio.get());
}

std::optional<WallTime> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return from_epoch_ms(std::int64_t{timegm(&parts)} * 1000);
}

std::string subject_of(const X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  STATOR_CHECK(bio != nullptr);
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  return text_of(bio.get());
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  char text[INET6_ADDRSTRLEN] = "";
  const int size = ASN1_STRING_length(address);
  if (size == 4 || size == 16) {
    inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(address), text, sizeof(text));
  }
  return text;
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  const Owned<GENERAL_NAMES> list(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = list ? sk_GENERAL_NAME_num(list.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list.get(), i);
    if (name->type == GEN_DNS) {
      const auto* bytes = ASN1_STRING_get0_data(name->d.dNSName);
      const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
      names.push_back(to_lower({reinterpret_cast<const char*>(bytes), size}));
    } else if (name->type == GEN_IPADD) {
      names.push_back(address_text(name->d.iPAddress));
    }
  }
  return names;
}

std::optional<CertificateFacts> facts_of(X509* certificate) {
  const auto not_before = time_of(X509_get0_notBefore(certificate));
  const auto not_after = time_of(X509_get0_notAfter(certificate));
  if (!not_before || !not_after) return std::nullopt;
  return CertificateFacts{subject_of(certificate), names_of(certificate), *not_before, *not_after,
                          X509_check_ca(certificate) > 0};
}

void set_serial(X509* certificate) {
  const Owned<BIGNUM> number(BN_new());
  STATOR_CHECK(number &&
               BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
               BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void add_to_name(X509_NAME* name, const char* field, std::string_view value) {
  STATOR_CHECK(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(value.data()),
                                          static_cast<int>(value.size()), -1, 0) == 1);
}

Owned<X509> new_certificate(EVP_PKEY* key, std::string_view common_name, Validity validity) {
  Owned<X509> certificate(X509_new());
  STATOR_CHECK(certificate != nullptr);
  X509* raw = certificate.get();
  set_serial(raw);
  STATOR_CHECK(X509_set_version(raw, X509_VERSION_3) == 1 && X509_set_pubkey(raw, key) == 1 &&
               ASN1_TIME_set(X509_getm_notBefore(raw), epoch_ms(validity.begin) / 1000) !=
                   nullptr &&
               ASN1_TIME_set(X509_getm_notAfter(raw), epoch_ms(validity.end) / 1000) != nullptr);
  add_to_name(X509_get_subject_name(raw), "O", "stator");
  if (common_name.size() <= kCommonNameMax) {
    add_to_name(X509_get_subject_name(raw), "CN", common_name);
  }
  return certificate;
}

/// `value` as OpenSSL's configuration files write it: constants only.
void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  STATOR_CHECK(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

void add_names(X509* certificate, const std::vector<std::string>& names) {
  const Owned<GENERAL_NAMES> list(GENERAL_NAMES_new());
  STATOR_CHECK(list != nullptr);
  for (const std::string& text : names) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    STATOR_CHECK(name != nullptr);
    if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(text.c_str())) {
      GENERAL_NAME_set0_value(name, GEN_IPADD, address);
    } else {
      ASN1_IA5STRING* dns = ASN1_IA5STRING_new();
      STATOR_CHECK(dns != nullptr &&
                   ASN1_STRING_set(dns, text.data(), static_cast<int>(text.size())) == 1);
      GENERAL_NAME_set0_value(name, GEN_DNS, dns);
    }
    STATOR_CHECK(sk_GENERAL_NAME_push(list.get(), name) > 0);
  }
  STATOR_CHECK(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, 0) == 1);
}

Owned<EVP_PKEY> new_key() {
  Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  STATOR_CHECK(key != nullptr);
  return key;
}

}  // namespace

std::vector<PemCertificate> split_certificates(std::string_view pem) {
  const ErrorsCleared cleared;
  std::vector<PemCertificate> certificates;
  for (;;) {
    const auto begin = pem.find(kBegin);
    const auto end = begin == pem.npos ? pem.npos : pem.find(kEnd, begin);
    if (end == pem.npos) return certificates;
    PemCertificate one{std::string(pem.substr(begin, end + kEnd.size() - begin)) + "\n", {}};
    if (const auto certificate = read_certificate(one.pem)) one.facts = facts_of(certificate.get());
    certificates.push_back(std::move(one));
    pem.remove_prefix(end + kEnd.size());
  }
}

CertifiedKey make_authority(const std::string& common_name, Validity validity) {
  const ErrorsCleared cleared;
  const auto key = new_key();
  const auto certificate = new_certificate(key.get(), common_name, validity);
  X509* raw = certificate.get();
  STATOR_CHECK(X509_set_issuer_name(raw, X509_get_subject_name(raw)) == 1);
  add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(raw, raw, NID_subject_key_identifier, "hash");
  STATOR_CHECK(X509_sign(raw, key.get(), EVP_sha256()) > 0);
  return {write_pem(raw), write_pem(key.get())};
}

Result<CertifiedKey> issue_certificate(const CertifiedKey& authority,
                                       const std::vector<std::string>& names, Validity validity) {
  const ErrorsCleared cleared;
  STATOR_CHECK(!names.empty());
  const auto issuer = read_certificate(authority.certificate);
  const auto issuer_key = read_key(authority.private_key);
  if (!issuer || !issuer_key || X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
    return invalid("the authority's certificate and key cannot be read, or are not of each other");
  }
  const auto key = new_key();
  const auto certificate = new_certificate(key.get(), names.front(), validity);
  X509* raw = certificate.get();
  STATOR_CHECK(X509_set_issuer_name(raw, X509_get_subject_name(issuer.get())) == 1);
  add_extension(raw, issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(raw, issuer.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(raw, issuer.get(), NID_ext_key_usage, "serverAuth");
  add_extension(raw, issuer.get(), NID_subject_key_identifier, "hash");
  add_extension(raw, issuer.get(), NID_authority_key_identifier, "keyid");
  add_names(raw, names);
  STATOR_CHECK(X509_sign(raw, issuer_key.get(), EVP_sha256()) > 0);
  return CertifiedKey{write_pem(raw), write_pem(key.get())};
}

}  // namespace stator::crypto
