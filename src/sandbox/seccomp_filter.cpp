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
#include "sandbox/seccomp_calls.hpp"

namespace stator::sandbox {
namespace {

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
