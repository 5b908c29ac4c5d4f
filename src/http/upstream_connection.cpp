#include "http/upstream_connection.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace stator::http::detail {

namespace {

constexpr std::size_t kReadBytes = 16384;

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost");
}

}  // namespace

UpstreamConnection::UpstreamConnection(asio::io_context& io, Options options)
    : io_(io), options_(std::move(options)), resolver_(io.get_executor()), timer_(io) {}

void UpstreamConnection::arm(std::chrono::milliseconds delay, std::function<void()> then) {
  timer_.expires_after(delay);
  timer_.async_wait(
      [self = shared_from_this(), turn = turn_, then = std::move(then)](NetError error) {
        if (!error && turn == self->turn_) then();
      });
}

void UpstreamConnection::wait(Socket::wait_type what, void (UpstreamConnection::*then)()) {
  transport_->socket().async_wait(what,
                                  [self = shared_from_this(), turn = turn_, then](NetError error) {
                                    if (turn != self->turn_ || !self->is_open()) return;
                                    if (error) return self->close();
                                    ((*self).*then)();
                                  });
}

void UpstreamConnection::connect(Connected done) {
  on_connected_ = std::move(done);
  arm(options_.connect_timeout, [this] {
    connected(unavailable(options_.origin.authority() + ": connecting took too long"));
  });
  resolve();
}

void UpstreamConnection::resolve() {
  const auto& [host, port, is_secure] = options_.origin;
  NetError no_address;
  const auto address = asio::ip::make_address(host, no_address);
  if (!no_address) {
    endpoints_.emplace_back(address, port);
    return try_next();
  }
  // A name below localhost is this machine (RFC 6761), whatever the resolver says.
  if (is_this_machine(host)) {
    endpoints_.emplace_back(asio::ip::address_v6::loopback(), port);
    endpoints_.emplace_back(asio::ip::address_v4::loopback(), port);
    return try_next();
  }
  resolver_.async_resolve(
      host, std::to_string(port),
      [self = shared_from_this(), turn = turn_](NetError error, const auto& found) {
        if (turn != self->turn_) return;
        if (error) {
          return self->connected(
              unavailable("cannot resolve " + self->options_.origin.host + ": " + error.message()));
        }
        for (const auto& entry : found) self->endpoints_.push_back(entry.endpoint());
        std::reverse(self->endpoints_.begin(), self->endpoints_.end());
        self->try_next();
      });
}

void UpstreamConnection::try_next() {
  if (endpoints_.empty()) {
    return connected(unavailable(options_.origin.authority() + ": " + last_error_));
  }
  const auto endpoint = endpoints_.back();
  endpoints_.pop_back();
  const int family = endpoint.address().is_v6() ? AF_INET6 : AF_INET;
  const int fd = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return connected(unavailable(std::string("socket: ") + std::strerror(errno)));
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  connecting_.emplace(io_.get_executor(), asio::generic::stream_protocol(family, IPPROTO_TCP), fd);
  connecting_->async_connect(endpoint, [self = shared_from_this(), turn = turn_](NetError error) {
    if (turn == self->turn_) self->on_connected(error);
  });
}

void UpstreamConnection::on_connected(NetError error) {
  if (error) {
    last_error_ = error.message();
    connecting_.reset();
    return try_next();
  }
  std::unique_ptr<TlsSession> session;
  if (options_.origin.is_secure) {
    session =
        TlsSession::create_client(options_.tls, connecting_->native_handle(), options_.server_name);
    if (session == nullptr) return connected(unavailable("TLS is not to be had"));
  }
  transport_.emplace(*std::move(connecting_), std::move(session));
  connecting_.reset();
  if (transport_->tls() == nullptr) return connected({});
  shake_hands();
}

void UpstreamConnection::shake_hands() {
  TlsSession& tls = *transport_->tls();
  if (tls.flush() == Io::kAgain) {
    return wait(Socket::wait_write, &UpstreamConnection::shake_hands);
  }
  switch (tls.handshake()) {
    case Io::kDone:
      return connected({});
    case Io::kAgain:
      return wait(tls.has_unsent() ? Socket::wait_write : Socket::wait_read,
                  &UpstreamConnection::shake_hands);
    case Io::kEnd:
    case Io::kFailed:
      break;
  }
  const std::string why = tls.distrust();
  connected(unavailable(options_.origin.authority() +
                        (why.empty() ? ": the TLS handshake failed"
                                     : ": the server's certificate is not trusted: " + why)));
}

void UpstreamConnection::connected(Result<void> result) {
  const auto self = shared_from_this();
  ++turn_;
  timer_.cancel();
  const auto done = std::exchange(on_connected_, nullptr);
  if (!result) close();
  if (done) done(std::move(result));
}

void UpstreamConnection::exchange(std::string bytes, bool is_to_head, Answered done) {
  ++turn_;
  timer_.cancel();
  NetError ignored;
  transport_->socket().cancel(ignored);
  on_gone_ = nullptr;
  on_answered_ = std::move(done);
  out_ = std::move(bytes);
  sent_ = 0;
  has_begun_ = false;
  parser_.emplace(is_to_head, options_.body_bytes_max);
  send();
  // The server may answer before it has taken all of a body.
  if (is_open() && on_answered_) wait(Socket::wait_read, &UpstreamConnection::receive);
}

void UpstreamConnection::send() {
  while (sent_ < out_.size()) {
    std::size_t count = 0;
    const iovec rest{out_.data() + sent_, out_.size() - sent_};
    const Io io = transport_->write({&rest, 1}, count);
    if (io == Io::kDone) {
      sent_ += count;
      continue;
    }
    if (io == Io::kAgain) return wait(Socket::wait_write, &UpstreamConnection::send);
    return;  // The reading side tells why, perhaps with an answer.
  }
  if (transport_->flush() == Io::kAgain) wait(Socket::wait_write, &UpstreamConnection::send);
}

void UpstreamConnection::receive() {
  std::array<char, kReadBytes> bytes;
  do {
    std::size_t count = 0;
    switch (transport_->read(bytes, count)) {
      case Io::kDone:
        has_begun_ = true;
        on_bytes({bytes.data(), count});
        break;
      case Io::kAgain:
        return wait(Socket::wait_read, &UpstreamConnection::receive);
      case Io::kEnd:
        if (parser_->end() == ResponseParser::Step::kDone) {
          auto answer = parser_->take();
          return finish(std::move(answer));
        }
        return finish(unavailable(std::string(parser_->why())));
      case Io::kFailed:
        return finish(unavailable("the connection broke"));
    }
  } while (is_open() && on_answered_);
}

void UpstreamConnection::on_bytes(std::string_view input) {
  switch (parser_->feed(input)) {
    case ResponseParser::Step::kMore:
      return;
    case ResponseParser::Step::kFailed:
      return finish(unavailable(std::string(parser_->why())));
    case ResponseParser::Step::kDone:
      break;
  }
  const bool is_whole = parser_->keep_alive() && input.empty() && sent_ == out_.size();
  auto answer = parser_->take();
  if (is_whole && !transport_->has_unread()) {
    ++turn_;
    const auto done = std::exchange(on_answered_, nullptr);
    return done({std::move(answer), true, true});
  }
  finish(std::move(answer));
}

/// With the end of the connection.
void UpstreamConnection::finish(Result<Response> answer) {
  const auto self = shared_from_this();
  const auto done = std::exchange(on_answered_, nullptr);
  close();
  if (done) done({std::move(answer), sent_ != 0, has_begun_});
}

void UpstreamConnection::rest(std::function<void()> gone) {
  ++turn_;
  out_ = std::string();
  parser_.reset();
  on_gone_ = std::move(gone);
  arm(options_.idle_timeout, [this] { close(); });
  // Whatever comes now is no answer to anything.
  wait(Socket::wait_read, &UpstreamConnection::close);
}

void UpstreamConnection::close() {
  const auto self = shared_from_this();
  ++turn_;
  timer_.cancel();
  resolver_.cancel();
  connecting_.reset();
  if (transport_) transport_->close();
  transport_.reset();
  if (const auto gone = std::exchange(on_gone_, nullptr)) gone();
  if (const auto done = std::exchange(on_connected_, nullptr)) done(unavailable("given up"));
  if (const auto done = std::exchange(on_answered_, nullptr)) {
    done({unavailable("given up"), sent_ != 0, has_begun_});
  }
}

}  // namespace stator::http::detail
