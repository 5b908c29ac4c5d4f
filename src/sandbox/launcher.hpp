#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/cgroups.hpp"
#include "sandbox/kit.hpp"
#include "sandbox/launcher_tags.hpp"
#include "sandbox/layer_cache.hpp"
#include "sandbox/plan.hpp"
#include "sandbox/protocol.hpp"
#include "sandbox/uplink.hpp"

/// The launcher process: one thread, one loop, no state but its sandboxes.
namespace stator::sandbox {

/// Sandboxes alive at once; kUnavailable above. Also the number of host uids in use.
inline constexpr std::size_t kSandboxesMax = 4'096;
/// Starts that wait for a kit; kUnavailable above.
inline constexpr std::size_t kStartsWaitingMax = 1'024;
/// Kits kept ready. Each idles on about 300 KiB.
inline constexpr std::size_t kKitsReady = 8;
/// As root, sandbox number n runs as this user and group plus n.
inline constexpr std::uint32_t kFirstUid = 200'000;

struct LauncherOptions {
  int control = -1;  ///< packets to and from the server
  Wanted wanted = Wanted::kAuto;
  std::filesystem::path scratch;
};

/// What is made ahead of a start.
struct Furnished {
  KitIdentity identity;
  std::optional<Kit> kit;  ///< none in kProcess
  SandboxGroup group;
};

/// A program beside the program, as long as it runs.
struct Companion {
  std::uint32_t number = 0;  ///< in the Spec, counted from 1
  pid_t process = -1;
  UniqueFd pidfd;
};

/// A sandbox from the arrival of its kit until everything inside is gone.
struct Running {
  enum class State { kStarting, kRunning, kEnding };

  std::uint64_t id = 0;
  State state = State::kStarting;
  KitIdentity identity;
  std::optional<Kit> kit;  ///< none in kProcess
  SandboxGroup group;
  std::optional<Uplink> uplink;
  std::optional<Start> awaiting;  ///< what to do when the uplink is ready
  pid_t program = -1;
  UniqueFd program_pidfd;
  std::vector<Companion> companions;
  UniqueFd output;
  std::vector<UniqueFd> listeners;
  std::vector<UniqueFd> connectors;
  std::uint64_t memory_bytes_max = 0;
  bool told_started = false;
  bool is_terminating = false;
  bool program_ended = false;
  bool init_ended = false;
  Exit exit;
};

class LauncherProcess {
 public:
  explicit LauncherProcess(LauncherOptions options);

  /// Sets up, tests itself, says Hello and serves until the server is gone.
  int run();

 private:
  Result<void> set_up();
  Result<void> set_up_namespaces();
  Result<void> self_test();
  [[nodiscard]] Capabilities capabilities() const;
  [[nodiscard]] bool has_namespaces() const { return isolation_ != Isolation::kProcess; }

  // The loop.
  void watch(int fd, std::uint64_t tag);
  /// Before a watched pidfd is closed: the server may hold it too, which keeps its events coming.
  void unwatch(int fd);
  /// Waits for events and handles them; at most `timeout_ms`.
  void turn(int timeout_ms);
  [[nodiscard]] int tick_ms() const;
  void on_control();
  void on_preparer();
  void dispatch(std::uint64_t tag);
  void send(const Message& message, std::span<const int> descriptors = {});

  // Starting.
  void on_start(Start start);
  void order_kits();
  /// Orders kits now where few are left, else when starts have paused: making one takes a core from
  /// the program that has just started.
  void refill_kits();
  void serve_waiting();
  Result<Furnished> furnish(KitAnswer answer);
  void launch(Start start, Furnished furnished);
  Result<void> connect(Start start, Running& running);
  void on_uplink(Running& running);
  void run(const Start& start, Running& running);
  void fail(Running& running, Error error);
  Result<UniqueFd> add_names(const Spec& spec, ProgramPlan& plan);
  Result<void> prepare_and_clone(const Start& start, Running& running);
  Result<std::vector<std::uint16_t>> open_ports(const Start& start, Running& running);
  Result<void> clone_companions(const Start& start, Running& running, ProgramPlan& plan);
  Result<void> clone_program(Running& running, ProgramPlan& plan);
  /// A new process of the sandbox; the pidfd says what the tag makes of its end.
  Result<std::pair<pid_t, UniqueFd>> clone_one(Running& running, ProgramPlan& plan, Event event);
  void tell_started(Running& running);
  void tell_failed(std::uint64_t id, Error error);

  // Ending.
  void give_up(Running& running);
  void kill(Running& running);
  void terminate(Running& running);
  void on_companion_end(Running& running);
  void on_program_end(Running& running);
  void on_init_end(Running& running);
  void finish_if_over(Running& running);
  void watch_memory();
  void kill_strays();
  void end_everything();

  [[nodiscard]] std::optional<KitIdentity> take_identity();

  LauncherOptions options_;
  std::string advice_;
  Isolation isolation_ = Isolation::kProcess;
  bool switches_user_ = false;
  std::filesystem::path root_;
  UniqueFd epoll_;
  UniqueFd null_;
  UniqueFd own_pid_namespace_;
  std::vector<sock_filter> filter_;
  std::optional<Cgroups> cgroups_;
  std::optional<Preparer> preparer_;
  std::optional<LayerCache> layers_;
  std::deque<Furnished> kits_;
  std::deque<Start> waiting_;
  std::unordered_map<std::uint64_t, Running> running_;
  std::vector<std::uint32_t> free_slots_;
  StepFailure* failure_ = nullptr;  ///< a shared page, so that a child that is a copy can write it
  bool server_gone_ = false;
  bool is_refill_due_ = false;             ///< kits are missing that nobody waits for yet
  std::optional<Result<void>> self_test_;  ///< its outcome, once known
};

}  // namespace stator::sandbox
