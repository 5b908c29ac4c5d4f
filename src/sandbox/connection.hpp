#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/launcher_spawn.hpp"
#include "sandbox/protocol.hpp"
#include "sandbox/sandbox.hpp"

/// The server's end of the launcher.
namespace stator::sandbox {

/// What a start is answered by: the descriptors of a Started.
struct StartAnswer {
  Started started;
  std::vector<UniqueFd> descriptors;
};

/// The socket, the thread that reads it, and who waits for what. Shared by the launcher's handle
/// and its sandboxes, which may outlive it: then every call is answered as if the launcher were
/// gone. Any thread.
///
/// When the launcher dies, every sandbox it had is reported as killed, and the reading thread
/// starts another launcher, after a pause that grows while launchers die young. Starts that were
/// under way or come meanwhile wait for it; one that loses two launchers fails.
class Connection {
 public:
  Connection(Launched launched, Wanted wanted, std::filesystem::path scratch);
  Connection(const Connection&) = delete;

  void start_reading();
  /// Ends the launcher and with it every sandbox; each is reported before this returns.
  void close();

  /// Of the launcher that runs, or of the last one.
  [[nodiscard]] Capabilities capabilities();
  /// An id is used once, whatever launcher it goes to.
  [[nodiscard]] Result<StartAnswer> start(const Spec& spec, std::uint64_t id,
                                          const Launcher::OnExit& on_exit);
  void kill(std::uint64_t id);
  void terminate(std::uint64_t id);
  /// No exit of this sandbox is reported from now on, except one that is being reported.
  void forget(std::uint64_t id);

 private:
  using Clock = std::chrono::steady_clock;

  /// A packet is for the launcher whose number it carries, or for whichever runs.
  Result<void> send(const std::string& packet, std::optional<std::uint64_t> launcher = {});
  /// Nothing when the launcher died before it answered.
  std::optional<Result<StartAnswer>> try_start(const std::string& packet, std::uint64_t id,
                                               const Launcher::OnExit& on_exit);
  void forget_start(std::uint64_t id);
  std::optional<Result<StartAnswer>> await_answer(std::uint64_t id);

  // The reading thread.
  void serve();
  void read_until_gone();
  void handle(Message& message, std::vector<UniqueFd> descriptors);
  void settle(std::uint64_t id, Result<StartAnswer> answer);
  void report(std::uint64_t id, const Exit& exit);
  void end_all();
  bool restart();
  bool pause(std::chrono::milliseconds time);

  const Wanted wanted_;
  const std::filesystem::path scratch_;
  std::thread reader_;

  std::mutex send_mutex_;  ///< guards the socket against being replaced, and sends against mixing
  UniqueFd socket_;

  std::mutex mutex_;  ///< guards what follows; may be taken under the other one
  std::condition_variable changed_;
  pid_t process_;
  Clock::time_point began_;
  Capabilities capabilities_;
  std::uint64_t launcher_ = 0;  ///< counts them
  bool gone_ = false;
  bool closing_ = false;
  struct Waiting {
    std::optional<Result<StartAnswer>> answer;
    bool is_lost = false;  ///< its launcher has died
  };
  std::unordered_map<std::uint64_t, Waiting> starting_;
  std::unordered_map<std::uint64_t, Launcher::OnExit> on_exit_;
};

}  // namespace stator::sandbox
