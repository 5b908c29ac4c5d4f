#include "core/resolve.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/text.hpp"

namespace stator::sdk {
namespace {

constexpr std::size_t kServersMax = 3;
constexpr std::uint16_t kDnsPort = 53;

// Calls `use(words)` for each line, comments left out.
template <class Use>
void for_each_line(std::string_view text, const Use& use) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, line.find('#'));
    std::vector<std::string_view> words;
    while (!line.empty()) {
      const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
      line.remove_prefix(begin);
      const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
      if (!word.empty()) words.push_back(word);
      line.remove_prefix(word.size());
    }
    if (!words.empty()) use(words);
  }
}

#ifdef STATOR_SDK_SINGLE

std::string read_file(const char* name) {
  std::string text;
  std::FILE* const file = std::fopen(name, "re");
  if (file == nullptr) return text;
  std::array<char, 4096> part;
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), file)) {
    text.append(part.data(), got);
  }
  std::fclose(file);
  return text;
}

Outcome<std::vector<Address>> look_up(const std::string& host, std::uint16_t port,
                                      Deadline deadline) {
  auto found = find_in_hosts(read_file("/etc/hosts"), host, port);
  if (!found.empty()) return found;
  return find_by_dns(host, port, name_servers(read_file("/etc/resolv.conf")), deadline);
}

#else

Outcome<std::vector<Address>> look_up(const std::string& host, std::uint16_t port, Deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int problem = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0) {
    return Failure{STATOR1_UNAVAILABLE, "resolve " + host + ": " + gai_strerror(problem)};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  std::vector<Address> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Address& address = addresses.emplace_back();
    address.size = each->ai_addrlen;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
  }
  return addresses;
}

#endif

}  // namespace

Address parse_address(const std::string& text, std::uint16_t port) {
  Address address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof v4;
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.size = sizeof v6;
  }
  return address;
}

Outcome<std::vector<Address>> resolve(const std::string& host, std::uint16_t port,
                                      Deadline deadline) {
  const bool is_local = host == "localhost" || host.ends_with(".localhost");
  const Address numeric = parse_address(is_local ? "127.0.0.1" : host, port);
  if (numeric.size != 0) return std::vector<Address>{numeric};
  auto found = look_up(host, port, deadline);
  if (found && found->empty()) {
    return Failure{STATOR1_UNAVAILABLE, "resolve " + host + ": no address"};
  }
  return found;
}

std::vector<Address> find_in_hosts(std::string_view text, const std::string& host,
                                   std::uint16_t port) {
  std::vector<Address> found;
  for_each_line(text, [&](const std::vector<std::string_view>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (!equals_ignoring_case(words[i], host)) continue;
      const Address address = parse_address(std::string(words[0]), port);
      if (address.size != 0) found.push_back(address);
      return;
    }
  });
  return found;
}

std::vector<Address> name_servers(std::string_view text) {
  std::vector<Address> servers;
  for_each_line(text, [&](const std::vector<std::string_view>& words) {
    if (words.size() < 2 || words[0] != "nameserver" || servers.size() == kServersMax) return;
    const Address address = parse_address(std::string(words[1]), kDnsPort);
    if (address.size != 0) servers.push_back(address);
  });
  if (servers.empty()) servers.push_back(parse_address("127.0.0.1", kDnsPort));
  return servers;
}

}  // namespace stator::sdk
