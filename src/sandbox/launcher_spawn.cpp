#include "sandbox/launcher_spawn.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstring>
#include <string>

#include "sandbox/fd_socket.hpp"
#include "sandbox/protocol.hpp"

extern char** environ;

namespace stator::sandbox {
namespace {

constexpr int kHelloTimeoutMs = 15'000;

/// This binary again, as the launcher, with its end of the socket as descriptor 3.
Result<pid_t> execute_launcher(const UniqueFd& socket, Wanted wanted, const std::string& scratch) {
  const char* mode = wanted == Wanted::kProcess ? "process" : "auto";
  const char* arguments[] = {"stator", kLauncherArgument, mode, scratch.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, socket.get(), 3);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, "/proc/self/exe", &actions, nullptr,
                                  const_cast<char**>(arguments), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return pid;
  return unavailable(std::string("cannot start the launcher: ") + std::strerror(error));
}

Hello await_hello(int socket) {
  pollfd ready{socket, POLLIN, 0};
  if (::poll(&ready, 1, kHelloTimeoutMs) != 1) return {{}, "the sandbox launcher does not answer"};
  const auto packet = receive_packet(socket, kMessageBytesMax);
  if (!packet) return {{}, "the sandbox launcher ended at once"};
  auto message = decode(packet->bytes);
  if (!message) return {{}, message.error().message};
  auto* hello = std::get_if<Hello>(&*message);
  return hello != nullptr ? std::move(*hello) : Hello{{}, "the launcher speaks out of turn"};
}

}  // namespace

Result<Launched> spawn_launcher(Wanted wanted, const std::filesystem::path& scratch) {
  STATOR_TRY(auto ends, packet_socket_pair());
  STATOR_TRY(const auto process, execute_launcher(ends.second, wanted, scratch.native()));
  ends.second.reset();
  Hello hello = await_hello(ends.first.get());
  if (hello.error.empty()) {
    return Launched{std::move(ends.first), process, std::move(hello.capabilities)};
  }
  ends.first.reset();
  // One that does not answer would not end by itself either.
  (void)::kill(process, SIGKILL);
  (void)::waitpid(process, nullptr, 0);
  return unavailable(hello.error);
}

}  // namespace stator::sandbox
