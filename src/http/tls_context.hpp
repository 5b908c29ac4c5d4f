#pragma once

#include <memory>

#include "http/tls_identity.hpp"

struct ssl_ctx_st;
struct ssl_st;

/// The server's side of TLS, as OpenSSL's objects. Not for other rooms.
namespace stator::http::detail {

struct SslFree {
  void operator()(ssl_ctx_st* context) const;
  void operator()(ssl_st* ssl) const;
};
using SslContext = std::unique_ptr<ssl_ctx_st, SslFree>;

/// What TlsContextPtr points to.
class TlsContext {
 public:
  TlsContext(SslContext context, bool asks_clients, bool is_tls13_only)
      : context_(std::move(context)), asks_clients_(asks_clients), is_tls13_only_(is_tls13_only) {}

  /// Makes a handshake that has just begun one of this identity.
  void apply(ssl_st* ssl) const;

 private:
  SslContext context_;
  bool asks_clients_;
  bool is_tls13_only_;
};

/// What handshakes start from until they have said which name they are for. Shared by the loops, so
/// that any of them resumes the session of any other. Outlives the sessions made from it.
class TlsFront {
 public:
  /// Throws ConfigError when OpenSSL cannot.
  explicit TlsFront(TlsChooser chooser);
  TlsFront(const TlsFront&) = delete;

  [[nodiscard]] ssl_ctx_st* context() const { return context_.get(); }
  [[nodiscard]] const TlsChooser& chooser() const { return chooser_; }

 private:
  TlsChooser chooser_;
  SslContext context_;
};

}  // namespace stator::http::detail
