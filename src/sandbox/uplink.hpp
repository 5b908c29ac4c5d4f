#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// A sandbox's way to the internet: slirp4netns, a program that speaks TCP and UDP on behalf of a
/// network namespace, so that no right over the host's network is needed. IPv4 only.
namespace stator::sandbox {

/// Where slirp4netns answers questions of names inside.
inline constexpr const char* kUplinkNameServer = "10.0.2.3";

/// The program found along PATH, executable; empty when there is none.
[[nodiscard]] std::filesystem::path find_slirp();

/// Why no uplink can be made on this machine and what to do; empty when it can.
[[nodiscard]] std::string uplink_lacks();

/// Makes private and link-local ranges, other special ones and the host's own addresses unreachable
/// in the namespace that `route_socket` (NETLINK_ROUTE) was made in. What runs inside lacks the
/// privilege to change it. Told before the uplink comes, so that there is no moment without it.
[[nodiscard]] Result<void> fence_off_private_ranges(int route_socket);

/// Starts slirp4netns for a network namespace. It writes into `ready` once it works and ends when
/// the other end of `exit` is closed. Called where new processes are the host's: the preparer.
/// False when there is no new process; then nobody writes.
[[nodiscard]] bool execute_uplink(int network_namespace, int ready, int exit);

/// The launcher's end of one. Moves only; the process ends with it, and with the launcher however
/// that ends.
class Uplink {
 public:
  Uplink(UniqueFd ready, UniqueFd exit) : ready_(std::move(ready)), exit_(std::move(exit)) {}

  /// Becomes readable when it is ready or has failed.
  [[nodiscard]] int descriptor() const { return ready_.get(); }
  /// Call it when that is so.
  [[nodiscard]] Result<void> await_ready();

 private:
  UniqueFd ready_;
  UniqueFd exit_;  ///< closed, it tells the process to end
};

}  // namespace stator::sandbox
