#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include <sys/uio.h>

#include "http/net.hpp"
#include "http/tls_session.hpp"

namespace stator::http::detail {

/// The bytes of one connection, over a plain socket or over TLS. Never waits: where it says kAgain,
/// it says below what to wait for.
class Transport {
 public:
  /// `tls` null: plain.
  Transport(Socket socket, std::unique_ptr<TlsSession> tls)
      : socket_(std::move(socket)), tls_(std::move(tls)) {}

  /// kAgain: wait for the client's bytes.
  [[nodiscard]] Io read(std::span<char> into, std::size_t& count);
  /// kAgain: wait until the socket takes more.
  [[nodiscard]] Io write(std::span<const iovec> vectors, std::size_t& count);
  /// What was taken and not sent; the same answers.
  [[nodiscard]] Io flush() { return tls_ == nullptr ? Io::kDone : tls_->flush(); }
  [[nodiscard]] bool has_unsent() const { return tls_ != nullptr && tls_->has_unsent(); }
  /// Only over TLS, before all else; kAgain as read().
  [[nodiscard]] Io handshake();
  /// After a read() or the handshake: another read() may give more at once. Waiting for the socket
  /// would then be in vain, since its bytes are here already.
  [[nodiscard]] bool has_unread() const { return has_unread_; }

  /// Ends our side of the conversation.
  void shut_sending();
  /// Makes close() a reset, so that the client sees that something is missing.
  void set_reset();
  void close();

  [[nodiscard]] TlsSession* tls() const { return tls_.get(); }
  [[nodiscard]] Socket& socket() { return socket_; }

 private:
  [[nodiscard]] Io write_sealed(std::span<const iovec> vectors, std::size_t& count);

  Socket socket_;
  std::unique_ptr<TlsSession> tls_;
  bool has_unread_ = false;
  bool is_reset_ = false;
};

}  // namespace stator::http::detail
