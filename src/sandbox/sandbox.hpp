#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// Runs untrusted programs: namespaces, a root of their own, seccomp, limits. Knows nothing of
/// Lambda.
namespace stator::sandbox {

/// How strongly this machine lets a program be confined. Chosen by a self-test at start.
enum class Isolation {
  kRoot,           ///< namespaces, made by a privileged launcher
  kUserNamespace,  ///< the same, inside one user namespace of an ordinary user
  kProcess,  ///< rlimits, no_new_privs and seccomp only; must be asked for (--sandbox process)
};
[[nodiscard]] std::string_view to_string(Isolation isolation);

/// What a program reaches beside its own loopback and the listeners on it.
enum class Network : std::uint8_t {
  kNone,
  /// Public IPv4 addresses and names, but nothing of the host's: no loopback, no private or
  /// link-local range, none of the host's addresses.
  kInternet,
  /// The host's network as the host has it, abstract sockets too. Its ports are free ones.
  kHost,
};
[[nodiscard]] std::string_view to_string(Network network);
/// "none", "internet" or "host"; nothing for other words.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

/// A port on the sandbox's own loopback that the server listens on, e.g. 9001.
struct Port {
  std::uint16_t number = 0;
};

/// A host's directory that is seen read-only inside, at one of kMountPoints.
struct Mount {
  std::filesystem::path directory;
  std::string inside;
};
inline constexpr std::array<std::string_view, 2> kMountPoints = {"/var/lang", "/var/runtime"};

/// What to run and with what. Paths are the host's.
struct Spec {
  std::string name;            ///< for messages and the hostname, e.g. a function's name
  std::filesystem::path code;  ///< becomes /var/task, read-only
  std::vector<std::filesystem::path> layers;  ///< merged into /opt, later ones on top, read-only
  std::vector<Mount> mounts;                  ///< further directories; not there in kProcess
  std::vector<std::string> argv;              ///< argv[0] is a path inside: "/var/task/bootstrap"
  /// Further programs, as argv, started before it in the same sandbox. When one of them ends the
  /// sandbox ends with it, as it does with the program.
  std::vector<std::vector<std::string>> companions;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string working_directory = "/var/task";
  /// Where a control group limits memory, what is written to /tmp counts too.
  std::uint64_t memory_bytes_max = 128u << 20;
  std::uint64_t tmp_bytes_max = 512u << 20;
  /// Its claim on processor time, in thousandths of a processor: a share of what all want, where
  /// more is wanted than there is. 0: one processor's.
  std::uint32_t cpu_millis = 0;
  bool is_cpu_capped = false;  ///< the claim is also the most it gets
  std::uint32_t processes_max = 1024;
  std::uint32_t files_max = 1024;
  std::vector<Port> ports;  ///< listeners wanted on the sandbox's loopback
  Network network = Network::kNone;
  /// Sockets wanted that connect from outside to the sandbox's loopback; with the ports at most
  /// four.
  std::uint32_t connectors = 0;
};

/// In `argv` and environment values of a Spec, "{port:0}" stands for the number under which
/// ports[0] is reachable from inside: the one asked for in a network namespace, any free one with
/// the host's network or in kProcess.

struct Exit {
  int status = 0;  ///< as from wait(2)
  std::uint64_t peak_memory_bytes = 0;
  bool out_of_memory = false;
  /// Whose status it is, which took the rest with it: 0 for the program, else the companion with
  /// this number, counted from 1.
  std::uint32_t companion = 0;
};

/// A running program. Destroying it kills everything inside and forgets it: no report of its end
/// begins afterwards, though one under way on the launcher client's thread may still finish. May
/// outlive its Launcher, whose end is its own. Any thread.
class Sandbox {
 public:
  virtual ~Sandbox() = default;
  [[nodiscard]] virtual std::uint64_t id() const = 0;
  /// The first process, as the host counts.
  [[nodiscard]] virtual pid_t pid() const = 0;
  /// Listening sockets in the order of Spec::ports. Moves them out; the second call gets none.
  [[nodiscard]] virtual std::vector<UniqueFd> take_listeners() = 0;
  /// As many unconnected TCP sockets of its network as Spec::connectors says. Moves them out.
  [[nodiscard]] virtual std::vector<UniqueFd> take_connectors() = 0;
  /// Reading end of its standard output and error together; non-blocking. Moves it out.
  [[nodiscard]] virtual UniqueFd take_output() = 0;
  /// Memory of all its processes now, 0 when that cannot be known: what the control group counts,
  /// or the resident pages of the first process and its descendants.
  [[nodiscard]] virtual std::uint64_t memory_bytes() const = 0;
  /// SIGKILL to everything inside. Exit is reported as usual.
  virtual void kill() = 0;
  /// SIGTERM to the program, whose status is reported. From now on the sandbox ends when it and all
  /// companions have ended, and not with the first of them: whoever asks for this sets the time
  /// after which it kills.
  virtual void terminate() = 0;
  /// Stops everything inside, so that it uses no processor; its connections stay. Takes effect
  /// shortly after the call. Calls of the two must not overlap.
  virtual void freeze() = 0;
  /// Lets everything inside go on. Harmless when it was not stopped.
  virtual void thaw() = 0;
};

struct Capabilities {
  Isolation isolation = Isolation::kProcess;
  bool has_network_namespace = false;
  bool has_memory_cgroup = false;
  std::string
      detail;  ///< one line for the start-up message, and what to enable where something lacks
  bool has_cpu_cgroup = false;  ///< otherwise all share the processors alike and uncapped
  std::string internet_lacks;   ///< why Network::kInternet is refused; empty where it is not
};

/// Makes sandboxes through the launcher process. Any thread.
class Launcher {
 public:
  /// Called once for each sandbox that ends, when everything inside is gone, on the launcher
  /// client's thread; must be short and not throw. May come before start() has returned.
  using OnExit = std::function<void(const Exit&)>;

  virtual ~Launcher() = default;
  [[nodiscard]] virtual Capabilities capabilities() const = 0;
  /// Starts a program; takes about a millisecond, so not on a hot loop. kInvalid when argv[0]
  /// cannot be executed, kUnavailable when the machine is out of processes, memory or the launcher
  /// is gone.
  [[nodiscard]] virtual Result<std::unique_ptr<Sandbox>> start(const Spec& spec,
                                                               OnExit on_exit) = 0;
};

/// Which isolation to insist on.
enum class Wanted { kAuto, kProcess };

/// Re-executes this binary as the launcher (`argv[1] == kLauncherArgument`) and connects to it. The
/// launcher ends when this process does. One that dies is replaced by another: its sandboxes are
/// reported as killed, and starts wait until the new one stands.
/// `scratch` is a directory that it mounts over in a mount namespace of its own; nothing is written
/// to disk. Throws ConfigError, saying what to enable, when namespaces are forbidden and `wanted`
/// is kAuto.
[[nodiscard]] std::unique_ptr<Launcher> start_launcher(Wanted wanted,
                                                       const std::filesystem::path& scratch);

/// The launcher's own main: call it first thing in main() when argv[1] is kLauncherArgument.
inline constexpr const char* kLauncherArgument = "--stator-launcher";
[[nodiscard]] int launcher_main(int argc, char** argv);

}  // namespace stator::sandbox
