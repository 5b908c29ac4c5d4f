#pragma once

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "http/tls_identity.hpp"

namespace stator::http {

/// A key and a certificate made on the spot, valid from an hour ago for an hour.
class TestCertificate {
 public:
  /// Signed by itself when `issuer` is null. `host` "" makes an authority.
  explicit TestCertificate(const std::string& name, const std::string& host = "",
                           const TestCertificate* issuer = nullptr)
      : key_(::EVP_EC_gen("P-256"), &::EVP_PKEY_free), certificate_(::X509_new(), &::X509_free) {
    static std::atomic<long> last_serial{0xa100};
    const long serial = ++last_serial;
    auto* made = certificate_.get();
    ::X509_set_version(made, 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(made), serial);
    serial_ = {kDigits[serial >> 12 & 15], kDigits[serial >> 8 & 15], ':',
               kDigits[serial >> 4 & 15], kDigits[serial & 15]};
    ::X509_gmtime_adj(::X509_getm_notBefore(made), -3600);
    ::X509_gmtime_adj(::X509_getm_notAfter(made), 3600);
    ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(made), "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    const auto& signer = issuer == nullptr ? *this : *issuer;
    ::X509_set_issuer_name(made, ::X509_get_subject_name(signer.certificate_.get()));
    if (host.empty()) {
      extend(NID_basic_constraints, "critical,CA:TRUE");
    } else {
      extend(NID_subject_alt_name, "DNS:" + host);
    }
    ::X509_set_pubkey(made, key_.get());
    ::X509_sign(made, signer.key_.get(), ::EVP_sha256());
  }

  [[nodiscard]] X509* certificate() const { return certificate_.get(); }
  [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }
  /// As "A1:0F".
  [[nodiscard]] const std::string& serial() const { return serial_; }
  [[nodiscard]] std::string pem() const {
    return text([this](BIO* out) { ::PEM_write_bio_X509(out, certificate_.get()); });
  }
  [[nodiscard]] std::string key_pem() const {
    return text([this](BIO* out) {
      ::PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  [[nodiscard]] TlsContextPtr context(const std::string& client_authorities = "") const {
    auto made = make_tls_context({.certificate_chain = pem(),
                                  .private_key = key_pem(),
                                  .client_authorities = client_authorities});
    STATOR_CHECK(made.has_value());
    return *made;
  }

 private:
  static constexpr std::string_view kDigits = "0123456789ABCDEF";

  void extend(int nid, const std::string& value) {
    auto* extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    ::X509_add_ext(certificate_.get(), extension, -1);
    ::X509_EXTENSION_free(extension);
  }
  template <class Print>
  static std::string text(const Print& print) {
    BIO* bio = ::BIO_new(::BIO_s_mem());
    print(bio);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(bio, &bytes);
    std::string result(bytes, static_cast<std::size_t>(size));
    ::BIO_free(bio);
    return result;
  }

  std::string serial_;
  std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&::X509_free)> certificate_;
};

}  // namespace stator::http
