#include "closed_loop.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "base/strings.hpp"
#include "base/unique_fd.hpp"

namespace stator::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kSamplesMax = 4'000'000;
constexpr std::size_t kAnswerBytesMax = 32u << 20;
constexpr std::chrono::seconds kLastAnswersTimeout{10};

struct Client {
  UniqueFd socket;
  std::string answer;
  std::size_t answer_bytes = 0;  ///< of the whole answer; 0 while its head is not whole
  Steady::time_point sent_at;
  bool is_busy = false;
};

UniqueFd connect_to(const Target& target) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  if (::inet_pton(AF_INET, target.host.c_str(), &address.sin_addr) != 1 ||
      ntohl(address.sin_addr.s_addr) >> 24 != 127) {
    throw std::runtime_error(target.host + " is not on the loopback");
  }
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error(std::string("cannot connect: ") + std::strerror(errno));
  }
  return socket;
}

/// Bytes of head and body together, or 0 while the head is not whole.
std::size_t whole_size(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  constexpr std::string_view kLength = "content-length:";
  std::string_view head = answer.substr(0, end + 2);
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    if (!equals_ignore_case(line.substr(0, kLength.size()), kLength)) continue;
    std::size_t length = 0;
    const auto digits = trim(line.substr(kLength.size()));
    std::from_chars(digits.data(), digits.data() + digits.size(), length);
    return end + 4 + length;
  }
  return end + 4;
}

class ClosedLoop {
 public:
  explicit ClosedLoop(const NextRequest& next) : next_(next) {}

  void connect(const Target& target, unsigned connections) {
    clients_ = std::vector<Client>(connections);
    for (Client& client : clients_) {
      client.socket = connect_to(target);
      epoll_event event{EPOLLIN, {.ptr = &client}};
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.socket.get(), &event);
    }
  }

  Outcome run(std::chrono::milliseconds time) {
    const auto begin = Steady::now();
    const auto end = begin + time;
    for (Client& client : clients_) send(client);
    while (busy_ > 0 && Steady::now() < end + kLastAnswersTimeout) {
      std::array<epoll_event, 64> events;
      const int count = ::epoll_wait(epoll_.get(), events.data(), int(events.size()), 100);
      for (int i = 0; i < count; ++i) receive(*static_cast<Client*>(events[i].data.ptr), end);
    }
    outcome_.failed += busy_;
    outcome_.seconds = std::chrono::duration<double>(Steady::now() - begin).count();
    outcome_.p50_us = percentile(50);
    outcome_.p99_us = percentile(99);
    return outcome_;
  }

 private:
  void send(Client& client) {
    const std::string_view request = next_();
    if (request.empty()) return;
    client.answer.clear();
    client.answer_bytes = 0;
    client.sent_at = Steady::now();
    client.is_busy = true;
    ++busy_;
    // The socket blocks: a server that reads slowly slows its clients, as closed loops do.
    for (std::string_view rest = request; !rest.empty();) {
      const auto sent = ::send(client.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return fail(client, std::strerror(errno));
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void receive(Client& client, Steady::time_point end) {
    const auto count = ::recv(client.socket.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return fail(client, "the server closed a connection");
    client.answer.append(buffer_.data(), static_cast<std::size_t>(count));
    if (client.answer_bytes == 0) client.answer_bytes = whole_size(client.answer);
    if (client.answer.size() > kAnswerBytesMax) return fail(client, "an answer is too large");
    if (client.answer_bytes == 0 || client.answer.size() < client.answer_bytes) return;
    const auto now = Steady::now();
    take(client, now);
    if (now < end) send(client);
  }

  void take(Client& client, Steady::time_point now) {
    client.is_busy = false;
    --busy_;
    ++outcome_.answered;
    const auto body = client.answer.find("\r\n\r\n") + 4;
    outcome_.body_bytes = client.answer_bytes - body;
    if (samples_us_.size() < kSamplesMax) {
      const auto taken =
          std::chrono::duration_cast<std::chrono::microseconds>(now - client.sent_at);
      samples_us_.push_back(static_cast<std::uint32_t>(taken.count()));
    }
    if (client.answer.starts_with("HTTP/1.1 200")) return;
    ++outcome_.failed;
    if (outcome_.first_failure.empty()) outcome_.first_failure = client.answer.substr(0, 1000);
  }

  void fail(Client& client, std::string_view why) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, client.socket.get(), nullptr);
    if (std::exchange(client.is_busy, false)) --busy_;
    ++outcome_.failed;
    if (outcome_.first_failure.empty()) outcome_.first_failure = why;
  }

  std::uint64_t percentile(std::size_t share) {
    if (samples_us_.empty()) return 0;
    const auto at = samples_us_.begin() + long((samples_us_.size() - 1) * share / 100);
    std::nth_element(samples_us_.begin(), at, samples_us_.end());
    return *at;
  }

  const NextRequest& next_;
  UniqueFd epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  std::vector<Client> clients_;
  std::uint64_t busy_ = 0;
  std::vector<std::uint32_t> samples_us_;
  std::array<char, 65536> buffer_;
  Outcome outcome_;
};

}  // namespace

double cpu_seconds(int pid) {
  std::error_code error;
  std::uint64_t total_ns = 0;
  const auto tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    std::uint64_t on_cpu_ns = 0;
    std::ifstream(task.path() / "schedstat") >> on_cpu_ns;
    total_ns += on_cpu_ns;
  }
  return double(total_ns) / 1e9;
}

Outcome run_closed_loop(const Target& target, unsigned connections, std::chrono::milliseconds time,
                        const NextRequest& next) {
  ClosedLoop loop(next);
  loop.connect(target, connections);
  const double before = target.pid != 0 ? cpu_seconds(target.pid) : 0;
  Outcome outcome = loop.run(time);
  if (target.pid != 0) outcome.server_cpu_seconds = cpu_seconds(target.pid) - before;
  return outcome;
}

}  // namespace stator::bench
