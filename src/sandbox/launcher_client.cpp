#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <mutex>
#include <string>
#include <utility>

#include "base/check.hpp"
#include "sandbox/connection.hpp"
#include "sandbox/kit.hpp"
#include "sandbox/posix.hpp"
#include "sandbox/process_tree.hpp"
#include "sandbox/sandbox.hpp"

/// The launcher and its sandboxes as the server sees them.
namespace stator::sandbox {
namespace {

class ClientSandbox final : public Sandbox {
 public:
  ClientSandbox(std::shared_ptr<Connection> connection, std::uint64_t id, StartAnswer answer)
      : connection_(std::move(connection)), id_(id), pid_(answer.started.pid) {
    auto& descriptors = answer.descriptors;
    const auto take_last = [&descriptors] {
      UniqueFd last = std::move(descriptors.back());
      descriptors.pop_back();
      return last;
    };
    if (answer.started.has_memory_file) memory_ = take_last();
    if (answer.started.has_kit) {
      program_ = take_last();
      init_ = take_last();
    }
    output_ = std::move(descriptors.front());
    descriptors.erase(descriptors.begin());
    for (std::uint32_t i = 0; i < answer.started.connectors; ++i) {
      connectors_.push_back(take_last());
    }
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
  [[nodiscard]] std::vector<UniqueFd> take_connectors() override {
    const std::lock_guard lock(mutex_);
    return std::exchange(connectors_, {});
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
  void terminate() override {
    // What is stopped cannot take leave.
    thaw();
    connection_->terminate(id_);
  }
  void freeze() override;
  void thaw() override;

 private:
  std::shared_ptr<Connection> connection_;
  std::uint64_t id_;
  pid_t pid_;
  std::mutex mutex_;
  std::vector<UniqueFd> listeners_;
  std::vector<UniqueFd> connectors_;
  UniqueFd output_;
  UniqueFd memory_;
  UniqueFd init_;  ///< pidfds; none in kProcess
  UniqueFd program_;
};

void ClientSandbox::freeze() {
  if (init_) return signal_pidfd(init_.get(), kFreezeSignal);
  for (const pid_t pid : process_tree(pid_)) (void)::kill(pid, SIGSTOP);
}

void ClientSandbox::thaw() {
  if (!init_) {
    for (const pid_t pid : process_tree(pid_)) (void)::kill(pid, SIGCONT);
    return;
  }
  // The program itself need not wait for init to wake up and see to the others.
  signal_pidfd(program_.get(), SIGCONT);
  signal_pidfd(init_.get(), kThawSignal);
}

class ClientLauncher final : public Launcher {
 public:
  explicit ClientLauncher(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {
    connection_->start_reading();
  }
  ~ClientLauncher() override { connection_->close(); }
  ClientLauncher(const ClientLauncher&) = delete;

  [[nodiscard]] Capabilities capabilities() const override { return connection_->capabilities(); }

  [[nodiscard]] Result<std::unique_ptr<Sandbox>> start(const Spec& spec, OnExit on_exit) override {
    const std::uint64_t id = next_.fetch_add(1, std::memory_order_relaxed);
    STATOR_TRY(auto answer, connection_->start(spec, id, on_exit));
    const Started& started = answer.started;
    const std::size_t expected = 1 + started.listeners + started.connectors +
                                 (started.has_kit ? 2 : 0) + (started.has_memory_file ? 1 : 0);
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
  std::atomic<std::uint64_t> next_{1};
};

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

std::string_view to_string(Network network) {
  switch (network) {
    case Network::kNone:
      return "none";
    case Network::kInternet:
      return "internet";
    case Network::kHost:
      return "host";
  }
  return "unknown";
}

std::optional<Network> parse_network(std::string_view text) {
  for (const Network network : {Network::kNone, Network::kInternet, Network::kHost}) {
    if (text == to_string(network)) return network;
  }
  return std::nullopt;
}

std::unique_ptr<Launcher> start_launcher(Wanted wanted, const std::filesystem::path& scratch) {
  std::error_code error;
  auto absolute = std::filesystem::absolute(scratch, error);
  std::filesystem::create_directories(absolute, error);
  if (error) throw ConfigError("cannot make " + scratch.native() + ": " + error.message());
  auto launched = spawn_launcher(wanted, absolute);
  if (!launched) throw ConfigError(launched.error().message);
  return std::make_unique<ClientLauncher>(
      std::make_shared<Connection>(std::move(*launched), wanted, std::move(absolute)));
}

}  // namespace stator::sandbox
