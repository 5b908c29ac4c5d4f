#include "http/handshake.hpp"

#include <sys/socket.h>

#include "http/connection.hpp"
#include "http/http2_connection.hpp"

namespace stator::http::detail {

void Handshake::start() {
  loop_.arm(*this, site().options.header_timeout);
  step();
}

void Handshake::on_readable() {
  is_lingering_ ? drop_input() : step();
}

void Handshake::step() {
  const auto io = line_.transport.handshake();
  if (!flush()) {
    if (io == Io::kFailed) close();
    return;  // else goes on when the socket takes more
  }
  if (io == Io::kDone) return finish();
  if (io == Io::kFailed) return fail();
  await_readable();
}

void Handshake::finish() {
  const auto& tls = *line_.transport.tls();
  line_.server_name = tls.server_name();
  line_.client_certificate = tls.client_certificate();
  std::shared_ptr<Channel> next;
  if (tls.is_http2()) {
    next = std::make_shared<Http2Connection>(loop_, std::move(line_));
  } else {
    next = std::make_shared<Connection>(loop_, std::move(line_));
  }
  hand_over(next);
  next->start();
}

void Handshake::fail() {
  // Closing over unread bytes would be a reset, which may overtake the alert that says why.
  is_lingering_ = true;
  line_.transport.shut_sending();
  loop_.arm(*this, kLingerTimeout);
  drop_input();
}

void Handshake::drop_input() {
  const auto scratch = loop_.scratch();
  const int socket = line_.transport.socket().native_handle();
  const auto count = ::recv(socket, scratch.data(), scratch.size(), 0);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) return close();
  await_readable();
}

}  // namespace stator::http::detail
