#include "sandbox/connection.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "sandbox/fd_socket.hpp"

namespace stator::sandbox {
namespace {

/// How long a start waits for its answer, and before it for a launcher.
constexpr std::chrono::seconds kStartTimeout{10};
/// A launcher that has lived this long is replaced at once when it dies; others after a pause,
/// which doubles with each that dies young.
constexpr std::chrono::seconds kProvenAfter{10};
constexpr std::chrono::milliseconds kPauseMin{100};
constexpr std::chrono::milliseconds kPauseMax{10'000};

Error launcher_gone() {
  return unavailable("the sandbox launcher is gone");
}

}  // namespace

Connection::Connection(Launched launched, Wanted wanted, std::filesystem::path scratch)
    : wanted_(wanted),
      scratch_(std::move(scratch)),
      socket_(std::move(launched.socket)),
      process_(launched.process),
      began_(Clock::now()),
      capabilities_(std::move(launched.capabilities)) {}

void Connection::start_reading() {
  reader_ = std::thread([this] { serve(); });
}

void Connection::close() {
  {
    const std::lock_guard send_lock(send_mutex_);
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
    if (socket_) ::shutdown(socket_.get(), SHUT_RDWR);
  }
  if (reader_.joinable()) reader_.join();
}

Capabilities Connection::capabilities() {
  const std::lock_guard lock(mutex_);
  return capabilities_;
}

Result<StartAnswer> Connection::start(const Spec& spec, std::uint64_t id,
                                      const Launcher::OnExit& on_exit) {
  constexpr int kLaunchersMax = 2;
  STATOR_TRY(const auto packet, encode(Start{id, spec}));
  for (int i = 0; i < kLaunchersMax; ++i) {
    if (auto answer = try_start(packet, id, on_exit)) return std::move(*answer);
  }
  return launcher_gone();
}

std::optional<Result<StartAnswer>> Connection::try_start(const std::string& packet,
                                                         std::uint64_t id,
                                                         const Launcher::OnExit& on_exit) {
  std::uint64_t launcher = 0;
  {
    std::unique_lock lock(mutex_);
    (void)changed_.wait_for(lock, kStartTimeout, [this] { return !gone_ || closing_; });
    if (gone_ || closing_) return launcher_gone();
    launcher = launcher_;
    starting_.emplace(id, Waiting{});
    on_exit_.emplace(id, on_exit);
  }
  if (send(packet, launcher)) return await_answer(id);
  forget_start(id);
  return std::nullopt;
}

void Connection::kill(std::uint64_t id) {
  if (const auto packet = encode(Kill{id})) (void)send(*packet);
}

void Connection::terminate(std::uint64_t id) {
  if (const auto packet = encode(Terminate{id})) (void)send(*packet);
}

void Connection::forget(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  on_exit_.erase(id);
}

Result<void> Connection::send(const std::string& packet, std::optional<std::uint64_t> launcher) {
  const std::lock_guard send_lock(send_mutex_);
  if (launcher) {
    const std::lock_guard lock(mutex_);
    if (*launcher != launcher_) return launcher_gone();
  }
  if (!socket_) return launcher_gone();
  return send_packet(socket_.get(), packet);
}

void Connection::forget_start(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  starting_.erase(id);
  on_exit_.erase(id);
}

std::optional<Result<StartAnswer>> Connection::await_answer(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  const auto is_settled = [&] {
    const Waiting& waiting = starting_.at(id);
    return waiting.answer.has_value() || waiting.is_lost;
  };
  const bool in_time = changed_.wait_for(lock, kStartTimeout, is_settled);
  std::optional<Result<StartAnswer>> answer = std::move(starting_.at(id).answer);
  starting_.erase(id);
  if (!answer || !*answer) on_exit_.erase(id);
  if (in_time) return answer;
  lock.unlock();
  kill(id);
  return unavailable("the sandbox launcher has not answered in time");
}

void Connection::serve() {
  do {
    read_until_gone();
    end_all();
  } while (restart());
}

void Connection::read_until_gone() {
  for (;;) {
    auto packet = receive_packet(socket_.get(), kMessageBytesMax);
    if (!packet) return;
    auto message = decode(packet->bytes);
    if (!message) return;
    handle(*message, std::move(packet->descriptors));
  }
}

void Connection::handle(Message& message, std::vector<UniqueFd> descriptors) {
  if (auto* started = std::get_if<Started>(&message)) {
    settle(started->id, StartAnswer{*started, std::move(descriptors)});
  } else if (auto* failed = std::get_if<Failed>(&message)) {
    settle(failed->id, Error{failed->code, std::move(failed->message)});
  } else if (const auto* exited = std::get_if<Exited>(&message)) {
    report(exited->id, exited->exit);
  }
}

void Connection::settle(std::uint64_t id, Result<StartAnswer> answer) {
  const std::lock_guard lock(mutex_);
  const auto waiting = starting_.find(id);
  // The caller has given up: the launcher has been told to end it.
  if (waiting == starting_.end()) return;
  waiting->second.answer.emplace(std::move(answer));
  changed_.notify_all();
}

void Connection::report(std::uint64_t id, const Exit& exit) {
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
void Connection::end_all() {
  pid_t process = -1;
  bool is_expected = false;
  {
    const std::lock_guard send_lock(send_mutex_);
    socket_.reset();
    const std::lock_guard lock(mutex_);
    gone_ = true;
    process = process_;
    is_expected = closing_;
  }
  // One that has spoken nonsense is ended; one whose server has closed ends in its own time, which
  // it bounds.
  if (!is_expected) (void)::kill(process, SIGKILL);
  (void)::waitpid(process, nullptr, 0);
  std::unordered_map<std::uint64_t, Launcher::OnExit> ended;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = on_exit_.begin(); it != on_exit_.end();) {
      const auto waiting = starting_.find(it->first);
      // A start without an answer goes to the next launcher.
      if (waiting != starting_.end() && !waiting->second.answer) {
        waiting->second.is_lost = true;
        ++it;
      } else {
        ended.insert(on_exit_.extract(it++));
      }
    }
    changed_.notify_all();
  }
  Exit killed;
  killed.status = SIGKILL;
  for (const auto& [id, on_exit] : ended) {
    if (on_exit) on_exit(killed);
  }
}

/// Puts another launcher in the place of the one that is gone; false when none is wanted any more.
bool Connection::restart() {
  auto wait = kPauseMin;
  if (Clock::now() - began_ < kProvenAfter && launcher_ > 0 && !pause(wait)) return false;
  for (;; wait = std::min(wait * 2, kPauseMax)) {
    if (!pause(std::chrono::milliseconds(0))) return false;
    auto launched = spawn_launcher(wanted_, scratch_);
    if (launched) {
      const std::lock_guard send_lock(send_mutex_);
      const std::lock_guard lock(mutex_);
      socket_ = std::move(launched->socket);
      process_ = launched->process;
      capabilities_ = std::move(launched->capabilities);
      began_ = Clock::now();
      ++launcher_;
      gone_ = false;
      changed_.notify_all();
      std::fprintf(stderr, "stator: the sandbox launcher was killed; another one is in place\n");
      // close() has found no socket to shut down.
      if (closing_) ::shutdown(socket_.get(), SHUT_RDWR);
      return true;
    }
    std::fprintf(stderr, "stator: the sandbox launcher was killed and cannot be replaced: %s\n",
                 launched.error().message.c_str());
    if (!pause(wait)) return false;
  }
}

/// False when the connection is being closed.
bool Connection::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return closing_; });
}

}  // namespace stator::sandbox
