#include "fake_server.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

namespace stator::sdk::testing {
namespace {

bool receive_more(int fd, std::string& buffer) {
  std::array<char, 4096> part;
  const ssize_t got = recv(fd, part.data(), part.size(), 0);
  if (got > 0) buffer.append(part.data(), static_cast<std::size_t>(got));
  return got > 0;
}

// A line without its end; false when the client hangs up.
bool read_line(int fd, std::string& buffer, std::string& line) {
  std::size_t end = 0;
  while ((end = buffer.find("\r\n")) == std::string::npos) {
    if (!receive_more(fd, buffer)) return false;
  }
  line = buffer.substr(0, end);
  buffer.erase(0, end + 2);
  return true;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Chunks joined; the trailers go to the headers.
bool read_chunks(int fd, std::string& buffer, Seen& seen) {
  std::string line;
  for (;;) {
    if (!read_line(fd, buffer, line)) return false;
    const std::size_t size = std::stoul(line, nullptr, 16);
    if (size == 0) break;
    while (buffer.size() < size + 2) {
      if (!receive_more(fd, buffer)) return false;
    }
    seen.body += buffer.substr(0, size);
    buffer.erase(0, size + 2);
  }
  for (;;) {
    if (!read_line(fd, buffer, line)) return false;
    if (line.empty()) return true;
    const std::size_t colon = line.find(':');
    seen.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
  }
}

// One request off the socket; false when the client hangs up.
bool read_request(int fd, std::string& buffer, Seen& seen) {
  const auto more = [&] { return receive_more(fd, buffer); };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return false;
  }
  std::string head = buffer.substr(0, end + 2);
  buffer.erase(0, end + 4);
  const std::size_t line = head.find("\r\n");
  const std::size_t first = head.find(' ');
  const std::size_t second = head.find(' ', first + 1);
  seen.method = head.substr(0, first);
  seen.target = head.substr(first + 1, second - first - 1);
  for (std::size_t at = line + 2; at < head.size();) {
    const std::size_t stop = head.find("\r\n", at);
    const std::size_t colon = head.find(':', at);
    seen.headers[lower(head.substr(at, colon - at))] = head.substr(colon + 2, stop - colon - 2);
    at = stop + 2;
  }
  if (seen.headers.contains("transfer-encoding")) return read_chunks(fd, buffer, seen);
  const auto length = seen.headers.find("content-length");
  const std::size_t size = length == seen.headers.end() ? 0 : std::stoul(length->second);
  while (buffer.size() < size) {
    if (!more()) return false;
  }
  seen.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return true;
}

void send_answer(int fd, const Answer& answer) {
  const std::size_t piece = answer.byte_by_byte ? 1 : std::max<std::size_t>(1, answer.bytes.size());
  for (std::size_t at = 0; at < answer.bytes.size(); at += piece) {
    const std::size_t size = std::min(piece, answer.bytes.size() - at);
    if (send(fd, answer.bytes.data() + at, size, MSG_NOSIGNAL) < 0) return;
  }
}

}  // namespace

Answer ok(std::string_view body, std::string_view extra_headers) {
  return {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
          std::string(extra_headers) + "\r\n" + std::string(body)};
}

Answer status(int code, std::string_view body) {
  return {"HTTP/1.1 " + std::to_string(code) +
          " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body)};
}

Answer aws_error(int code, std::string_view type, std::string_view message) {
  return status(code, R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + std::string(type) +
                          R"(","message":")" + std::string(message) + "\"}");
}

FakeServer::FakeServer(Script script) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no listener");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

FakeServer::~FakeServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::scoped_lock lock(mutex_);
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int fd : open_) close(fd);
  close(listener_);
}

std::vector<Seen> FakeServer::seen() const {
  const std::scoped_lock lock(mutex_);
  return seen_;
}

void FakeServer::accept_all() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    const std::scoped_lock lock(mutex_);
    open_.push_back(fd);
    threads_.emplace_back([this, fd] { serve(fd); });
  }
}

void FakeServer::serve(int fd) {
  std::string buffer;
  for (;;) {
    Seen request;
    if (!read_request(fd, buffer, request)) return;
    int number = 0;
    {
      const std::scoped_lock lock(mutex_);
      number = static_cast<int>(seen_.size());
      seen_.push_back(request);
    }
    const Answer answer = script_(request, number);
    send_answer(fd, answer);
    if (answer.close) {
      shutdown(fd, SHUT_RDWR);
      return;
    }
  }
}

ScopedEnv::ScopedEnv(const char* name, const char* value) : name_(name) {
  if (const char* const before = getenv(name); before != nullptr) {
    before_ = before;
    was_set_ = true;
  }
  value == nullptr ? unsetenv(name) : setenv(name, value, 1);
}

ScopedEnv::~ScopedEnv() {
  was_set_ ? setenv(name_.c_str(), before_.c_str(), 1) : unsetenv(name_.c_str());
}

}  // namespace stator::sdk::testing
