#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/program.hpp"
#include "sandbox/sandbox.hpp"

/// From what the server asks for to what the child is told: pure, but for the ports.
namespace stator::sandbox {

/// kInvalid, naming it, for a Spec that no program could be started from.
[[nodiscard]] Result<void> check_spec(const Spec& spec);

/// Replaces each "{port:i}" with i below ports.size() by ports[i]; leaves everything else.
[[nodiscard]] std::string substitute_ports(std::string_view text,
                                           std::span<const std::uint16_t> ports);

/// A valid host name of at most 63 characters made from `name`.
[[nodiscard]] std::string hostname_from(std::string_view name);

/// The host's path of a path inside, for a program that has no root of its own: /var/task becomes
/// `code`.
[[nodiscard]] std::string host_path(std::string_view inside, const std::filesystem::path& code);

/// Binds `socket` to 127.0.0.1:`port` (0: any free one) and listens. The number it got.
[[nodiscard]] Result<std::uint16_t> listen_on_loopback(int socket, std::uint16_t port);

struct LimitOptions {
  bool memory_by_group = false;  ///< otherwise RLIMIT_DATA stands in
};

/// Everything of the plan that the Spec alone decides; descriptors and identity are the caller's.
[[nodiscard]] ProgramPlan plan_from(const Spec& spec, std::span<const std::uint16_t> ports,
                                    bool has_namespaces, const LimitOptions& options);

}  // namespace stator::sandbox
