#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/local.hpp"
#include "core/stream.hpp"
#include "core/text.hpp"

namespace stator::sdk {
namespace {

constexpr std::string_view kInvocations = "/2015-03-31/functions/function/invocations";
constexpr std::size_t kHeadBytesMax = 64 << 10;
constexpr std::size_t kBodyBytesMax = 10 << 20;  // the gateway's; Lambda's own is 6 MB
constexpr std::int64_t kRequestTimeoutMs = 30'000;

std::string plain_answer(int status, std::string_view type, std::string_view body,
                         std::string_view more_headers = {}) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " \r\ncontent-type: ";
  text += type;
  text += "\r\ncontent-length: " + std::to_string(body.size()) + "\r\nconnection: close\r\n";
  text += more_headers;
  text += "\r\n";
  text += body;
  return text;
}

std::string problem_answer(int status, std::string_view message) {
  return plain_answer(status, "application/json", "{\"message\":\"" + std::string(message) + "\"}");
}

class Connection {
 public:
  explicit Connection(int fd) : fd_(fd), deadline_(after_ms(kRequestTimeoutMs)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(fd_); }

  // The status with which a request that cannot be read is answered, or 0.
  int read(LocalRequest& request) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (buffer_.size() > kHeadBytesMax) return 431;
      if (!more()) return 408;
    }
    if (!parse_head(std::string_view(buffer_).substr(0, end + 2), request)) return 400;
    buffer_.erase(0, end + 4);
    std::uint64_t length = 0;
    for (const auto& [name, value] : request.headers) {
      if (name == "transfer-encoding") return 411;
      if (name == "expect") send("HTTP/1.1 100 Continue\r\n\r\n");
      if (name == "content-length" && !parse_unsigned(value, &length)) return 400;
    }
    if (length > kBodyBytesMax) return 413;
    while (buffer_.size() < length) {
      if (!more()) return 408;
    }
    request.body = buffer_.substr(0, length);
    return 0;
  }

  void send(std::string_view bytes) {
    while (!bytes.empty() && wait(POLLOUT)) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return;
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // A handler may take as long as it likes before its answer is sent.
  void restart_clock() { deadline_ = after_ms(kRequestTimeoutMs); }

 private:
  static bool parse_head(std::string_view head, LocalRequest& request) {
    const std::size_t line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    const std::size_t first = line.find(' ');
    const std::size_t second = line.rfind(' ');
    if (first == std::string_view::npos || first == 0 || second <= first + 1) return false;
    if (!line.substr(second + 1).starts_with("HTTP/1.")) return false;
    request.method = line.substr(0, first);
    request.target = line.substr(first + 1, second - first - 1);
    if (request.target.front() != '/') return false;
    for (std::size_t at = line_end + 2; at < head.size();) {
      const std::size_t stop = head.find("\r\n", at);
      const std::string_view header = head.substr(at, stop - at);
      const std::size_t colon = header.find(':');
      if (colon == 0 || colon == std::string_view::npos) return false;
      std::string name(header.substr(0, colon));
      std::transform(name.begin(), name.end(), name.begin(), to_lower);
      request.headers.emplace_back(std::move(name), trim(header.substr(colon + 1)));
      at = stop + 2;
    }
    return true;
  }

  bool wait(short events) const {
    const std::int64_t left = deadline_ - monotonic_ms();
    pollfd waiter{fd_, events, 0};
    return left > 0 && poll(&waiter, 1, static_cast<int>(left)) > 0;
  }

  bool more() {
    std::array<char, 16384> part;
    if (!wait(POLLIN)) return false;
    const ssize_t got = recv(fd_, part.data(), part.size(), 0);
    if (got > 0) buffer_.append(part.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  const int fd_;
  Deadline deadline_;
  std::string buffer_;
};

}  // namespace

LocalServer::LocalServer(const LocalOptions& options, const LocalFunction& function, int listener)
    : options_(options), function_(function), listener_(listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port_ = ntohs(address.sin_port);
  }
}

LocalServer::LocalServer(LocalServer&& other) noexcept
    : options_(std::move(other.options_)),
      function_(other.function_),
      listener_(std::exchange(other.listener_, -1)),
      port_(other.port_) {}

LocalServer::~LocalServer() {
  if (listener_ >= 0) close(listener_);
}

Outcome<LocalServer> LocalServer::listen(const LocalOptions& options,
                                         const LocalFunction& function) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.port);
  const std::string host = options.host == "localhost" ? "127.0.0.1" : options.host;
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    return Failure{STATOR1_CONFIGURATION, host + ": is no IPv4 address"};
  }
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, 16) != 0) {
    const Failure failure{STATOR1_CONFIGURATION, "cannot listen on " + host + ":" +
                                                     std::to_string(options.port) + ": " +
                                                     std::strerror(errno)};
    if (fd >= 0) close(fd);
    return failure;
  }
  return LocalServer(options, function, fd);
}

void LocalServer::serve_next() {
  const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) return;
  Connection connection(fd);
  LocalRequest request;
  if (const int problem = connection.read(request); problem != 0) {
    return connection.send(problem_answer(problem, "the request cannot be read"));
  }
  const std::string text = answer(request);
  connection.restart_clock();
  connection.send(text);
}

std::string LocalServer::answer(const LocalRequest& request) const {
  if (request.target == kInvocations) {
    if (request.method != "POST") return problem_answer(405, "an invocation is a POST");
    const LocalAnswer answer = function_.invoke(request.body.empty() ? "{}" : request.body);
    return plain_answer(200, answer.content_type, answer.body,
                        answer.failed ? "x-amz-function-error: Unhandled\r\n" : "");
  }
  if (!options_.is_http) return problem_answer(404, "invocations only; start it with --http");
  const auto event = http_event_of(request, options_.routes);
  if (!event) return problem_answer(404, "Not Found");
  return http_answer_of(function_.invoke(*event));
}

}  // namespace stator::sdk
