#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// Packets with descriptors over a SOCK_SEQPACKET socket pair.
namespace stator::sandbox {

/// Descriptors in one packet; a kit, with its namespaces and sockets, carries the most.
inline constexpr std::size_t kDescriptorsMax = 16;

struct Packet {
  std::string bytes;
  std::vector<UniqueFd> descriptors;
};

/// Both ends close on exec.
[[nodiscard]] Result<std::pair<UniqueFd, UniqueFd>> packet_socket_pair();

/// Sends one packet, waiting for room. The caller keeps its descriptors. kUnavailable when the
/// other end is gone.
[[nodiscard]] Result<void> send_packet(int socket, std::string_view bytes,
                                       std::span<const int> descriptors = {});

/// Waits for one packet of at most `bytes_max`; a longer one is an error. Received descriptors
/// close on exec; some are missing when this process may open no more. kUnavailable when the other
/// end is gone.
[[nodiscard]] Result<Packet> receive_packet(int socket, std::size_t bytes_max);

}  // namespace stator::sandbox
