#include "http/channel.hpp"

#include <boost/asio/post.hpp>

namespace stator::http::detail {

void Channel::close() {
  if (is_closed_) return;
  const auto self = shared_from_this();
  is_closed_ = true;
  loop_.disarm(*this);
  line_.transport.close();
  loop_.remove(*this);
  on_closed();
}

void Channel::hand_over(const std::shared_ptr<Channel>& next) {
  const auto self = shared_from_this();
  is_closed_ = true;
  loop_.disarm(*this);
  loop_.add(next);
  loop_.remove(*this);
}

bool Channel::is_overloaded() const {
  if (!site().is_public) return false;
  const auto& load = *site().load;
  const auto& options = site().options;
  return load.requests.load(std::memory_order_relaxed) >= options.in_flight_requests_max ||
         load.bytes.load(std::memory_order_relaxed) > options.in_flight_bytes_max;
}

void Channel::serve(Request&& request, Responder responder) {
  request.peer = line_.peer;
  if (line_.transport.tls() != nullptr) {
    request.is_secure = true;
    request.server_name = line_.server_name;
    request.client_certificate = line_.client_certificate;
  }
  try {
    site().handler(std::move(request), std::move(responder));
  } catch (const std::exception& error) {
    // The responder was destroyed on the way here and has answered 500.
    loop_.logger().error("http", "a handler failed", {{"error", error.what()}});
  }
}

void Channel::await_readable() {
  if (is_awaiting_readable_ || is_closed_) return;
  is_awaiting_readable_ = true;
  auto done = [self = shared_from_this()](NetError error) {
    self->is_awaiting_readable_ = false;
    if (self->is_closed_) return;
    if (error) return self->close();
    self->on_readable();
  };
  if (line_.transport.has_unread()) {
    asio::post(loop_.io(), [done = std::move(done)] { done(NetError()); });
  } else {
    line_.transport.socket().async_wait(Socket::wait_read, std::move(done));
  }
}

void Channel::await_writable() {
  if (is_awaiting_writable_ || is_closed_) return;
  is_awaiting_writable_ = true;
  line_.transport.socket().async_wait(Socket::wait_write,
                                      [self = shared_from_this()](NetError error) {
                                        self->is_awaiting_writable_ = false;
                                        if (self->is_closed_) return;
                                        if (error) return self->close();
                                        self->on_writable();
                                      });
}

bool Channel::flush() {
  if (!line_.transport.has_unsent()) return true;
  switch (line_.transport.flush()) {
    case Io::kDone:
      return true;
    case Io::kAgain:
      await_writable();
      return false;
    case Io::kEnd:
    case Io::kFailed:
      break;
  }
  close();
  return false;
}

}  // namespace stator::http::detail
