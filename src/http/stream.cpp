#include "http/stream.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace stator::http::detail {

namespace {

Error broken(std::string_view what, int error) {
  return unavailable(std::string(what) + ": " + std::strerror(error));
}

/// Waits until the socket is ready for `events`.
Result<void> await(int socket, short events, SteadyTime deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Error{ErrorCode::kTimeout, "the server did not answer in time"};
    pollfd poll_one{socket, events, 0};
    const auto wait_ms = std::min<std::int64_t>(left.count(), 60'000);
    const int ready = ::poll(&poll_one, 1, static_cast<int>(wait_ms));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return broken("poll", errno);
  }
}

class TcpStream final : public Stream {
 public:
  explicit TcpStream(UniqueFd socket) : socket_(std::move(socket)) {}

  Result<std::size_t> read(std::span<char> into, SteadyTime deadline) override {
    for (;;) {
      const auto count = ::recv(socket_.get(), into.data(), into.size(), 0);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return broken("reading the answer", errno);
      STATOR_TRY_VOID(await(socket_.get(), POLLIN, deadline));
    }
  }

  Result<void> write(std::string_view bytes, SteadyTime deadline) override {
    while (!bytes.empty()) {
      const auto count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
        continue;
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return broken("sending the request", errno);
      STATOR_TRY_VOID(await(socket_.get(), POLLOUT, deadline));
    }
    return {};
  }

 private:
  UniqueFd socket_;
};

Result<UniqueFd> connect_one(const addrinfo& address, SteadyTime deadline) {
  UniqueFd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return broken("socket", errno);
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return broken("connecting", errno);
    STATOR_TRY_VOID(await(socket.get(), POLLOUT, deadline));
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return broken("connecting", error);
  }
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return socket;
}

}  // namespace

Result<std::unique_ptr<Stream>> connect_tcp(const std::string& host, std::uint16_t port,
                                            SteadyTime deadline) {
  const std::string name = host.ends_with(".localhost") ? "localhost" : host;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(name.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) return unavailable("cannot resolve " + host + ": " + ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  Error last = unavailable("no address");
  for (const auto* address = found; address != nullptr; address = address->ai_next) {
    auto socket = connect_one(*address, deadline);
    if (socket) return std::unique_ptr<Stream>(std::make_unique<TcpStream>(*std::move(socket)));
    last = std::move(socket).error();
  }
  last.message = host + ":" + std::to_string(port) + ": " + last.message;
  return last;
}

std::unique_ptr<Stream> stream_over(UniqueFd connected) {
  return std::make_unique<TcpStream>(std::move(connected));
}

}  // namespace stator::http::detail
