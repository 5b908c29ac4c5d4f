#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// System calls that the C library does not wrap, and small files of /proc and /sys.
namespace stator::sandbox {

struct CloneArguments {
  std::uint64_t flags = 0;
  int cgroup = -1;       ///< with CLONE_INTO_CGROUP
  int* pidfd = nullptr;  ///< with CLONE_PIDFD
  int exit_signal = 0;
};
/// fork() with flags: 0 in the child, -1 and errno on failure. The caller has one thread, so the
/// child may use the C library.
[[nodiscard]] pid_t clone_process(const CloneArguments& arguments);

/// Calls `entry(argument)`, which must not return, in a new process, and waits until that has
/// executed a program or ended. Memory is shared meanwhile where this is supported (copying an
/// address space costs more than all else here), so `entry` makes system calls, writes nothing but
/// what it means to share, and takes nothing from the heap. -1 and errno on failure. The caller
/// has one thread.
[[nodiscard]] pid_t clone_and_wait(const CloneArguments& arguments, void (*entry)(void*),
                                   void* argument);

[[nodiscard]] UniqueFd open_pidfd(pid_t pid);
/// The process behind a pidfd, -1 when it is gone.
[[nodiscard]] pid_t pid_of(int pidfd);
/// Sends a signal through a pidfd; nothing happens when the process is gone.
void signal_pidfd(int pidfd, int signal);

/// Writes the whole text in one write to an existing file. False and errno on failure.
[[nodiscard]] bool write_text(const std::filesystem::path& path, std::string_view text);

/// A file whose size stat() does not tell, at most 1 MiB of it.
[[nodiscard]] Result<std::string> read_small_file(const std::filesystem::path& path);

/// Closes every descriptor from `first` on.
void close_from(int first);

}  // namespace stator::sandbox
