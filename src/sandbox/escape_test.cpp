#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <algorithm>

#include "sandbox/sandbox_test_kit.hpp"

/// What a function must not be able to do, one attempt each (sandbox_probe makes them).
namespace stator::sandbox {
namespace {

using testing::ExitBox;
using testing::Outcome;
using testing::probe_spec;
using testing::write_file;

class EscapeTest : public testing::SandboxTest {};

TEST_F(EscapeTest, ShowsNothingOfTheHostsFiles) {
  const auto secret = scratch_->make("secret") / "file";
  write_file(secret, "secret");
  for (const std::string& path : std::vector<std::string>{
           std::string("/etc/shadow"), std::string("/root"), std::string("/home"),
           std::string("/sys"), std::string("/boot"), std::string("/run"),
           std::string("/etc/hostname"), std::string("/proc/1/root/etc/shadow"),
           std::string("/proc/1/mem"), std::string("/proc/1/fd"), std::string("/dev/mem"),
           std::string("/proc/kcore/x"), secret.native()}) {
    expect_denied({"read", path});
  }
  EXPECT_EQ(probe({"list", "/"}).output.find("root"), std::string::npos);
  for (const char* kind : {"environ", "maps", "cwd", "root", "exe", "fdinfo", "ns/net"}) {
    expect_denied({"read", std::string("/proc/1/") + kind});
  }
  expect_denied({"read", "/proc/" + std::to_string(::getpid()) + "/environ"});
}

TEST_F(EscapeTest, ShowsNoProcessesButItsOwn) {
  const std::string output = probe({"list", "/proc"}).output;
  const auto names = split(output, '\n');
  const auto processes = std::count_if(names.begin(), names.end(), [](std::string_view name) {
    return !name.empty() && name.front() >= '0' && name.front() <= '9';
  });
  EXPECT_EQ(processes, 2) << output;  // init and the program
}

TEST_F(EscapeTest, CannotSignalOthers) {
  expect_denied({"kill", std::to_string(::getpid())});
  ExitBox box;
  auto victim = launcher_->start(probe_spec({"sleep"}), box.callback());
  ASSERT_TRUE(victim) << victim.error().message;
  expect_denied({"kill", std::to_string((*victim)->pid())});
  expect_denied({"kill-init"});
  expect_denied({"kill-all"});
  expect_denied({"parent"});
  EXPECT_EQ(box.count(), 0);
}

TEST_F(EscapeTest, CannotReachTheHostsNetwork) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener.get(), generic, length), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), generic, &length), 0);
  expect_denied({"tcp", std::to_string(ntohs(address.sin_port))});
}

TEST_F(EscapeTest, CannotReachAbstractSockets) {
  const std::string name = "stator-test-" + std::to_string(::getpid());
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), address.sun_path + 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  expect_denied({"abstract", name});
}

TEST_F(EscapeTest, RefusesPrivilegedCalls) {
  expect_denied({"mount"});
  expect_denied({"umount"});
  expect_denied({"ptrace"});
  expect_denied({"root"});
  for (const int flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID}) {
    expect_denied({"unshare", std::to_string(flag)});
    expect_denied({"clone", std::to_string(flag)});
  }
  for (const int call :
       {SYS_bpf, SYS_keyctl, SYS_add_key, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup,
        SYS_clone3, SYS_setns, SYS_reboot, SYS_swapon, SYS_kexec_load, SYS_init_module, SYS_acct,
        SYS_pivot_root, SYS_chroot, SYS_process_vm_readv, SYS_open_by_handle_at, SYS_quotactl}) {
    expect_denied({"syscall", std::to_string(call)});
  }
}

TEST_F(EscapeTest, RefusesSocketsThatAreNotForPrograms) {
  for (const auto& [family, type] : {std::pair(AF_INET, SOCK_RAW),
                                     {AF_PACKET, SOCK_RAW},
                                     {AF_VSOCK, SOCK_STREAM},
                                     {AF_ALG, SOCK_SEQPACKET}}) {
    expect_denied({"socket", std::to_string(family), std::to_string(type)});
  }
  EXPECT_TRUE(probe({"socket", std::to_string(AF_UNIX), std::to_string(SOCK_STREAM)})
                  .output.starts_with("ALLOWED"));
}

TEST_F(EscapeTest, GainsNothingFromASetuidProgram) {
  if (::geteuid() != 0) GTEST_SKIP() << "making a setuid program needs root";
  const auto code = scratch_->make("setuid");
  std::filesystem::copy_file(STATOR_PROBE_DIRECTORY "/sandbox_probe", code / "sandbox_probe");
  ASSERT_EQ(::chmod((code / "sandbox_probe").c_str(), 04755), 0);
  Spec spec = probe_spec({"setuid-program", "/var/task/sandbox_probe"});
  spec.code = code;
  EXPECT_EQ(testing::run(*launcher_, spec).output, "status 0\n");
}

TEST_F(EscapeTest, InheritsNoDescriptors) {
  const UniqueFd leaky(::open("/dev/null", O_RDONLY));  // no close-on-exec, on purpose
  // 3 is the directory that lists them.
  EXPECT_EQ(probe({"list", "/proc/self/fd"}).output, "0\n1\n2\n3\n");
}

TEST_F(EscapeTest, BoundsProcesses) {
  Spec spec = probe_spec({"forks", "200"});
  spec.processes_max = 20;
  const Outcome outcome = testing::run(*launcher_, spec);
  EXPECT_TRUE(outcome.output.starts_with("forks 19\ndenied")) << outcome.output;
}

TEST_F(EscapeTest, BoundsMemory) {
  Spec spec = probe_spec({"memory", "256"});
  spec.memory_bytes_max = 32u << 20;
  const Outcome outcome = testing::run(*launcher_, spec);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output.find("ALLOWED"), std::string::npos) << outcome.output;
  if (launcher_->capabilities().has_memory_cgroup) {
    EXPECT_TRUE(outcome.exit.out_of_memory);
    EXPECT_TRUE(WIFSIGNALED(outcome.exit.status));
    EXPECT_GT(outcome.exit.peak_memory_bytes, 16u << 20);
  }
  spec.memory_bytes_max = 512u << 20;
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("ALLOWED"));
}

TEST_F(EscapeTest, FillsItsTmpAndNothingElse) {
  Spec spec = probe_spec({"fill", "/tmp/x", "64"});
  spec.tmp_bytes_max = 8u << 20;
  EXPECT_EQ(testing::run(*launcher_, spec).output, "denied write: No space left on device\n");
  spec.tmp_bytes_max = 65u << 20;
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("ALLOWED"));
}

TEST_F(EscapeTest, MasksWhatTellsOfTheMachine) {
  for (const char* file : {"kcore", "keys", "sysrq-trigger", "timer_list", "interrupts"}) {
    const Outcome outcome = probe({"cat", std::string("/proc/") + file});
    EXPECT_TRUE(outcome.output.empty() || outcome.output.starts_with("denied")) << file;
  }
  for (const char* directory : {"acpi", "asound", "scsi"}) {
    const Outcome outcome = probe({"list", std::string("/proc/") + directory});
    EXPECT_TRUE(outcome.output.empty() || outcome.output.starts_with("denied")) << directory;
  }
}

TEST_F(EscapeTest, CannotWriteToTheKernel) {
  for (const char* file : {"/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern",
                           "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/proc/self/uid_map",
                           "/proc/self/oom_score_adj", "/proc/irq/default_smp_affinity"}) {
    expect_denied({"alter", file});
  }
}

TEST_F(EscapeTest, FindsExactlySixDevices) {
  const std::string output = probe({"list", "/dev"}).output;
  auto names = split(output, '\n');
  std::sort(names.begin(), names.end());
  EXPECT_EQ(join(std::vector<std::string>(names.begin(), names.end()), " "),
            " fd full null random stderr stdin stdout tty urandom zero");
}

TEST_F(EscapeTest, CannotAlterCodeOrLayers) {
  const auto layer = scratch_->make("altered");
  write_file(layer / "library", "as it was");
  std::filesystem::permissions(layer / "library", std::filesystem::perms(0666));
  std::filesystem::permissions(layer, std::filesystem::perms(0777));
  Spec spec = probe_spec({"alter", "/opt/library"});
  spec.layers = {layer};
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("denied"));
  expect_denied({"alter", "/var/task/sandbox_probe"});
  expect_denied({"alter", "/usr/bin/env"});
  expect_denied({"exe"});
}

TEST_F(EscapeTest, SeesNothingOfAnotherFunctionThatRuns) {
  const auto other_code = scratch_->make("other-code");
  std::filesystem::copy_file(STATOR_PROBE_DIRECTORY "/sandbox_probe", other_code / "sandbox_probe");
  write_file(other_code / "secret", "secret");
  Spec other = probe_spec({"hold", "/tmp/mine"});
  other.code = other_code;
  ExitBox box;
  const auto sandbox = launcher_->start(other, box.callback());
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  EXPECT_EQ(probe({"list", "/tmp"}).output, "");
  const std::string pid = std::to_string((*sandbox)->pid());
  for (const std::string& path :
       {(other_code / "secret").native(), "/proc/" + pid + "/root/tmp/mine",
        "/proc/" + pid + "/cwd/secret", std::string("/var/task/secret")}) {
    expect_denied({"read", path});
  }
  EXPECT_EQ(box.count(), 0);
}

TEST_F(EscapeTest, LinksLeadNowhere) {
  for (const char* target : {"/etc/shadow", "/proc/1/root/etc/shadow", "/../../etc/shadow",
                             "/proc/self/root/../etc/shadow", "/dev/mem"}) {
    expect_denied({"link", target});
  }
  // A link in the package is followed inside as well.
  const auto code = scratch_->make("linked");
  std::filesystem::copy_file(STATOR_PROBE_DIRECTORY "/sandbox_probe", code / "sandbox_probe");
  const auto secret = scratch_->make("linked-secret") / "file";
  write_file(secret, "secret");
  std::filesystem::create_symlink(secret, code / "link");
  Spec spec = probe_spec({"read", "/var/task/link"});
  spec.code = code;
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("denied"));
}

TEST_F(EscapeTest, CannotMakeDevices) {
  expect_denied({"mknod"});
}

TEST_F(EscapeTest, CannotChangeItsRoot) {
  expect_denied({"chroot"});
}

TEST_F(EscapeTest, CannotJoinNamespaces) {
  expect_denied({"setns"});
}

TEST_F(EscapeTest, HasNoTerminal) {
  expect_denied({"terminal"});
}

TEST_F(EscapeTest, CannotRaiseItsPrivilegesOrLimits) {
  expect_denied({"privileges"});
  expect_denied({"limits"});
  expect_denied({"persona"});
}

TEST_F(EscapeTest, DiesOfAForeignSystemCall) {
  const Outcome outcome = probe({"32-bit"});
#if defined(__x86_64__)
  EXPECT_TRUE(WIFSIGNALED(outcome.exit.status)) << outcome.output;
  EXPECT_EQ(WTERMSIG(outcome.exit.status), SIGSYS);
#endif
  EXPECT_EQ(outcome.output.find("ALLOWED"), std::string::npos);
  expect_denied({"x32"});
}

TEST_F(EscapeTest, CannotChangeItsNetwork) {
  expect_denied({"network"});
}

TEST_F(EscapeTest, BoundsMemoryOfAllProcessesTogether) {
  Spec spec = probe_spec({"children", "256"});
  spec.memory_bytes_max = 64u << 20;
  const Outcome outcome = testing::run(*launcher_, spec);
  EXPECT_EQ(outcome.output.find("ALLOWED"), std::string::npos) << outcome.output;
}

TEST_F(EscapeTest, BoundsMemoryThatNoProcessMaps) {
  if (!launcher_->capabilities().has_memory_cgroup) {
    GTEST_SKIP() << "only a control group sees it (docs/sandbox.md)";
  }
  for (const char* attempt : {"memfd", "shm"}) {
    Spec spec = probe_spec({attempt, "256"});
    spec.memory_bytes_max = 32u << 20;
    const Outcome outcome = testing::run(*launcher_, spec);
    EXPECT_EQ(outcome.output.find("ALLOWED"), std::string::npos) << outcome.output;
    EXPECT_TRUE(outcome.exit.out_of_memory) << attempt;
  }
}

TEST_F(EscapeTest, CountsTmpAsMemory) {
  if (!launcher_->capabilities().has_memory_cgroup) GTEST_SKIP() << "no control group counts it";
  Spec spec = probe_spec({"fill", "/tmp/x", "256"});
  spec.tmp_bytes_max = 10ull << 30;
  spec.memory_bytes_max = 64u << 20;
  const Outcome outcome = testing::run(*launcher_, spec);
  EXPECT_EQ(outcome.output, "");
  EXPECT_TRUE(outcome.exit.out_of_memory);
}

}  // namespace
}  // namespace stator::sandbox
