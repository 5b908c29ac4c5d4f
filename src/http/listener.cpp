#include "http/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "http/connection.hpp"
#include "http/handshake.hpp"

namespace stator::http::detail {

namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsInARow = 64;
constexpr std::chrono::milliseconds kRetryDelay{100};
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
    "Content-Length: 47\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
    "{\"message\":\"the server's connections are used\"}";

struct Address {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address parse_address(const Binding& binding) {
  Address address;
  const std::string text = binding.address == "localhost" ? "127.0.0.1" : binding.address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(binding.port);
    address.size = sizeof(sockaddr_in);
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(binding.port);
    address.size = sizeof(sockaddr_in6);
  } else {
    throw ConfigError("cannot listen on '" + binding.address + "': not an IP address");
  }
  return address;
}

std::string peer_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    ::inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
  } else if (address.storage.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
  }
  return text;
}

int family_of(int socket) {
  int family = AF_INET;
  socklen_t size = sizeof(family);
  ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &size);
  return family;
}

[[noreturn]] void cannot_listen(const Binding& binding, int error) {
  throw ConfigError("cannot listen on " + binding.address + ":" + std::to_string(binding.port) +
                    ": " + std::strerror(error));
}

UniqueFd bind_socket(const Binding& binding) {
  auto address = parse_address(binding);
  UniqueFd socket(
      ::socket(address.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) cannot_listen(binding, errno);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (binding.is_shared) {
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
  }
  if (::bind(socket.get(), address.get(), address.size) != 0) cannot_listen(binding, errno);
  return socket;
}

}  // namespace

UniqueFd listen_on(const Binding& binding) {
  auto socket = bind_socket(binding);
  if (::listen(socket.get(), kBacklog) != 0) cannot_listen(binding, errno);
  return socket;
}

void check_free(const Binding& binding) {
  // With SO_REUSEPORT the kernel would let two servers share a port; without it, it tells.
  auto exclusive = binding;
  exclusive.is_shared = false;
  (void)listen_on(exclusive);
}

std::uint16_t port_of(int socket) {
  Address address;
  if (::getsockname(socket, address.get(), &address.size) != 0) return 0;
  if (address.storage.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
}

Listener::Listener(Loop& loop, std::shared_ptr<Site> site, UniqueFd listening)
    : loop_(loop), site_(std::move(site)), socket_(loop.io()), retry_timer_(loop.io()) {
  NetError error;
  const asio::generic::stream_protocol protocol(family_of(listening.get()), 0);
  socket_.assign(protocol, listening.get(), error);
  if (error) throw ConfigError("cannot serve a listening socket: " + error.message());
  (void)listening.release();
  socket_.native_non_blocking(true, error);
}

void Listener::close() {
  is_closed_ = true;
  NetError ignored;
  socket_.close(ignored);
  retry_timer_.cancel();
}

void Listener::await() {
  if (is_closed_) return;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](NetError error) {
    if (!error) self->accept_all();
  });
}

void Listener::accept_all() {
  for (int i = 0; i < kAcceptsInARow && !is_closed_; ++i) {
    Address address;
    UniqueFd accepted(::accept4(socket_.native_handle(), address.get(), &address.size,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted) {
      serve(std::move(accepted), peer_text(address));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return pause(errno);
    }
  }
  await();
}

void Listener::serve(UniqueFd accepted, std::string peer) {
  if (site_->load->connections.load(std::memory_order_relaxed) >= site_->connections_max) {
    if (site_->tls != nullptr) return;
    // Best effort: a fresh socket's buffer holds it.
    (void)!::send(accepted.get(), kFull.data(), kFull.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return;
  }
  const int family = family_of(accepted.get());
  if (family != AF_UNIX) {
    const int on = 1;
    ::setsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  NetError error;
  Socket socket(loop_.io());
  socket.assign(asio::generic::stream_protocol(family, 0), accepted.get(), error);
  if (error) return;
  (void)accepted.release();
  socket.native_non_blocking(true, error);
  std::unique_ptr<TlsSession> tls;
  if (site_->tls != nullptr) {
    tls = TlsSession::create(*site_->tls, socket.native_handle());
    if (tls == nullptr) return;
  }
  const bool is_tls = tls != nullptr;
  Line line{site_, Transport(std::move(socket), std::move(tls)), Admission(site_->load),
            std::move(peer)};
  std::shared_ptr<Channel> channel;
  if (is_tls) {
    channel = std::make_shared<Handshake>(loop_, std::move(line));
  } else {
    channel = std::make_shared<Connection>(loop_, std::move(line));
  }
  loop_.add(channel);
  channel->start();
}

void Listener::pause(int error) {
  loop_.logger().warn("http", "cannot accept a connection", {{"error", std::strerror(error)}});
  retry_timer_.expires_after(kRetryDelay);
  retry_timer_.async_wait([self = shared_from_this()](NetError failed) {
    if (!failed) self->await();
  });
}

}  // namespace stator::http::detail
