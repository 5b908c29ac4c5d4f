#include "sandbox/seccomp_filter.hpp"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace stator::sandbox {
namespace {

/// Runs a filter as the kernel does, so that calls are judged without being made.
std::uint32_t judge(const std::vector<sock_filter>& program, const seccomp_data& call) {
  std::uint32_t accumulator = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const sock_filter& step = program[at];
    switch (step.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        std::memcpy(&accumulator, reinterpret_cast<const char*>(&call) + step.k, 4);
        break;
      case BPF_ALU | BPF_AND | BPF_K:
        accumulator &= step.k;
        break;
      case BPF_JMP | BPF_JA:
        at += step.k;
        break;
      case BPF_JMP | BPF_JEQ | BPF_K:
        at += accumulator == step.k ? step.jt : step.jf;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        at += accumulator >= step.k ? step.jt : step.jf;
        break;
      case BPF_JMP | BPF_JSET | BPF_K:
        at += (accumulator & step.k) != 0 ? step.jt : step.jf;
        break;
      case BPF_RET | BPF_K:
        return step.k;
      default:
        ADD_FAILURE() << "unknown instruction " << step.code;
        return 0;
    }
  }
  ADD_FAILURE() << "the filter runs off its end";
  return 0;
}

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
std::uint32_t error(int number) {
  return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(number);
}

seccomp_data call(int number, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0) {
  seccomp_data data{};
  data.nr = number;
  data.arch = ::seccomp_arch_native();
  data.args[0] = a;
  data.args[1] = b;
  data.args[2] = c;
  return data;
}
int number_of(const char* name) {
  return ::seccomp_syscall_resolve_name(name);
}

TEST(SeccompFilter, JudgesCallsByName) {
  const auto filter = make_seccomp_filter();
  for (const char* name : {"read", "write", "execve", "futex", "mmap", "epoll_wait", "statx",
                           "accept4", "landlock_create_ruleset", "exit_group", "rseq"}) {
    EXPECT_EQ(judge(filter, call(number_of(name))), kAllow) << name;
  }
  for (const char* name : {"mount", "ptrace", "bpf", "keyctl", "unshare", "setns", "reboot",
                           "init_module", "kexec_load", "swapon", "acct", "perf_event_open",
                           "process_vm_writev", "open_by_handle_at", "move_mount"}) {
    EXPECT_EQ(judge(filter, call(number_of(name))), error(EPERM)) << name;
  }
  for (const char* name : {"clone3", "io_uring_setup", "userfaultfd", "memfd_secret"}) {
    EXPECT_EQ(judge(filter, call(number_of(name))), error(ENOSYS)) << name;
  }
}

TEST(SeccompFilter, AnswersUnknownNumbersLikeAnOlderKernel) {
  const auto filter = make_seccomp_filter();
  for (const int number : {1023, 100'000, 0x40000000, 0x40000001, -1}) {
    EXPECT_EQ(judge(filter, call(number)), error(ENOSYS)) << number;
  }
}

TEST(SeccompFilter, KillsForeignArchitectures) {
  seccomp_data foreign = call(number_of("read"));
  foreign.arch = AUDIT_ARCH_I386;
  EXPECT_EQ(judge(make_seccomp_filter(), foreign), SECCOMP_RET_KILL_PROCESS);
}

TEST(SeccompFilter, LooksAtTheFlagsOfClone) {
  const auto filter = make_seccomp_filter();
  const int clone = number_of("clone");
  EXPECT_EQ(judge(filter, call(clone, CLONE_VM | CLONE_VFORK | 17)), kAllow);
  for (const std::uint64_t flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET,
                                   CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP}) {
    EXPECT_EQ(judge(filter, call(clone, flag | 17)), error(EPERM)) << flag;
  }
}

TEST(SeccompFilter, LooksAtTheKindOfSocket) {
  const auto filter = make_seccomp_filter();
  const struct {
    std::uint64_t family, type, protocol;
    std::uint32_t expected;
  } cases[] = {{AF_UNIX, SOCK_STREAM, 0, kAllow},
               {AF_UNIX, SOCK_SEQPACKET, 0, kAllow},
               {AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, kAllow},
               {AF_INET, SOCK_DGRAM, 0, kAllow},
               {AF_INET6, SOCK_STREAM, 6, kAllow},
               {AF_INET6, SOCK_RAW, 0, error(EPERM)},
               {AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1, error(EPERM)},
               {AF_NETLINK, SOCK_RAW, 0, kAllow},
               {AF_NETLINK, SOCK_RAW, 12, error(EPERM)},
               {AF_PACKET, SOCK_RAW, 0, error(EAFNOSUPPORT)},
               {AF_VSOCK, SOCK_STREAM, 0, error(EAFNOSUPPORT)},
               {AF_ALG, SOCK_SEQPACKET, 0, error(EAFNOSUPPORT)},
               // To the kernel the family is an int: its upper half does not disguise it.
               {(1ull << 32) | AF_PACKET, SOCK_RAW, 0, error(EAFNOSUPPORT)},
               {(1ull << 32) | AF_INET, SOCK_RAW, 0, error(EPERM)}};
  for (const auto& c : cases) {
    EXPECT_EQ(judge(filter, call(number_of("socket"), c.family, c.type, c.protocol)), c.expected)
        << c.family << " " << c.type;
  }
  EXPECT_EQ(judge(filter, call(number_of("socketpair"), AF_UNIX, SOCK_STREAM)), kAllow);
  EXPECT_EQ(judge(filter, call(number_of("socketpair"), AF_INET)), error(EAFNOSUPPORT));
}

TEST(SeccompFilter, LooksAtThePersonality) {
  const auto filter = make_seccomp_filter();
  EXPECT_EQ(judge(filter, call(number_of("personality"), 0xffffffff)), kAllow);
  EXPECT_EQ(judge(filter, call(number_of("personality"), 0x0400000)), error(EPERM));
}

}  // namespace
}  // namespace stator::sandbox
