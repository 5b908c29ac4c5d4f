#include "sandbox/posix.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/file.hpp"

namespace stator::sandbox {

namespace {

// The sanitizers keep books on stacks, which a second process on one of them would falsify.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define STATOR_SHARES_MEMORY 1
#else
#define STATOR_SHARES_MEMORY 0
#endif

clone_args raw_arguments(const CloneArguments& arguments) {
  clone_args raw{};
  raw.flags = arguments.flags;
  raw.exit_signal = static_cast<std::uint64_t>(arguments.exit_signal);
  raw.pidfd = reinterpret_cast<std::uint64_t>(arguments.pidfd);
  if (arguments.cgroup >= 0) {
    raw.flags |= CLONE_INTO_CGROUP;
    raw.cgroup = static_cast<std::uint64_t>(arguments.cgroup);
  }
  return raw;
}

#if STATOR_SHARES_MEMORY
/// clone3 with a stack of its own for the child, which would otherwise overwrite ours.
long clone3_and_call(clone_args& raw, void (*entry)(void*), void* argument) {
  long result = SYS_clone3;
  register void (*child_entry)(void*) asm("r12") = entry;
  register void* child_argument asm("r13") = argument;
  asm volatile(
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xorl %%ebp, %%ebp\n\t"
      "movq %%r13, %%rdi\n\t"
      "callq *%%r12\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(&raw), "S"(sizeof raw), "r"(child_entry), "r"(child_argument)
      : "rcx", "r11", "memory");
  return result;
}
#endif

}  // namespace

pid_t clone_process(const CloneArguments& arguments) {
  clone_args raw = raw_arguments(arguments);
  return static_cast<pid_t>(::syscall(SYS_clone3, &raw, sizeof raw));
}

pid_t clone_and_wait(const CloneArguments& arguments, void (*entry)(void*), void* argument) {
  clone_args raw = raw_arguments(arguments);
  raw.flags |= CLONE_VFORK;
#if STATOR_SHARES_MEMORY
  constexpr std::size_t kStackBytes = 64u << 10;
  // The caller waits and has one thread, so one stack serves every child.
  alignas(16) static std::byte stack[kStackBytes];
  raw.flags |= CLONE_VM;
  raw.stack = reinterpret_cast<std::uint64_t>(stack);
  raw.stack_size = kStackBytes;
  const long result = clone3_and_call(raw, entry, argument);
  if (result >= 0) return static_cast<pid_t>(result);
  errno = static_cast<int>(-result);
  return -1;
#else
  const auto pid = static_cast<pid_t>(::syscall(SYS_clone3, &raw, sizeof raw));
  if (pid == 0) entry(argument);
  return pid;
#endif
}

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

pid_t pid_of(int pidfd) {
  const auto text = read_small_file("/proc/self/fdinfo/" + std::to_string(pidfd));
  if (!text) return -1;
  constexpr std::string_view kKey = "\nPid:\t";
  const auto place = text->find(kKey);
  return place == text->npos ? -1 : std::atoi(text->c_str() + place + kKey.size());
}

void signal_pidfd(int pidfd, int signal) {
  (void)::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

bool write_text(const std::filesystem::path& path, std::string_view text) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return false;
  return ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

Result<std::string> read_small_file(const std::filesystem::path& path) {
  constexpr std::size_t kBytesMax = 1u << 20;
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return errno_error("open " + path.native());
  std::string text;
  char buffer[4096];
  while (text.size() < kBytesMax) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno_error("read " + path.native());
    if (count == 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

void close_from(int first) {
  (void)::syscall(SYS_close_range, first, ~0u, 0);
}

}  // namespace stator::sandbox
