#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/protocol.hpp"
#include "sandbox/uplink.hpp"

/// Namespaces made ahead of use. A kit is a sandbox without its program: pid, mount, network, ipc,
/// uts and user namespaces with the shared root in place, held open by a tiny init that is process
/// 1 of the pid namespace, reaps orphans and does nothing else. Killing it kills all inside.
///
/// Kits are made by a process of their own, the preparer, forked before the launcher has seen any
/// program's environment: init inherits its memory, and so holds no secret.
namespace stator::sandbox {

/// What the server sends an init to have everything in its pid namespace stopped, and go on. Heeded
/// from outside that namespace only. The kernel hands over the lower number first, so a thaw that
/// meets a freeze under way comes after it.
inline constexpr int kFreezeSignal = SIGUSR1;
inline constexpr int kThawSignal = SIGUSR2;

/// The user and group ids, as the launcher counts, that a kit maps kInsideUid and kInsideGid to.
struct KitIdentity {
  std::uint32_t slot = 0;  ///< the launcher's number for it
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

/// Descriptors of the namespaces, for setns(). Joining them through init itself would need the
/// right to trace it, which security modules mediate.
struct KitNamespaces {
  UniqueFd pid;
  UniqueFd mount;
  UniqueFd network;
  UniqueFd ipc;
  UniqueFd uts;
  UniqueFd user;
};

struct Kit {
  UniqueFd init;  ///< pidfd of process 1
  KitNamespaces namespaces;
  UniqueFd routes;                ///< a NETLINK_ROUTE socket of its network namespace
  std::vector<UniqueFd> sockets;  ///< kPortsMax unbound TCP sockets of the same
};

/// The identity of an order, and what became of it: kUnavailable when the machine refuses a kit.
struct KitAnswer {
  KitIdentity identity;
  Result<Kit> kit;
};

/// The launcher's end of the preparer. One thread.
class Preparer {
 public:
  /// Forks the preparer. The caller has one thread and is in its final mount and user namespace.
  [[nodiscard]] static Result<Preparer> start(const std::filesystem::path& root);

  /// Becomes readable when a kit, or a failure to make one, has arrived.
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  /// Asks for one more kit; it is answered by one receive().
  [[nodiscard]] Result<void> order(KitIdentity identity);
  /// Starts the way to the internet of a kit; see uplink.hpp.
  [[nodiscard]] Result<Uplink> start_uplink(const Kit& kit);
  /// Waits for an answer to an order. An error means that the preparer is gone.
  [[nodiscard]] Result<KitAnswer> receive();
  [[nodiscard]] std::size_t pending() const { return pending_; }

 private:
  UniqueFd socket_;
  std::size_t pending_ = 0;
};

}  // namespace stator::sandbox
