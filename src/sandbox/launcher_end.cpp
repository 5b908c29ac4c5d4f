#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sandbox/launcher.hpp"
#include "sandbox/launcher_tags.hpp"
#include "sandbox/posix.hpp"
#include "sandbox/process_tree.hpp"

/// The launcher's way from the end of a program, or the wish for it, to an Exited.
namespace stator::sandbox {
namespace {

/// Rounds of looking for orphans; each kills what the round before let loose.
constexpr int kStrayRoundsMax = 16;

void kill_tree(pid_t root) {
  for (const pid_t pid : process_tree(root)) (void)::kill(pid, SIGKILL);
}

}  // namespace

/// The server wants it ended: one that waits for its network has not been answered yet.
void LauncherProcess::give_up(Running& running) {
  if (running.awaiting) {
    return fail(running, unavailable("the sandbox was given up before it started"));
  }
  kill(running);
}

void LauncherProcess::kill(Running& running) {
  running.state = Running::State::kEnding;
  if (running.kit) return signal_pidfd(running.kit->init.get(), SIGKILL);
  if (!running.program_ended) kill_tree(running.program);
  for (const Companion& one : running.companions) kill_tree(one.process);
}

void LauncherProcess::terminate(Running& running) {
  if (running.state != Running::State::kRunning) return;
  running.is_terminating = true;
  if (!running.program_ended) (void)::kill(running.program, SIGTERM);
}

/// Readiness does not say which: every one is asked.
void LauncherProcess::on_companion_end(Running& running) {
  for (auto at = running.companions.begin(); at != running.companions.end();) {
    int status = 0;
    if (::waitpid(at->process, &status, WNOHANG) != at->process) {
      ++at;
      continue;
    }
    const bool is_first = running.state == Running::State::kRunning && !running.is_terminating;
    if (is_first) {
      running.exit.companion = at->number;
      running.exit.status = status;
      kill(running);
    }
    at = running.companions.erase(at);
  }
  if (running.is_terminating && running.program_ended && running.companions.empty()) kill(running);
  finish_if_over(running);
}

void LauncherProcess::on_program_end(Running& running) {
  if (running.program_ended) return;
  rusage usage{};
  int status = 0;
  if (::wait4(running.program, &status, 0, &usage) != running.program) return;
  running.program_ended = true;
  unwatch(running.program_pidfd.get());
  running.program_pidfd.reset();
  if (running.exit.companion == 0) running.exit.status = status;
  running.exit.peak_memory_bytes =
      std::max(running.exit.peak_memory_bytes, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024);
  // What the program leaves behind ends with it, but for companions that were given time.
  if (!running.is_terminating || running.companions.empty()) kill(running);
  finish_if_over(running);
}

void LauncherProcess::on_init_end(Running& running) {
  if (running.init_ended || !running.kit) return;
  running.init_ended = true;
  unwatch(running.kit->init.get());
  running.kit.reset();
  finish_if_over(running);
}

/// Everything is gone when both have ended: an init ends after all else in its namespace.
void LauncherProcess::finish_if_over(Running& running) {
  if (!running.program_ended || !running.init_ended || !running.companions.empty()) return;
  if (running.awaiting) {
    tell_failed(running.id, unavailable("the sandbox ended before its program started"));
    running.awaiting.reset();
  }
  if (const auto peak = running.group.peak_memory_bytes()) running.exit.peak_memory_bytes = *peak;
  running.exit.out_of_memory = running.exit.out_of_memory || running.group.out_of_memory();
  cgroups_->remove(std::move(running.group));
  free_slots_.push_back(running.identity.slot);
  const Exited exited{running.id, running.exit};
  const bool told_started = running.told_started;
  running_.erase(running.id);
  if (exited.id == kSelfTestId) {
    const bool passed = WIFEXITED(exited.exit.status) && WEXITSTATUS(exited.exit.status) == 0;
    if (!self_test_ && passed) self_test_ = Result<void>();
    if (!self_test_) self_test_ = Result<void>(internal("the test program was killed"));
  } else if (told_started) {
    send(exited);
  }
  // Its number may be what a waiting start lacks.
  if (!waiting_.empty()) order_kits();
}

void LauncherProcess::watch_memory() {
  for (auto& [id, running] : running_) {
    if (running.state != Running::State::kRunning) continue;
    std::uint64_t bytes = resident_bytes(running.program);
    for (const Companion& one : running.companions) bytes += resident_bytes(one.process);
    // Orphans hang under the init, the program itself does not.
    if (running.kit) bytes += resident_bytes(pid_of(running.kit->init.get()));
    running.exit.peak_memory_bytes = std::max(running.exit.peak_memory_bytes, bytes);
    if (bytes <= running.memory_bytes_max) continue;
    running.exit.out_of_memory = true;
    kill(running);
  }
}

void LauncherProcess::kill_strays() {
  for (int round = 0; round < kStrayRoundsMax; ++round) {
    bool found = false;
    for (const pid_t child : children_of(::getpid())) {
      const bool known = std::any_of(running_.begin(), running_.end(), [child](const auto& entry) {
        const Running& running = entry.second;
        return (running.program == child && !running.program_ended) ||
               std::any_of(running.companions.begin(), running.companions.end(),
                           [child](const Companion& one) { return one.process == child; });
      });
      if (known) continue;
      found = true;
      kill_tree(child);
      (void)::waitpid(child, nullptr, 0);
    }
    if (!found) return;
  }
}

}  // namespace stator::sandbox
