#include "sandbox/kit.hpp"

#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/file.hpp"
#include "sandbox/fd_socket.hpp"
#include "sandbox/posix.hpp"
#include "sandbox/root_image.hpp"

namespace stator::sandbox {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kAnswerBytesMax = 4096;
/// After the identity an answer holds this, or the text of an error.
constexpr std::string_view kReady = "ready";

std::string answer_packet(KitIdentity identity, std::string_view text) {
  std::string packet(reinterpret_cast<const char*>(&identity), sizeof identity);
  packet += text.substr(0, kAnswerBytesMax - sizeof identity);
  return packet;
}

/// An order for an uplink, with descriptors: network namespace, ready, exit. For a kit it is an
/// identity, which is longer.
constexpr std::string_view kUplinkOrder = "u";

/// In the order of the members of KitNamespaces.
constexpr const char* kNamespaceNames[] = {"pid", "mnt", "net", "ipc", "uts", "user"};
constexpr std::size_t kNamespaces = std::size(kNamespaceNames);
/// Init's pidfd, its namespaces, the socket for its routes and its sockets.
constexpr std::size_t kKitDescriptors = 1 + kNamespaces + 1 + kPortsMax;
static_assert(kKitDescriptors <= kDescriptorsMax);

Result<void> raise_loopback() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (!socket || ::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) {
    return errno_error("bring up the loopback interface");
  }
  return {};
}

/// A socket belongs to the namespace it is made in; the launcher binds it later, from outside. The
/// first is for routes, which may be changed through it because its maker might change them here.
Result<std::vector<UniqueFd>> make_sockets() {
  std::vector<UniqueFd> sockets;
  sockets.emplace_back(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!sockets.back()) return errno_error("socket");
  for (std::size_t i = 0; i < kPortsMax; ++i) {
    sockets.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!sockets.back()) return errno_error("socket");
  }
  return sockets;
}

/// The two directions in which a new init and the preparer wait for each other.
struct Handshake {
  UniqueFd init_reads, preparer_writes, preparer_reads, init_writes;
};

Result<Handshake> make_handshake() {
  int down[2], up[2];
  if (::pipe2(down, O_CLOEXEC) != 0) return errno_error("pipe");
  UniqueFd down_read(down[0]), down_write(down[1]);
  if (::pipe2(up, O_CLOEXEC) != 0) return errno_error("pipe");
  return Handshake{std::move(down_read), std::move(down_write), UniqueFd(up[0]), UniqueFd(up[1])};
}

/// What an init tells the preparer. Preparer to init there is one kind, whatever its value.
enum class Word : char { kNeedsIdentity = 'u', kAnswers = 'a' };

bool send_word(int fd, Word word) {
  return ::write(fd, &word, 1) == 1;
}

/// Nothing when the other end is gone.
std::optional<Word> await_word(int fd) {
  Word word{};
  ssize_t count = 0;
  do {
    count = ::read(fd, &word, 1);
  } while (count < 0 && errno == EINTR);
  return count == 1 ? std::optional(word) : std::nullopt;
}

/// The user namespace comes last: the other namespaces belong to the launcher's, so that even a
/// process with every capability inside has none over its own mounts and network.
Result<void> become_inside_user(const Handshake& handshake) {
  if (::unshare(CLONE_NEWUSER) != 0) return errno_error("make a user namespace");
  if (!send_word(handshake.init_writes.get(), Word::kNeedsIdentity) ||
      !await_word(handshake.init_reads.get())) {
    return internal("the user namespace got no identity");
  }
  if (::setresgid(kInsideGid, kInsideGid, kInsideGid) != 0 ||
      ::setresuid(kInsideUid, kInsideUid, kInsideUid) != 0) {
    return errno_error("take the identity inside");
  }
  return {};
}

/// What the launcher is sent, in order: see kKitDescriptors.
Result<std::vector<UniqueFd>> furnish(const fs::path& root, const Handshake& handshake) {
  STATOR_TRY_VOID(raise_loopback());
  STATOR_TRY(auto sockets, make_sockets());
  STATOR_TRY_VOID(enter_root_image(root));
  STATOR_TRY_VOID(become_inside_user(handshake));
  std::vector<UniqueFd> descriptors;
  descriptors.push_back(open_pidfd(::getpid()));
  for (const std::string name : kNamespaceNames) {
    descriptors.emplace_back(::open(("/proc/self/ns/" + name).c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptors.back()) return errno_error("open the " + name + " namespace");
  }
  for (UniqueFd& socket : sockets) descriptors.push_back(std::move(socket));
  return descriptors;
}

/// From outside the pid namespace: nobody in there can be named, so the sender has no number.
bool is_from_outside(const siginfo_t& signal) {
  return signal.si_code == SI_USER && signal.si_pid == 0;
}

[[noreturn]] void serve_as_init() {
  ::prctl(PR_SET_NAME, "init");
  // All blocked, so each stays pending until it is asked for.
  sigset_t awaited;
  ::sigemptyset(&awaited);
  for (const int signal : {SIGCHLD, kFreezeSignal, kThawSignal}) ::sigaddset(&awaited, signal);
  for (;;) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
    siginfo_t info{};
    const int signal = ::sigwaitinfo(&awaited, &info);
    // Everything in the namespace but this process.
    if (signal == kFreezeSignal && is_from_outside(info)) (void)::kill(-1, SIGSTOP);
    if (signal == kThawSignal && is_from_outside(info)) (void)::kill(-1, SIGCONT);
  }
}

/// Process 1 of a new kit. It keeps the user and group of the programs but not dumpable, and with
/// capabilities they lack: neither its memory nor its descriptors can be opened through /proc.
[[noreturn]] void run_init(const fs::path& root, int launcher, KitIdentity identity,
                           const Handshake& handshake) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::signal(SIGCHLD, SIG_DFL);
  const auto furniture = furnish(root, handshake);
  // A change of credentials resets both.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_DUMPABLE, 0);
  // Said before the answer: once answered, the launcher may use this kit up and end it at once.
  if (!send_word(handshake.init_writes.get(), Word::kAnswers)) ::_exit(1);
  if (!furniture) {
    (void)send_packet(launcher, answer_packet(identity, furniture.error().message));
    ::_exit(1);
  }
  std::vector<int> descriptors;
  for (const UniqueFd& descriptor : *furniture) descriptors.push_back(descriptor.get());
  if (!send_packet(launcher, answer_packet(identity, kReady), descriptors)) ::_exit(1);
  close_from(0);
  serve_as_init();
}

/// Maps the two ids of a kit whose init has made its user namespace.
Result<void> map_identity(pid_t init, KitIdentity identity) {
  const fs::path proc = "/proc/" + std::to_string(init);
  const auto line = [](unsigned inside, unsigned outside) {
    return std::to_string(inside) + " " + std::to_string(outside) + " 1\n";
  };
  if (!write_text(proc / "setgroups", "deny") ||
      !write_text(proc / "gid_map", line(kInsideGid, identity.gid)) ||
      !write_text(proc / "uid_map", line(kInsideUid, identity.uid))) {
    return errno_error("write the id maps of a user namespace");
  }
  return {};
}

/// Makes one kit; its init answers the launcher. An error means that nobody has answered.
Result<void> make_kit(const fs::path& root, int launcher, KitIdentity identity) {
  STATOR_TRY(auto handshake, make_handshake());
  CloneArguments arguments;
  arguments.flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET;
  arguments.exit_signal = SIGCHLD;
  const pid_t init = clone_process(arguments);
  if (init < 0) return errno_error("make namespaces");
  if (init == 0) {
    handshake.preparer_writes.reset();
    handshake.preparer_reads.reset();
    run_init(root, launcher, identity, handshake);
  }
  handshake.init_reads.reset();
  handshake.init_writes.reset();
  const auto finish = [&]() -> Result<void> {
    const int from_init = handshake.preparer_reads.get();
    auto word = await_word(from_init);
    if (word == Word::kNeedsIdentity) {
      STATOR_TRY_VOID(map_identity(init, identity));
      (void)send_word(handshake.preparer_writes.get(), Word::kNeedsIdentity);
      word = await_word(from_init);
    }
    if (word != Word::kAnswers) return internal("a new namespace's init ended early");
    return {};
  };
  auto finished = finish();
  if (!finished) (void)::kill(init, SIGKILL);
  return finished;
}

[[noreturn]] void run_preparer(const fs::path& root, int launcher) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, "stator-prepare");
  // Ended inits need no one to wait for them.
  ::signal(SIGCHLD, SIG_IGN);
  (void)::setpriority(PRIO_PROCESS, 0, 5);
  for (;;) {
    const auto order = receive_packet(launcher, sizeof(KitIdentity));
    if (order && order->bytes == kUplinkOrder && order->descriptors.size() == 3) {
      const auto& given = order->descriptors;
      // Where it fails, the closed end of `ready` tells.
      (void)execute_uplink(given[0].get(), given[1].get(), given[2].get());
      continue;
    }
    KitIdentity identity;
    if (!order || order->bytes.size() != sizeof identity) ::_exit(0);
    std::memcpy(&identity, order->bytes.data(), sizeof identity);
    if (const auto made = make_kit(root, launcher, identity); !made) {
      const auto packet = answer_packet(identity, made.error().message);
      if (!send_packet(launcher, packet)) ::_exit(0);
    }
  }
}

}  // namespace

Result<Preparer> Preparer::start(const fs::path& root) {
  STATOR_TRY(auto ends, packet_socket_pair());
  const pid_t pid = ::fork();
  if (pid < 0) return errno_error("fork");
  if (pid == 0) {
    const int socket = ends.second.release();
    if (socket != 3) ::dup3(socket, 3, O_CLOEXEC);
    close_from(4);
    run_preparer(root, 3);
  }
  Preparer preparer;
  preparer.socket_ = std::move(ends.first);
  return preparer;
}

Result<void> Preparer::order(KitIdentity identity) {
  const std::string_view bytes(reinterpret_cast<const char*>(&identity), sizeof identity);
  STATOR_TRY_VOID(send_packet(socket_.get(), bytes));
  ++pending_;
  return {};
}

Result<Uplink> Preparer::start_uplink(const Kit& kit) {
  if (const std::string lacks = uplink_lacks(); !lacks.empty()) {
    return unavailable("no network `internet`: " + lacks);
  }
  int ready[2], exit[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) return errno_error("pipe");
  UniqueFd ready_read(ready[0]), ready_write(ready[1]);
  if (::pipe2(exit, O_CLOEXEC) != 0) return errno_error("pipe");
  UniqueFd exit_read(exit[0]), exit_write(exit[1]);
  const int given[] = {kit.namespaces.network.get(), ready_write.get(), exit_read.get()};
  STATOR_TRY_VOID(send_packet(socket_.get(), kUplinkOrder, given));
  return Uplink(std::move(ready_read), std::move(exit_write));
}

Result<KitAnswer> Preparer::receive() {
  auto packet = receive_packet(socket_.get(), kAnswerBytesMax);
  KitIdentity identity;
  if (!packet || packet->bytes.size() < sizeof identity) {
    return internal("the process that makes namespaces is gone");
  }
  if (pending_ > 0) --pending_;
  std::memcpy(&identity, packet->bytes.data(), sizeof identity);
  const std::string text = packet->bytes.substr(sizeof identity);
  if (text != kReady) return KitAnswer{identity, unavailable(text)};
  auto& received = packet->descriptors;
  if (received.size() != kKitDescriptors) {
    return KitAnswer{identity, unavailable("the sandbox launcher is out of file descriptors")};
  }
  Kit kit;
  kit.init = std::move(received[0]);
  KitNamespaces& spaces = kit.namespaces;
  UniqueFd* const places[] = {&spaces.pid, &spaces.mount, &spaces.network,
                              &spaces.ipc, &spaces.uts,   &spaces.user};
  static_assert(std::size(places) == kNamespaces);
  for (std::size_t i = 0; i < kNamespaces; ++i) *places[i] = std::move(received[1 + i]);
  kit.routes = std::move(received[1 + kNamespaces]);
  for (std::size_t i = 2 + kNamespaces; i < kKitDescriptors; ++i) {
    kit.sockets.push_back(std::move(received[i]));
  }
  return KitAnswer{identity, std::move(kit)};
}

}  // namespace stator::sandbox
