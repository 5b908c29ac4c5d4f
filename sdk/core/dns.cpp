#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/resolve.hpp"

// A resolver's client as small as an endpoint's name needs it (RFC 1035).
namespace stator::sdk {
namespace {

constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeAaaa = 28;
constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kPacketBytesMax = 4096;
constexpr int kTriesMax = 2;
constexpr std::int64_t kTryTimeoutMs = 2000;

Failure unresolved(const std::string& host, const char* why) {
  return {STATOR1_UNAVAILABLE, "resolve " + host + ": " + why};
}

void put16(std::string& out, std::uint16_t number) {
  out += static_cast<char>(number >> 8);
  out += static_cast<char>(number & 0xFF);
}

std::uint16_t get16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
}

// Name, type and class; empty for what is no host's name.
std::string question_of(std::string_view host, std::uint16_t type) {
  std::string question;
  if (host.empty() || host.size() > 253) return {};
  while (!host.empty()) {
    const std::string_view label = host.substr(0, host.find('.'));
    if (label.empty() || label.size() > 63) return {};
    question += static_cast<char>(label.size());
    question += label;
    host.remove_prefix(std::min(label.size() + 1, host.size()));
  }
  question += '\0';
  put16(question, type);
  put16(question, 1);
  return question;
}

// Behind the name that begins at `at`; 0 when it runs out of the packet.
std::size_t skip_name(std::string_view packet, std::size_t at) {
  while (at < packet.size()) {
    const auto length = static_cast<unsigned char>(packet[at]);
    if (length == 0) return at + 1;
    if (length >= 0xC0) return at + 2 <= packet.size() ? at + 2 : 0;
    at += 1u + length;
  }
  return 0;
}

// The addresses among the answers, whatever aliases lead to them.
std::vector<Address> addresses_in(std::string_view packet, std::size_t at, std::uint16_t type,
                                  std::uint16_t port) {
  std::vector<Address> found;
  for (int left = get16(packet, 6); left > 0; --left) {
    at = skip_name(packet, at);
    if (at == 0 || at + 10 > packet.size()) break;
    const std::uint16_t kind = get16(packet, at);
    const std::size_t size = get16(packet, at + 8);
    at += 10;
    if (at + size > packet.size()) break;
    Address address;
    if (kind == type && kind == kTypeA && size == 4) {
      auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      std::memcpy(&v4.sin_addr, packet.data() + at, size);
      address.size = sizeof v4;
    } else if (kind == type && kind == kTypeAaaa && size == 16) {
      auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      std::memcpy(&v6.sin6_addr, packet.data() + at, size);
      address.size = sizeof v6;
    }
    if (address.size != 0) found.push_back(address);
    at += size;
  }
  return found;
}

class UdpSocket {
 public:
  explicit UdpSocket(const Address& server)
      : fd_(socket(server.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    // Connected, so that packets of anybody else do not arrive.
    is_good_ = fd_ >= 0 && ::connect(fd_, server.generic(), server.size) == 0;
  }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;
  ~UdpSocket() {
    if (fd_ >= 0) close(fd_);
  }

  // The answer with that id to that question, or nothing in time.
  std::string ask(std::uint16_t id, const std::string& question, Deadline deadline) {
    std::string query;
    put16(query, id);
    query +=
        std::string("\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10);  // recursion, one question
    query += question;
    if (!is_good_ || ::send(fd_, query.data(), query.size(), MSG_NOSIGNAL) < 0) return {};
    std::array<char, kPacketBytesMax> packet;
    for (;;) {
      const std::int64_t left = deadline - monotonic_ms();
      pollfd waiter{fd_, POLLIN, 0};
      if (left <= 0 || poll(&waiter, 1, static_cast<int>(left)) <= 0) return {};
      const ssize_t got = recv(fd_, packet.data(), packet.size(), 0);
      if (got < 0) return {};
      const std::string_view answer(packet.data(), static_cast<std::size_t>(got));
      const bool is_ours = answer.size() >= kHeaderBytes + question.size() &&
                           get16(answer, 0) == id && (answer[2] & 0x80) != 0 &&
                           answer.substr(kHeaderBytes, question.size()) == question;
      if (is_ours) return std::string(answer);
    }
  }

 private:
  int fd_;
  bool is_good_ = false;
};

}  // namespace

Outcome<std::vector<Address>> find_by_dns(const std::string& host, std::uint16_t port,
                                          const std::vector<Address>& servers, Deadline deadline) {
  bool was_answered = false;
  for (const std::uint16_t type : {kTypeA, kTypeAaaa}) {
    const std::string question = question_of(host, type);
    if (question.empty()) return unresolved(host, "is no host's name");
    for (std::size_t i = 0; i < servers.size() * kTriesMax && !was_answered; ++i) {
      std::uint16_t id = 0;
      stator1_random(&id, sizeof id);
      UdpSocket server(servers[i % servers.size()]);
      const std::string answer =
          server.ask(id, question, std::min(deadline, after_ms(kTryTimeoutMs)));
      if (answer.empty()) continue;
      was_answered = true;
      auto found = addresses_in(answer, kHeaderBytes + question.size(), type, port);
      if (!found.empty()) return found;
    }
    // Nobody answered the first question: nobody will answer the second.
    if (!was_answered) return unresolved(host, "no name server answers");
    was_answered = false;
  }
  return unresolved(host, "no address");
}

}  // namespace stator::sdk
