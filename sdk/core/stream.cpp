#include "core/stream.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "core/resolve.hpp"
#include "core/tls.hpp"

namespace stator::sdk {
namespace {

Failure broken(std::string_view doing, int error) {
  return {STATOR1_UNAVAILABLE, std::string(doing) + ": " + std::strerror(error)};
}

Failure timed_out(std::string_view doing) {
  return {STATOR1_UNAVAILABLE, std::string(doing) + ": timed out"};
}

// Waits until `fd` is ready for `events` or in error; false when the deadline passes first.
bool wait_for(int fd, short events, Deadline deadline) {
  for (;;) {
    int timeout_ms = -1;
    if (deadline != kNever) {
      const std::int64_t left = deadline - monotonic_ms();
      if (left <= 0) return false;
      timeout_ms = static_cast<int>(std::min<std::int64_t>(left, 60'000));
    }
    pollfd waiter{fd, events, 0};
    const int ready = poll(&waiter, 1, timeout_ms);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
}

class TcpStream final : public Stream {
 public:
  explicit TcpStream(int fd) : fd_(fd) {}
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;
  ~TcpStream() override { close(fd_); }

  Outcome<void> send(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        if (!wait_for(fd_, POLLOUT, deadline)) return timed_out("send");
      } else if (errno != EINTR) {
        return broken("send", errno);
      }
    }
    return {};
  }

  Outcome<std::size_t> receive(char* out, std::size_t size, Deadline deadline) override {
    for (;;) {
      // Waiting first: an answer is never there yet, and a system call saved is a call saved.
      if (!wait_for(fd_, POLLIN, deadline)) return timed_out("receive");
      const ssize_t got = recv(fd_, out, size, 0);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EAGAIN && errno != EINTR) return broken("receive", errno);
    }
  }

  bool is_stale() override {
    pollfd waiter{fd_, POLLIN, 0};
    return poll(&waiter, 1, 0) != 0;
  }

 private:
  const int fd_;
};

Outcome<std::unique_ptr<Stream>> connect_address(const Address& address, Deadline deadline) {
  const int fd = socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return broken("socket", errno);
  auto stream = std::make_unique<TcpStream>(fd);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, address.generic(), address.size) != 0) {
    if (errno != EINPROGRESS) return broken("connect", errno);
    if (!wait_for(fd, POLLOUT, deadline)) return timed_out("connect");
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return broken("connect", error);
  }
  return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace

std::int64_t monotonic_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

Deadline after_ms(std::int64_t timeout_ms) {
  return monotonic_ms() + timeout_ms;
}

Outcome<std::unique_ptr<Stream>> connect_tcp(const Url& url, Deadline deadline) {
  const auto addresses = resolve(url.host, url.port, deadline);
  if (!addresses) return addresses.error();
  Failure last;
  for (const Address& address : *addresses) {
    auto stream = connect_address(address, deadline);
    if (stream) return stream;
    last = stream.error();
  }
  last.message += " (" + url.authority() + ")";
  return last;
}

Outcome<std::unique_ptr<Stream>> connect(const Url& url, Deadline deadline) {
  auto stream = connect_tcp(url, deadline);
  if (!stream || !url.tls) return stream;
  return start_tls(std::move(stream).value(), url.host, deadline);
}

}  // namespace stator::sdk
