#include "sandbox/seccomp_filter.hpp"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "base/check.hpp"

namespace stator::sandbox {
namespace {

/// Allowed whatever the arguments (ioctl too: no terminal or device ever gets in). Names that this
/// libseccomp or this architecture lacks are skipped. Sorted.
constexpr const char* kAllowed[] = {"_newselect",
                                    "accept",
                                    "accept4",
                                    "access",
                                    "alarm",
                                    "arch_prctl",
                                    "bind",
                                    "brk",
                                    "cachestat",
                                    "capget",
                                    "capset",
                                    "chdir",
                                    "chmod",
                                    "chown",
                                    "clock_getres",
                                    "clock_gettime",
                                    "clock_nanosleep",
                                    "close",
                                    "close_range",
                                    "connect",
                                    "copy_file_range",
                                    "creat",
                                    "dup",
                                    "dup2",
                                    "dup3",
                                    "epoll_create",
                                    "epoll_create1",
                                    "epoll_ctl",
                                    "epoll_ctl_old",
                                    "epoll_pwait",
                                    "epoll_pwait2",
                                    "epoll_wait",
                                    "epoll_wait_old",
                                    "eventfd",
                                    "eventfd2",
                                    "execve",
                                    "execveat",
                                    "exit",
                                    "exit_group",
                                    "faccessat",
                                    "faccessat2",
                                    "fadvise64",
                                    "fallocate",
                                    "fchdir",
                                    "fchmod",
                                    "fchmodat",
                                    "fchmodat2",
                                    "fchown",
                                    "fchownat",
                                    "fcntl",
                                    "fdatasync",
                                    "fgetxattr",
                                    "flistxattr",
                                    "flock",
                                    "fork",
                                    "fremovexattr",
                                    "fsetxattr",
                                    "fstat",
                                    "fstatfs",
                                    "fsync",
                                    "ftruncate",
                                    "futex",
                                    "futex_requeue",
                                    "futex_wait",
                                    "futex_waitv",
                                    "futex_wake",
                                    "futimesat",
                                    "get_mempolicy",
                                    "get_robust_list",
                                    "get_thread_area",
                                    "getcpu",
                                    "getcwd",
                                    "getdents",
                                    "getdents64",
                                    "getegid",
                                    "geteuid",
                                    "getgid",
                                    "getgroups",
                                    "getitimer",
                                    "getpeername",
                                    "getpgid",
                                    "getpgrp",
                                    "getpid",
                                    "getppid",
                                    "getpriority",
                                    "getrandom",
                                    "getresgid",
                                    "getresuid",
                                    "getrlimit",
                                    "getrusage",
                                    "getsid",
                                    "getsockname",
                                    "getsockopt",
                                    "gettid",
                                    "gettimeofday",
                                    "getuid",
                                    "getxattr",
                                    "inotify_add_watch",
                                    "inotify_init",
                                    "inotify_init1",
                                    "inotify_rm_watch",
                                    "io_cancel",
                                    "io_destroy",
                                    "io_getevents",
                                    "io_pgetevents",
                                    "io_setup",
                                    "io_submit",
                                    "ioctl",
                                    "ioprio_get",
                                    "ioprio_set",
                                    "kill",
                                    "landlock_add_rule",
                                    "landlock_create_ruleset",
                                    "landlock_restrict_self",
                                    "lchown",
                                    "lgetxattr",
                                    "link",
                                    "linkat",
                                    "listen",
                                    "listxattr",
                                    "llistxattr",
                                    "lremovexattr",
                                    "lseek",
                                    "lsetxattr",
                                    "lstat",
                                    "madvise",
                                    "map_shadow_stack",
                                    "membarrier",
                                    "memfd_create",
                                    "mincore",
                                    "mkdir",
                                    "mkdirat",
                                    "mknod",
                                    "mknodat",
                                    "mlock",
                                    "mlock2",
                                    "mlockall",
                                    "mmap",
                                    "mprotect",
                                    "mq_getsetattr",
                                    "mq_notify",
                                    "mq_open",
                                    "mq_timedreceive",
                                    "mq_timedsend",
                                    "mq_unlink",
                                    "mremap",
                                    "msgctl",
                                    "msgget",
                                    "msgrcv",
                                    "msgsnd",
                                    "msync",
                                    "munlock",
                                    "munlockall",
                                    "munmap",
                                    "nanosleep",
                                    "newfstatat",
                                    "open",
                                    "openat",
                                    "openat2",
                                    "pause",
                                    "pidfd_open",
                                    "pidfd_send_signal",
                                    "pipe",
                                    "pipe2",
                                    "pkey_alloc",
                                    "pkey_free",
                                    "pkey_mprotect",
                                    "poll",
                                    "ppoll",
                                    "prctl",
                                    "pread64",
                                    "preadv",
                                    "preadv2",
                                    "prlimit64",
                                    "pselect6",
                                    "pwrite64",
                                    "pwritev",
                                    "pwritev2",
                                    "read",
                                    "readahead",
                                    "readlink",
                                    "readlinkat",
                                    "readv",
                                    "recvfrom",
                                    "recvmmsg",
                                    "recvmsg",
                                    "remap_file_pages",
                                    "removexattr",
                                    "rename",
                                    "renameat",
                                    "renameat2",
                                    "restart_syscall",
                                    "rmdir",
                                    "rseq",
                                    "rt_sigaction",
                                    "rt_sigpending",
                                    "rt_sigprocmask",
                                    "rt_sigqueueinfo",
                                    "rt_sigreturn",
                                    "rt_sigsuspend",
                                    "rt_sigtimedwait",
                                    "rt_tgsigqueueinfo",
                                    "sched_get_priority_max",
                                    "sched_get_priority_min",
                                    "sched_getaffinity",
                                    "sched_getattr",
                                    "sched_getparam",
                                    "sched_getscheduler",
                                    "sched_rr_get_interval",
                                    "sched_setaffinity",
                                    "sched_setattr",
                                    "sched_setparam",
                                    "sched_setscheduler",
                                    "sched_yield",
                                    "seccomp",
                                    "select",
                                    "semctl",
                                    "semget",
                                    "semop",
                                    "semtimedop",
                                    "sendfile",
                                    "sendmmsg",
                                    "sendmsg",
                                    "sendto",
                                    "set_robust_list",
                                    "set_thread_area",
                                    "set_tid_address",
                                    "setfsgid",
                                    "setfsuid",
                                    "setgid",
                                    "setgroups",
                                    "setitimer",
                                    "setpgid",
                                    "setpriority",
                                    "setregid",
                                    "setresgid",
                                    "setresuid",
                                    "setreuid",
                                    "setrlimit",
                                    "setsid",
                                    "setsockopt",
                                    "setuid",
                                    "setxattr",
                                    "shmat",
                                    "shmctl",
                                    "shmdt",
                                    "shmget",
                                    "shutdown",
                                    "sigaltstack",
                                    "signalfd",
                                    "signalfd4",
                                    "splice",
                                    "stat",
                                    "statfs",
                                    "statx",
                                    "symlink",
                                    "symlinkat",
                                    "sync",
                                    "sync_file_range",
                                    "syncfs",
                                    "sysinfo",
                                    "tee",
                                    "tgkill",
                                    "time",
                                    "timer_create",
                                    "timer_delete",
                                    "timer_getoverrun",
                                    "timer_gettime",
                                    "timer_settime",
                                    "timerfd_create",
                                    "timerfd_gettime",
                                    "timerfd_settime",
                                    "times",
                                    "tkill",
                                    "truncate",
                                    "umask",
                                    "uname",
                                    "unlink",
                                    "unlinkat",
                                    "utime",
                                    "utimensat",
                                    "utimes",
                                    "vfork",
                                    "vmsplice",
                                    "wait4",
                                    "waitid",
                                    "write",
                                    "writev"};

/// Refused with EPERM, the answer that programs expect from a call that needs privilege. Whatever
/// stands in neither list answers ENOSYS, clone3, io_uring and userfaultfd among them.
constexpr const char* kDenied[] = {"acct",
                                   "add_key",
                                   "adjtimex",
                                   "bpf",
                                   "chroot",
                                   "clock_adjtime",
                                   "clock_settime",
                                   "delete_module",
                                   "fanotify_init",
                                   "fanotify_mark",
                                   "finit_module",
                                   "fsconfig",
                                   "fsmount",
                                   "fsopen",
                                   "fspick",
                                   "init_module",
                                   "ioperm",
                                   "iopl",
                                   "kcmp",
                                   "kexec_file_load",
                                   "kexec_load",
                                   "keyctl",
                                   "lookup_dcookie",
                                   "mbind",
                                   "migrate_pages",
                                   "modify_ldt",
                                   "mount",
                                   "mount_setattr",
                                   "move_mount",
                                   "move_pages",
                                   "name_to_handle_at",
                                   "nfsservctl",
                                   "open_by_handle_at",
                                   "open_tree",
                                   "perf_event_open",
                                   "pidfd_getfd",
                                   "pivot_root",
                                   "process_madvise",
                                   "process_mrelease",
                                   "process_vm_readv",
                                   "process_vm_writev",
                                   "ptrace",
                                   "quotactl",
                                   "quotactl_fd",
                                   "reboot",
                                   "request_key",
                                   "set_mempolicy",
                                   "setdomainname",
                                   "sethostname",
                                   "setns",
                                   "settimeofday",
                                   "stime",
                                   "swapoff",
                                   "swapon",
                                   "syslog",
                                   "umount",
                                   "umount2",
                                   "unshare",
                                   "uselib",
                                   "vhangup",
                                   "vm86",
                                   "vm86old"};

constexpr std::uint32_t kNewNamespaceFlags = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                             CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                                             CLONE_NEWNET;
constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t refuse(int error) {
  return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(error) & SECCOMP_RET_DATA);
}

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the system call filter knows x86-64 and aarch64"
#endif

using Program = std::vector<sock_filter>;

/// What becomes of one system call: a verdict, or a few instructions that look at its arguments
/// and end in verdicts.
struct Rule {
  std::uint32_t verdict = refuse(ENOSYS);
  const Program* check = nullptr;
  bool operator==(const Rule&) const = default;
};

sock_filter verdict(std::uint32_t value) {
  return BPF_STMT(BPF_RET | BPF_K, value);
}
sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
/// The low half of an argument. The arguments looked at here are ints to the kernel, which does
/// not see the other half either.
sock_filter load_argument(int index) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  return load(offsetof(seccomp_data, args) + static_cast<std::size_t>(index) * 8);
}
/// Goes on at `yes` or `no` instructions further.
sock_filter jump(int test, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
  return BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), value, yes, no);
}
/// Two instructions: this verdict if the accumulator is `value`, else the next.
void append_case(Program& out, std::uint32_t value, std::uint32_t result) {
  out.push_back(jump(BPF_JEQ, value, 0, 1));
  out.push_back(verdict(result));
}

/// A program may make processes and threads, but none in new namespaces. clone3 hides its flags
/// behind a pointer, so it is absent (ENOSYS) and libraries fall back to clone.
Program clone_check() {
  return {load_argument(0), jump(BPF_JSET, kNewNamespaceFlags, 0, 1), verdict(refuse(EPERM)),
          verdict(kAllow)};
}

/// Anything on AF_UNIX, stream and datagram sockets of the internet families, and the routing
/// netlink that getifaddrs() reads. Raw sockets are refused; packet, vsock, alg, bluetooth and the
/// rest do not exist.
Program socket_check() {
  Program out{load_argument(0)};
  append_case(out, AF_UNIX, kAllow);
  out.push_back(jump(BPF_JEQ, AF_INET, 1, 0));
  out.push_back(jump(BPF_JEQ, AF_INET6, 0, 7));
  out.push_back(load_argument(1));
  // The kernel keeps flags such as SOCK_CLOEXEC above the type.
  out.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf));
  append_case(out, SOCK_STREAM, kAllow);
  append_case(out, SOCK_DGRAM, kAllow);
  out.push_back(verdict(refuse(EPERM)));
  out.push_back(jump(BPF_JEQ, AF_NETLINK, 0, 4));
  out.push_back(load_argument(2));
  constexpr std::uint32_t kNetlinkRoute = 0;
  append_case(out, kNetlinkRoute, kAllow);
  out.push_back(verdict(refuse(EPERM)));
  out.push_back(verdict(refuse(EAFNOSUPPORT)));
  return out;
}

Program socketpair_check() {
  Program out{load_argument(0)};
  append_case(out, AF_UNIX, kAllow);
  out.push_back(verdict(refuse(EAFNOSUPPORT)));
  return out;
}

/// Reading the execution domain, and Linux with or without its UNAME26 flag.
Program personality_check() {
  Program out{load_argument(0)};
  for (const std::uint32_t persona : {0x0u, 0x8u, 0x20000u, 0x20008u, 0xffffffffu}) {
    append_case(out, persona, kAllow);
  }
  out.push_back(verdict(refuse(EPERM)));
  return out;
}

/// Rules by system call number. Numbers beyond the end have none.
class RuleTable {
 public:
  /// A name this architecture or this libseccomp does not know is skipped.
  void set(const char* name, Rule rule) {
    const int number = ::seccomp_syscall_resolve_name(name);
    if (number < 0) return;
    const auto index = static_cast<std::size_t>(number);
    if (index >= rules_.size()) rules_.resize(index + 1);
    rules_[index] = rule;
  }

  /// A binary search over runs of equal rules. The kernel walks the program for every call number
  /// when it is installed, which is part of each start, so its depth matters more than its length.
  [[nodiscard]] Program compile() const {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (runs.empty() || !(runs.back().rule == rules_[i])) {
        runs.push_back({static_cast<std::uint32_t>(i), rules_[i]});
      }
    }
    runs.push_back({static_cast<std::uint32_t>(rules_.size()), Rule{}});
    Program out{load(offsetof(seccomp_data, arch)), jump(BPF_JEQ, kArchitecture, 1, 0),
                verdict(SECCOMP_RET_KILL_PROCESS), load(offsetof(seccomp_data, nr))};
    append_search(runs, 0, runs.size(), out);
    STATOR_CHECK(out.size() <= BPF_MAXINSNS);
    return out;
  }

 private:
  struct Run {
    std::uint32_t first;
    Rule rule;
  };

  static void append_search(const std::vector<Run>& runs, std::size_t begin, std::size_t end,
                            Program& out) {
    if (end - begin == 1) {
      const Rule& rule = runs[begin].rule;
      if (rule.check == nullptr) return out.push_back(verdict(rule.verdict));
      out.insert(out.end(), rule.check->begin(), rule.check->end());
      return;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    Program lower;
    append_search(runs, begin, middle, lower);
    if (lower.size() <= UINT8_MAX) {
      const auto skip = static_cast<std::uint8_t>(lower.size());
      out.push_back(jump(BPF_JGE, runs[middle].first, skip, 0));
    } else {
      // A conditional jump reaches 255 instructions, an unconditional one any number.
      out.push_back(jump(BPF_JGE, runs[middle].first, 0, 1));
      out.push_back(BPF_STMT(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(lower.size())));
    }
    out.insert(out.end(), lower.begin(), lower.end());
    append_search(runs, middle, end, out);
  }

  std::vector<Rule> rules_;
};

}  // namespace

std::vector<sock_filter> make_seccomp_filter() {
  const Program clone = clone_check();
  const Program socket = socket_check();
  const Program socketpair = socketpair_check();
  const Program personality = personality_check();
  RuleTable table;
  for (const char* name : kAllowed) table.set(name, {kAllow});
  for (const char* name : kDenied) table.set(name, {refuse(EPERM)});
  table.set("clone", {0, &clone});
  table.set("socket", {0, &socket});
  table.set("socketpair", {0, &socketpair});
  table.set("personality", {0, &personality});
  return table.compile();
}

}  // namespace stator::sandbox
