#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "core/stream.hpp"

namespace stator::sdk {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] int family() const { return storage.ss_family; }
  [[nodiscard]] const sockaddr* generic() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

/// "192.0.2.1" or "2001:db8::1"; size 0 for what is no address.
[[nodiscard]] Address parse_address(const std::string& text, std::uint16_t port);

/// The addresses of a host, at least one. "localhost" and names below it mean 127.0.0.1 (RFC 6761),
/// so that a sandbox needs no resolver. By the C library's resolver, which is bounded by its own
/// configuration and not by `deadline`; in a static program, where that cannot work, by /etc/hosts
/// and find_by_dns().
[[nodiscard]] Outcome<std::vector<Address>> resolve(const std::string& host, std::uint16_t port,
                                                    Deadline deadline);

/// The host's IPv4 addresses, or else its IPv6 ones, as one of the servers says (RFC 1035, over
/// UDP: the addresses of an endpoint fit into one packet). Each server is asked twice at most.
[[nodiscard]] Outcome<std::vector<Address>> find_by_dns(const std::string& host, std::uint16_t port,
                                                        const std::vector<Address>& servers,
                                                        Deadline deadline);
/// What "/etc/hosts" in `text` says of a host.
[[nodiscard]] std::vector<Address> find_in_hosts(std::string_view text, const std::string& host,
                                                 std::uint16_t port);
/// The servers of "/etc/resolv.conf" in `text`, three at most; the machine itself when it names
/// none.
[[nodiscard]] std::vector<Address> name_servers(std::string_view text);

}  // namespace stator::sdk
