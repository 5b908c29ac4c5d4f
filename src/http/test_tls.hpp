#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>
#include <string_view>

#include "http/test_certificates.hpp"
#include "http/test_socket.hpp"

namespace stator::http {

struct TestTlsOptions {
  std::string server_name = "";
  int version_max = TLS1_3_VERSION;
  std::string protocols = "";  ///< as ALPN sends them
  const TestCertificate* own = nullptr;
  SSL_SESSION* session = nullptr;  ///< to be resumed; stays the caller's
};

/// A client that does not look at who it speaks to.
class TestTls {
 public:
  explicit TestTls(std::uint16_t port, const TestTlsOptions& options = {})
      : socket_(port), context_(::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free) {
    auto* context = context_.get();
    ::SSL_CTX_set_security_level(context, 0);  // so that old versions can be asked for
    ::SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    ::SSL_CTX_set_max_proto_version(context, options.version_max);
    if (options.own != nullptr) {
      ::SSL_CTX_use_certificate(context, options.own->certificate());
      ::SSL_CTX_use_PrivateKey(context, options.own->key());
    }
    ssl_.reset(::SSL_new(context));
    ::SSL_set_fd(ssl(), socket_.fd());
    if (!options.server_name.empty()) {
      ::SSL_set_tlsext_host_name(ssl(), options.server_name.c_str());
    }
    if (!options.protocols.empty()) {
      ::SSL_set_alpn_protos(ssl(), reinterpret_cast<const unsigned char*>(options.protocols.data()),
                            static_cast<unsigned>(options.protocols.size()));
    }
    if (options.session != nullptr) ::SSL_set_session(ssl(), options.session);
    is_up_ = ::SSL_connect(ssl()) == 1;
    if (!is_up_) note_error();
  }

  TestTls(TestTls&&) = default;
  ~TestTls() {
    // Without a word to the server, and so that the session may still be resumed.
    if (ssl_ != nullptr) ::SSL_set_shutdown(ssl(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  [[nodiscard]] bool is_up() const { return is_up_; }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  /// Why nothing goes on any more: OpenSSL's words, "" after a clean end.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    ::SSL_get0_alpn_selected(ssl(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  /// The common name of the certificate that the server showed.
  [[nodiscard]] std::string server() const {
    char name[256] = "";
    auto* shown = ::SSL_get0_peer_certificate(ssl());
    if (shown == nullptr) return "";
    ::X509_NAME_get_text_by_NID(::X509_get_subject_name(shown), NID_commonName, name, sizeof(name));
    return name;
  }

  bool send(std::string_view bytes) {
    std::size_t count = 0;
    return ::SSL_write_ex(ssl(), bytes.data(), bytes.size(), &count) == 1;
  }
  /// One read: "" at the end, see error().
  std::string read_some() {
    char bytes[16384];
    std::size_t count = 0;
    if (::SSL_read_ex(ssl(), bytes, sizeof(bytes), &count) != 1) {
      note_error();
      return "";
    }
    return {bytes, count};
  }
  std::string read_all() {
    std::string all;
    for (auto piece = read_some(); !piece.empty(); piece = read_some()) all += piece;
    return all;
  }
  /// Up to the first bytes that end in `mark`.
  std::string read_to(std::string_view mark) {
    std::string all;
    while (!all.ends_with(mark)) {
      const auto piece = read_some();
      if (piece.empty()) break;
      all += piece;
    }
    return all;
  }

 private:
  void note_error() {
    const auto code = ::ERR_get_error();
    error_ = code == 0 ? "" : ::ERR_reason_error_string(code);
    ::ERR_clear_error();
  }

  TestSocket socket_;
  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&::SSL_free)> ssl_{nullptr, &::SSL_free};
  bool is_up_ = false;
  std::string error_;
};

}  // namespace stator::http
