#include "core/tls.hpp"

#include <gtest/gtest.h>

#include "core/stream.hpp"
#include "fake_server.hpp"

#ifdef STATOR_SDK_TLS_TESTS
#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <thread>

#include "core/http.hpp"

namespace stator::sdk {
namespace {

/// An authority of the tests' own. Its certificate is the process's trust store: the library reads
/// that once.
class Authority {
 public:
  static const Authority& get() {
    static const Authority authority;
    return authority;
  }

  /// A certificate for `host` with `key`, signed by the authority, or by itself.
  [[nodiscard]] X509* issue(const std::string& host, EVP_PKEY* key, bool by_itself) const {
    X509* const certificate = make("server", key);
    add(certificate, NID_subject_alt_name, "DNS:" + host);
    if (!by_itself) X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
    X509_sign(certificate, by_itself ? key : key_, EVP_sha256());
    return certificate;
  }

 private:
  Authority() : key_(EVP_EC_gen("P-256")), certificate_(make("authority", key_)) {
    add(certificate_, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate_, key_, EVP_sha256());
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("stator-sdk-ca." + std::to_string(getpid()));
    FILE* const file = fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate_);
    fclose(file);
    // Read here and now, so that the file need not outlive this line.
    setenv("AWS_CA_BUNDLE", path.c_str(), 1);
    EXPECT_FALSE(start_tls(connect_tcp(dead_end(), after_ms(1000)).value(), "x", after_ms(1)));
    std::filesystem::remove(path);
  }
  ~Authority() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }

  static X509* make(const char* common_name, EVP_PKEY* key) {
    X509* const certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_set_version(certificate, 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    return certificate;
  }

  static void add(X509* certificate, int kind, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static Url dead_end() {
    static const testing::FakeServer silent(
        [](const testing::Seen&, int) { return testing::Answer{}; });
    return parse_url(silent.url()).value();
  }

  EVP_PKEY* key_;
  X509* certificate_;
};

/// A TLS server for one connection.
class TlsServer {
 public:
  explicit TlsServer(const char* host, bool signs_itself = false)
      : key_(EVP_EC_gen("P-256")), certificate_(Authority::get().issue(host, key_, signs_itself)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_, generic, size), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    EXPECT_EQ(getsockname(listener_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] Url url() const { return {true, "localhost", port_, "/"}; }

 private:
  void serve() {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context, certificate_);
    SSL_CTX_use_PrivateKey(context, key_);
    SSL* const ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    std::string seen;
    if (SSL_accept(ssl) == 1) {
      char part[4096];
      while (seen.find("\r\n\r\n") == std::string::npos) {
        const int got = SSL_read(ssl, part, sizeof part);
        if (got <= 0) break;
        seen.append(part, static_cast<std::size_t>(got));
      }
      const std::string body(100'000, 'x');
      const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body;
      SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
      SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(fd);
  }

  EVP_PKEY* key_;
  X509* certificate_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(Tls, CarriesARequestToAServerThatItTrusts) {
  const TlsServer server("localhost");
  auto stream = connect(server.url(), after_ms(5000));
  ASSERT_TRUE(stream) << stream.error().message;
  HttpConnection connection(std::move(*stream));
  const auto answer =
      connection.exchange({"GET", "/", {{"host", "localhost"}}, ""}, after_ms(5000));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, std::string(100'000, 'x'));
}

TEST(Tls, RefusesACertificateForAnotherName) {
  const TlsServer server("example.com");
  const auto stream = connect(server.url(), after_ms(5000));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, STATOR1_CONFIGURATION);
  EXPECT_NE(stream.error().message.find("mismatch"), std::string::npos) << stream.error().message;
}

TEST(Tls, RefusesACertificateThatNobodyVouchesFor) {
  const TlsServer server("localhost", true);
  const auto stream = connect(server.url(), after_ms(5000));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, STATOR1_CONFIGURATION) << stream.error().message;
}

TEST(Tls, GivesUpOnAServerThatSaysNothing) {
  testing::FakeServer silent([](const testing::Seen&, int) { return testing::Answer{}; });
  const auto url = parse_url(silent.url());
  auto plain = connect_tcp(*url, after_ms(5000));
  ASSERT_TRUE(plain);
  const auto stream = start_tls(std::move(*plain), "localhost", after_ms(30));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, STATOR1_UNAVAILABLE) << stream.error().message;
}

}  // namespace
}  // namespace stator::sdk
#endif
