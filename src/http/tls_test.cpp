#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/unique_fd.hpp"
#include "http/client.hpp"
#include "http/test_socket.hpp"

namespace stator::http {
namespace {

struct Identity {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
};

/// A key and a certificate for "localhost" that it has signed itself.
Identity make_identity() {
  Identity identity{::EVP_EC_gen("P-256"), ::X509_new()};
  auto* certificate = identity.certificate;
  ::X509_set_version(certificate, 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate), -3600);
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate), 3600);
  auto* name = ::X509_get_subject_name(certificate);
  ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  ::X509_set_issuer_name(certificate, name);
  auto* names = ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
  ::X509_add_ext(certificate, names, -1);
  ::X509_EXTENSION_free(names);
  ::X509_set_pubkey(certificate, identity.key);
  ::X509_sign(certificate, identity.key, ::EVP_sha256());
  return identity;
}

/// Answers one request of one client over TLS.
class TlsServer {
 public:
  explicit TlsServer(const Identity& identity) : context_(::SSL_CTX_new(::TLS_server_method())) {
    ::SSL_CTX_use_certificate(context_, identity.certificate);
    ::SSL_CTX_use_PrivateKey(context_, identity.key);
    listener_ = listen_somewhere(port_);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() {
    thread_.join();
    ::SSL_CTX_free(context_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void serve() {
    const UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
    SSL* ssl = ::SSL_new(context_);
    ::SSL_set_fd(ssl, client.get());
    if (::SSL_accept(ssl) == 1) {
      std::string request;
      char bytes[1024];
      while (request.find("\r\n\r\n") == std::string::npos) {
        const int count = ::SSL_read(ssl, bytes, sizeof(bytes));
        if (count <= 0) break;
        request.append(bytes, static_cast<std::size_t>(count));
      }
      const std::string body(100'000, 's');
      const auto answer = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body;
      ::SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
      ::SSL_shutdown(ssl);
    }
    ::SSL_free(ssl);
  }

  SSL_CTX* context_;
  std::uint16_t port_ = 0;
  UniqueFd listener_;
  std::thread thread_;
};

/// Makes one certificate the system's only authority, as far as this process is concerned.
class TrustedOnly {
 public:
  explicit TrustedOnly(X509* certificate) {
    std::FILE* file = std::fopen(path_.c_str(), "w");
    ::PEM_write_X509(file, certificate);
    std::fclose(file);
    ::setenv("SSL_CERT_FILE", path_.c_str(), 1);
  }
  ~TrustedOnly() {
    ::unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(path_);
  }

 private:
  const std::string path_ =
      testing::TempDir() + "stator_tls_" + std::to_string(::getpid()) + ".pem";
};

class Tls : public testing::Test {
 protected:
  ~Tls() override {
    ::X509_free(identity_.certificate);
    ::EVP_PKEY_free(identity_.key);
  }
  [[nodiscard]] Result<Response> get(const std::string& host) const {
    TlsServer server(identity_);
    Client client({host, server.port(), true});
    return client.send({.method = "GET", .target = "/"});
  }

  const Identity identity_ = make_identity();
};

TEST_F(Tls, ReadsFromAServerThatIsTrusted) {
  const TrustedOnly trusted(identity_.certificate);
  const auto answer = get("localhost");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, std::string(100'000, 's'));
}

TEST_F(Tls, RefusesACertificateThatNobodySigned) {
  const auto answer = get("localhost");
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("not trusted"), std::string::npos)
      << answer.error().message;
}

TEST_F(Tls, RefusesACertificateForAnotherName) {
  const TrustedOnly trusted(identity_.certificate);
  for (const auto* host : {"other.localhost", "127.0.0.1"}) {
    const auto answer = get(host);
    ASSERT_FALSE(answer) << host;
    EXPECT_NE(answer.error().message.find("not trusted"), std::string::npos)
        << answer.error().message;
  }
}

}  // namespace
}  // namespace stator::http
