#include "crypto/certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace stator::crypto {
namespace {

using std::chrono::hours;

const WallTime kNow = from_epoch_ms(1'767'323'045'000);
const Validity kTenYears{kNow, kNow + hours(24 * 3650)};
const Validity kDays{kNow - hours(1), kNow + hours(24 * 90)};

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};

std::unique_ptr<X509, Free> read(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  std::unique_ptr<X509, Free> certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  BIO_free(bio);
  return certificate;
}

/// "ok", or OpenSSL's word for why a client that trusts `authority` would not talk to `host`.
std::string verify(const CertifiedKey& authority, const CertifiedKey& server,
                   const std::string& host, WallTime when = kNow) {
  const auto root = read(authority.certificate), leaf = read(server.certificate);
  const std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.get());
  const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  auto* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, epoch_ms(when) / 1000);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_auth_level(parameters, 2);
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  }
  if (X509_verify_cert(context.get()) == 1) return "ok";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

TEST(Certificates, AnIssuedOneIsTrustedForItsNamesAndNoOthers) {
  const auto authority = make_authority("stator of this machine", kTenYears);
  const auto server = issue_certificate(
      authority, {"api.example.com", "*.execute-api.localhost", "127.0.0.1", "::1"}, kDays);
  ASSERT_TRUE(server) << server.error().message;
  for (const char* host : {"api.example.com", "abc.execute-api.localhost", "127.0.0.1", "::1"}) {
    EXPECT_EQ(verify(authority, *server, host), "ok") << host;
  }
  for (const char* host : {"example.com", "a.b.execute-api.localhost", "x.example.com"}) {
    EXPECT_EQ(verify(authority, *server, host), "hostname mismatch") << host;
  }
  EXPECT_EQ(verify(authority, *server, "127.0.0.2"), "IP address mismatch");
}

TEST(Certificates, EndWithTheirTimeAndWithAnotherAuthority) {
  const auto authority = make_authority("one", kTenYears), other = make_authority("two", kTenYears);
  const auto server = issue_certificate(authority, {"a.example.com"}, kDays);
  EXPECT_EQ(verify(authority, *server, "a.example.com", kDays.end + hours(1)),
            "certificate has expired");
  EXPECT_NE(verify(other, *server, "a.example.com"), "ok");
}

TEST(Certificates, AServersCertificateIssuesNothing) {
  const auto authority = make_authority("one", kTenYears);
  const auto server = issue_certificate(authority, {"a.example.com"}, kDays);
  const auto forged = issue_certificate(*server, {"b.example.com"}, kDays);
  EXPECT_NE(verify(*server, *forged, "b.example.com"), "ok");
}

TEST(Certificates, AnAuthorityThatCannotBeReadIssuesNothing) {
  const auto one = make_authority("one", kTenYears), two = make_authority("two", kTenYears);
  const std::vector<CertifiedKey> broken = {
      {"", ""}, {one.certificate, "no key"}, {one.certificate, two.private_key}};
  for (const auto& authority : broken) {
    EXPECT_FALSE(issue_certificate(authority, {"a.example.com"}, kDays));
  }
}

TEST(Certificates, SayWhatTheyAre) {
  const auto authority = make_authority("one", kTenYears);
  const auto server = issue_certificate(authority, {"A.example.com", "10.0.0.1", "::1"}, kDays);
  const auto all = split_certificates("words\n" + server->certificate + "more\n" +
                                      authority.certificate + "-----BEGIN CERTIFICATE-----\n");
  ASSERT_EQ(all.size(), 2u);
  ASSERT_TRUE(all[0].facts && all[1].facts);
  EXPECT_EQ(all[0].pem, server->certificate);
  EXPECT_EQ(all[0].facts->subject, "CN=A.example.com,O=stator");
  EXPECT_EQ(all[0].facts->names, (std::vector<std::string>{"a.example.com", "10.0.0.1", "::1"}));
  EXPECT_FALSE(all[0].facts->is_authority);
  EXPECT_TRUE(all[1].facts->is_authority);
  EXPECT_EQ(all[1].facts->not_after, from_epoch_ms(epoch_ms(kTenYears.end) / 1000 * 1000));
}

TEST(Certificates, WhatCannotBeReadIsKeptWithoutFacts) {
  const auto all = split_certificates(
      "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_FALSE(all[0].facts);
  EXPECT_TRUE(split_certificates("no certificate at all").empty());
}

TEST(Certificates, NobodyIsAskedForAPassphrase) {
  const auto plain = make_authority("one", kTenYears).certificate;
  const auto line = plain.find('\n') + 1;
  const auto all = split_certificates(
      plain.substr(0, line) +
      "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n\n" +
      plain.substr(line));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_FALSE(all[0].facts);
}

TEST(Certificates, LongNamesAreNoCommonNames) {
  const auto authority = make_authority("one", kTenYears);
  const std::string name = std::string(60, 'a') + "." + std::string(60, 'b') + ".example.com";
  const auto server = issue_certificate(authority, {name}, kDays);
  ASSERT_TRUE(server);
  EXPECT_EQ(verify(authority, *server, name), "ok");
}

}  // namespace
}  // namespace stator::crypto
