#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "base/file.hpp"
#include "sandbox/fd_socket.hpp"
#include "sandbox/posix.hpp"
#include "sandbox/process_tree.hpp"
#include "sandbox/protocol.hpp"
#include "sandbox/sandbox.hpp"

extern char** environ;

/// The server's end of the launcher.
namespace stator::sandbox {
namespace {

constexpr std::chrono::seconds kStartTimeout{10};
constexpr int kHelloTimeoutMs = 15'000;

/// What start() waits for: the descriptors of a Started, or the error of a Failed.
struct Answer {
  Started started;
  std::vector<UniqueFd> descriptors;
};

/// The socket, the thread that reads it, and who waits for what. Shared by the launcher and its
/// sandboxes, which may outlive it: then every call is answered as if the launcher were gone.
class Connection {
 public:
  Connection(UniqueFd socket, pid_t process) : socket_(std::move(socket)), process_(process) {}

  void start_reading() {
    reader_ = std::thread([this] { read_until_gone(); });
  }

  /// Ends the launcher and with it every sandbox; each is reported before this returns.
  void close() {
    ::shutdown(socket_.get(), SHUT_RDWR);
    if (reader_.joinable()) reader_.join();
    (void)::waitpid(process_, nullptr, 0);
  }

  Result<Answer> start(const Spec& spec, std::uint64_t id, Launcher::OnExit on_exit) {
    STATOR_TRY(const auto packet, encode(Start{id, spec}));
    {
      const std::lock_guard lock(mutex_);
      if (gone_) return unavailable("the sandbox launcher is gone");
      starting_.emplace(id, std::nullopt);
      on_exit_.emplace(id, std::move(on_exit));
    }
    if (auto sent = send(packet); !sent) {
      forget_start(id);
      return std::move(sent).error();
    }
    return await_answer(id);
  }

  void kill(std::uint64_t id) {
    if (const auto packet = encode(Kill{id})) (void)send(*packet);
  }

  /// No exit of this sandbox is reported from now on, except one that is being reported.
  void forget(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    on_exit_.erase(id);
  }

 private:
  Result<void> send(const std::string& packet) {
    const std::lock_guard lock(send_mutex_);
    return send_packet(socket_.get(), packet);
  }

  void forget_start(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    starting_.erase(id);
    on_exit_.erase(id);
  }

  Result<Answer> await_answer(std::uint64_t id) {
    std::unique_lock lock(mutex_);
    const auto answered = [&] { return gone_ || starting_.at(id).has_value(); };
    const bool in_time = answered_.wait_for(lock, kStartTimeout, answered);
    std::optional<Result<Answer>> answer = std::move(starting_.at(id));
    starting_.erase(id);
    if (answer) {
      if (!*answer) on_exit_.erase(id);
      return std::move(*answer);
    }
    on_exit_.erase(id);
    lock.unlock();
    if (!in_time) kill(id);
    return unavailable(in_time ? "the sandbox launcher is gone"
                               : "the sandbox launcher has not answered in time");
  }

  void read_until_gone() {
    for (;;) {
      auto packet = receive_packet(socket_.get(), kMessageBytesMax);
      if (!packet) break;
      auto message = decode(packet->bytes);
      if (!message) break;
      handle(*message, std::move(packet->descriptors));
    }
    end_all();
  }

  void handle(Message& message, std::vector<UniqueFd> descriptors) {
    if (auto* started = std::get_if<Started>(&message)) {
      settle(started->id, Answer{*started, std::move(descriptors)});
    } else if (auto* failed = std::get_if<Failed>(&message)) {
      settle(failed->id, Error{failed->code, std::move(failed->message)});
    } else if (const auto* exited = std::get_if<Exited>(&message)) {
      report(exited->id, exited->exit);
    }
  }

  void settle(std::uint64_t id, Result<Answer> answer) {
    const std::lock_guard lock(mutex_);
    const auto waiting = starting_.find(id);
    // The caller has given up: the launcher has been told to end it.
    if (waiting == starting_.end()) return;
    waiting->second.emplace(std::move(answer));
    answered_.notify_all();
  }

  void report(std::uint64_t id, const Exit& exit) {
    Launcher::OnExit on_exit;
    {
      const std::lock_guard lock(mutex_);
      const auto found = on_exit_.find(id);
      if (found == on_exit_.end()) return;
      on_exit = std::move(found->second);
      on_exit_.erase(found);
    }
    if (on_exit) on_exit(exit);
  }

  /// The launcher's death takes every sandbox with it.
  void end_all() {
    std::unordered_map<std::uint64_t, Launcher::OnExit> ended;
    {
      const std::lock_guard lock(mutex_);
      gone_ = true;
      // A start without an answer learns of it by its own error.
      for (auto it = on_exit_.begin(); it != on_exit_.end();) {
        const auto waiting = starting_.find(it->first);
        if (waiting != starting_.end() && !waiting->second) {
          ++it;
        } else {
          ended.insert(on_exit_.extract(it++));
        }
      }
      answered_.notify_all();
    }
    Exit killed;
    killed.status = SIGKILL;
    for (const auto& [id, on_exit] : ended) {
      if (on_exit) on_exit(killed);
    }
  }

  UniqueFd socket_;
  pid_t process_;
  std::thread reader_;
  std::mutex send_mutex_;
  std::mutex mutex_;
  std::condition_variable answered_;
  bool gone_ = false;
  std::unordered_map<std::uint64_t, std::optional<Result<Answer>>> starting_;
  std::unordered_map<std::uint64_t, Launcher::OnExit> on_exit_;
};

class ClientSandbox final : public Sandbox {
 public:
  ClientSandbox(std::shared_ptr<Connection> connection, std::uint64_t id, Answer answer)
      : connection_(std::move(connection)), id_(id), pid_(answer.started.pid) {
    auto& descriptors = answer.descriptors;
    if (answer.started.has_memory_file) {
      memory_ = std::move(descriptors.back());
      descriptors.pop_back();
    }
    output_ = std::move(descriptors.front());
    descriptors.erase(descriptors.begin());
    listeners_ = std::move(descriptors);
  }
  ~ClientSandbox() override {
    connection_->forget(id_);
    connection_->kill(id_);
  }
  ClientSandbox(const ClientSandbox&) = delete;

  [[nodiscard]] std::uint64_t id() const override { return id_; }
  [[nodiscard]] pid_t pid() const override { return pid_; }
  [[nodiscard]] std::vector<UniqueFd> take_listeners() override {
    const std::lock_guard lock(mutex_);
    return std::exchange(listeners_, {});
  }
  [[nodiscard]] UniqueFd take_output() override {
    const std::lock_guard lock(mutex_);
    return std::move(output_);
  }
  [[nodiscard]] std::uint64_t memory_bytes() const override {
    if (!memory_) return resident_bytes(pid_);
    char text[32];
    const ssize_t count = ::pread(memory_.get(), text, sizeof text, 0);
    std::uint64_t bytes = 0;
    if (count > 0) std::from_chars(text, text + count, bytes);
    return bytes;
  }
  void kill() override { connection_->kill(id_); }

 private:
  std::shared_ptr<Connection> connection_;
  std::uint64_t id_;
  pid_t pid_;
  std::mutex mutex_;
  std::vector<UniqueFd> listeners_;
  UniqueFd output_;
  UniqueFd memory_;
};

class ClientLauncher final : public Launcher {
 public:
  ClientLauncher(std::shared_ptr<Connection> connection, Capabilities capabilities)
      : connection_(std::move(connection)), capabilities_(std::move(capabilities)) {
    connection_->start_reading();
  }
  ~ClientLauncher() override { connection_->close(); }
  ClientLauncher(const ClientLauncher&) = delete;

  [[nodiscard]] Capabilities capabilities() const override { return capabilities_; }

  [[nodiscard]] Result<std::unique_ptr<Sandbox>> start(const Spec& spec, OnExit on_exit) override {
    const std::uint64_t id = next_.fetch_add(1, std::memory_order_relaxed);
    STATOR_TRY(auto answer, connection_->start(spec, id, std::move(on_exit)));
    const std::size_t expected =
        1 + answer.started.listeners + (answer.started.has_memory_file ? 1 : 0);
    if (answer.descriptors.size() != expected) {
      connection_->forget(id);
      connection_->kill(id);
      // The kernel drops descriptors of a message when this process may open no more.
      return unavailable("the server is out of file descriptors");
    }
    return std::unique_ptr<Sandbox>(
        std::make_unique<ClientSandbox>(connection_, id, std::move(answer)));
  }

 private:
  std::shared_ptr<Connection> connection_;
  Capabilities capabilities_;
  std::atomic<std::uint64_t> next_{1};
};

/// This binary again, as the launcher, with its end of the socket as descriptor 3.
pid_t spawn_launcher(const UniqueFd& socket, Wanted wanted, const std::string& scratch) {
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
  if (error != 0)
    throw ConfigError(std::string("cannot start the launcher: ") + std::strerror(error));
  return pid;
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

std::string_view to_string(Isolation isolation) {
  switch (isolation) {
    case Isolation::kRoot:
      return "root";
    case Isolation::kUserNamespace:
      return "user namespace";
    case Isolation::kProcess:
      return "process";
  }
  return "unknown";
}

std::unique_ptr<Launcher> start_launcher(Wanted wanted, const std::filesystem::path& scratch) {
  auto ends = packet_socket_pair();
  if (!ends) throw ConfigError("cannot start the launcher: " + ends.error().message);
  std::error_code error;
  const auto absolute = std::filesystem::absolute(scratch, error);
  std::filesystem::create_directories(absolute, error);
  if (error) throw ConfigError("cannot make " + scratch.native() + ": " + error.message());
  const pid_t pid = spawn_launcher(ends->second, wanted, absolute.native());
  ends->second.reset();
  Hello hello = await_hello(ends->first.get());
  if (!hello.error.empty()) {
    ends->first.reset();
    (void)::waitpid(pid, nullptr, 0);
    throw ConfigError(hello.error);
  }
  auto connection = std::make_shared<Connection>(std::move(ends->first), pid);
  return std::make_unique<ClientLauncher>(std::move(connection), std::move(hello.capabilities));
}

}  // namespace stator::sandbox
