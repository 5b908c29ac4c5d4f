#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "http/stream.hpp"

namespace stator::http::detail {

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};

Error tls_error(std::string_view what) {
  char text[256] = "unknown error";
  if (const auto code = ::ERR_get_error(); code != 0) {
    ::ERR_error_string_n(code, text, sizeof(text));
  }
  ::ERR_clear_error();
  return unavailable(std::string(what) + ": " + text);
}

/// OpenSSL reads from one memory buffer and writes to another; this moves their bytes over the
/// plain stream, whose deadlines and signals then hold for TLS too.
class TlsStream final : public Stream {
 public:
  explicit TlsStream(std::unique_ptr<Stream> plain) : plain_(std::move(plain)) {}

  Result<void> start(const std::string& host, SteadyTime deadline) {
    context_.reset(::SSL_CTX_new(::TLS_client_method()));
    if (!context_) return tls_error("TLS");
    ::SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    ::SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    if (::SSL_CTX_set_default_verify_paths(context_.get()) != 1) return tls_error("TLS");
    ssl_.reset(::SSL_new(context_.get()));
    in_ = ::BIO_new(::BIO_s_mem());
    out_ = ::BIO_new(::BIO_s_mem());
    if (!ssl_ || in_ == nullptr || out_ == nullptr) return tls_error("TLS");
    ::SSL_set_bio(ssl_.get(), in_, out_);  // owns both from here
    // An address is checked as an address, a name as a name and sent as SNI.
    auto* parameters = ::SSL_get0_param(ssl_.get());
    if (::X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) != 1) {
      ::ERR_clear_error();
      if (::SSL_set1_host(ssl_.get(), host.c_str()) != 1 ||
          ::SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) != 1) {
        return tls_error("TLS");
      }
    }
    STATOR_TRY(const int done, run(deadline, [this] { return ::SSL_connect(ssl_.get()); }));
    if (done == 0) return unavailable("the server ended the TLS handshake");
    return {};
  }

  Result<std::size_t> read(std::span<char> into, SteadyTime deadline) override {
    const auto size = static_cast<int>(std::min<std::size_t>(into.size(), 1u << 20));
    STATOR_TRY(const int count,
               run(deadline, [&] { return ::SSL_read(ssl_.get(), into.data(), size); }));
    return static_cast<std::size_t>(count);
  }

  Result<void> write(std::string_view bytes, SteadyTime deadline) override {
    while (!bytes.empty()) {
      const auto size = static_cast<int>(std::min<std::size_t>(bytes.size(), 1u << 20));
      STATOR_TRY(const int count,
                 run(deadline, [&] { return ::SSL_write(ssl_.get(), bytes.data(), size); }));
      if (count == 0) return unavailable("the server ended the connection");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

 private:
  /// Repeats an OpenSSL call until it succeeds; zero when the peer has closed.
  template <class Call>
  Result<int> run(SteadyTime deadline, const Call& call) {
    for (;;) {
      ::ERR_clear_error();
      const int count = call();
      const int reason = ::SSL_get_error(ssl_.get(), count);
      STATOR_TRY_VOID(send_pending(deadline));
      if (count > 0) return count;
      if (reason == SSL_ERROR_ZERO_RETURN) return 0;
      if (reason != SSL_ERROR_WANT_READ) return failure();
      STATOR_TRY_VOID(receive(deadline));
    }
  }

  Error failure() const {
    const auto verified = ::SSL_get_verify_result(ssl_.get());
    if (verified == X509_V_OK) return tls_error("TLS");
    ::ERR_clear_error();
    return unavailable(std::string("the server's certificate is not trusted: ") +
                       ::X509_verify_cert_error_string(verified));
  }

  Result<void> send_pending(SteadyTime deadline) {
    char* bytes = nullptr;
    const auto count = BIO_get_mem_data(out_, &bytes);
    if (count <= 0) return {};
    STATOR_TRY_VOID(
        plain_->write(std::string_view(bytes, static_cast<std::size_t>(count)), deadline));
    (void)BIO_reset(out_);
    return {};
  }

  Result<void> receive(SteadyTime deadline) {
    std::array<char, 16384> bytes;
    STATOR_TRY(const auto count, plain_->read(bytes, deadline));
    // No close_notify came: a body that ends with the connection could be cut short.
    if (count == 0) return unavailable("the server broke the connection off");
    ::BIO_write(in_, bytes.data(), static_cast<int>(count));
    return {};
  }

  std::unique_ptr<Stream> plain_;
  std::unique_ptr<SSL_CTX, Freed<&::SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Freed<&::SSL_free>> ssl_;
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> plain, const std::string& host,
                                          SteadyTime deadline) {
  auto stream = std::make_unique<TlsStream>(std::move(plain));
  STATOR_TRY_VOID(stream->start(host, deadline));
  return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace stator::http::detail
