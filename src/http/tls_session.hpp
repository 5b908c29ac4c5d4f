#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/tls_context.hpp"

struct bio_st;

namespace stator::http::detail {

/// How a read or write that never waits went.
enum class Io {
  kDone,    ///< some bytes, possibly fewer than asked for
  kAgain,   ///< none can be had, or taken, now
  kEnd,     ///< the client sends no more
  kFailed,  ///< the connection is of no more use
};

/// One connection's TLS over a non-blocking socket, which it does not own.
///
/// OpenSSL is never told that the socket is full: what it wants to send and cannot is kept here and
/// goes out by flush(), so that only sending ever waits for the socket to take more.
class TlsSession {
 public:
  /// Null when OpenSSL cannot. `front` outlives it.
  [[nodiscard]] static std::unique_ptr<TlsSession> create(const TlsFront& front, int socket);
  /// The other side: who connects to `host`, whose certificate must be for it. Null as above.
  [[nodiscard]] static std::unique_ptr<TlsSession> create_client(ssl_ctx_st* context, int socket,
                                                                 const std::string& host);
  TlsSession(const TlsSession&) = delete;

  /// kAgain until the client has sent what is missing.
  [[nodiscard]] Io handshake();
  [[nodiscard]] Io read(std::span<char> into, std::size_t& count);
  /// Up to one record. kAgain with something unsent(): flush() first.
  [[nodiscard]] Io write(std::string_view bytes, std::size_t& count);
  /// kDone when nothing is left.
  [[nodiscard]] Io flush();
  /// Says goodbye, as far as the socket takes it at once.
  void shut();

  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }
  /// After a read(): more has come than was given out.
  [[nodiscard]] bool has_unread() const;

  /// Of a client's handshake that failed: why the server's certificate is not trusted, or "".
  [[nodiscard]] std::string distrust() const;

  // After the handshake.

  [[nodiscard]] const std::string& server_name() const { return server_name_; }
  [[nodiscard]] bool is_http2() const;
  /// Null when the client showed none.
  [[nodiscard]] std::shared_ptr<const ClientCertificate> client_certificate() const;

  /// Of the handshake's first step: who we are for this client.
  void keep(TlsContextPtr context, std::string server_name) {
    context_ = std::move(context);
    server_name_ = std::move(server_name);
  }

 private:
  friend struct TlsBio;
  TlsSession() = default;
  [[nodiscard]] static std::unique_ptr<TlsSession> over(ssl_ctx_st* context, int socket);
  [[nodiscard]] Io outcome(int result);

  int socket_ = -1;
  TlsContextPtr context_;
  std::unique_ptr<ssl_st, SslFree> ssl_;
  std::string server_name_;
  std::string unsent_;
  bool is_up_ = false;
  bool is_broken_ = false;
};

}  // namespace stator::http::detail
