#include "sandbox/sandbox.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "sandbox/sandbox_test_kit.hpp"

namespace stator::sandbox {
namespace {

using testing::ExitBox;
using testing::Outcome;
using testing::probe_spec;
using testing::read_all;
using testing::SandboxTest;
using testing::write_file;

TEST_F(SandboxTest, SaysHowItConfines) {
  const Capabilities capabilities = launcher_->capabilities();
  EXPECT_NE(capabilities.isolation, Isolation::kProcess);
  EXPECT_TRUE(capabilities.has_network_namespace);
  EXPECT_NE(capabilities.detail, "");
  std::printf("%s: %s\n", std::string(to_string(capabilities.isolation)).c_str(),
              capabilities.detail.c_str());
}

TEST_F(SandboxTest, RunsAProgramAndReportsItsOutputAndStatus) {
  const Outcome outcome = probe({"echo", "hello"});
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, "hello\n");
  EXPECT_TRUE(WIFEXITED(outcome.exit.status));
  EXPECT_EQ(WEXITSTATUS(outcome.exit.status), 0);
  EXPECT_EQ(WEXITSTATUS(probe({"exit", "7"}).exit.status), 7);
  EXPECT_GT(outcome.exit.peak_memory_bytes, 0u);
  EXPECT_FALSE(outcome.exit.out_of_memory);
}

TEST_F(SandboxTest, ReportsTheSignalThatEndedAProgram) {
  // As process 1 of its namespace a program could not be ended by its own abort().
  const Outcome outcome = probe({"abort"});
  EXPECT_TRUE(WIFSIGNALED(outcome.exit.status));
  EXPECT_EQ(WTERMSIG(outcome.exit.status), SIGABRT);
}

TEST_F(SandboxTest, GivesExactlyTheEnvironmentItIsTold) {
  Spec spec = probe_spec({"cat", "/proc/self/environ"});
  spec.environment = {{"A", "1"}, {"B", ""}};
  EXPECT_EQ(testing::run(*launcher_, spec).output, std::string("A=1\0B=\0", 7));
}

TEST_F(SandboxTest, StartsWithoutPrivileges) {
  const std::string output = probe({"state"}).output;
  EXPECT_NE(output.find("uid 993 gid 990 euid 993"), output.npos) << output;
  EXPECT_NE(output.find("no_new_privs 1"), output.npos);
  EXPECT_NE(output.find("Seccomp:\t2"), output.npos);
  EXPECT_NE(output.find("hostname probe"), output.npos);
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "SigIgn", "SigBlk"}) {
    EXPECT_NE(output.find(std::string(set) + ":\t0000000000000000"), output.npos) << set << output;
  }
}

TEST_F(SandboxTest, CanWriteToTmpAndNowhereElse) {
  EXPECT_TRUE(probe({"create", "/tmp"}).output.starts_with("ALLOWED"));
  for (const char* directory :
       {"/", "/var", "/var/task", "/opt", "/usr", "/usr/bin", "/etc", "/dev", "/proc"}) {
    expect_denied({"create", directory});
  }
  EXPECT_FALSE(std::filesystem::exists(STATOR_PROBE_DIRECTORY "/probe-was-here"));
}

TEST_F(SandboxTest, KeepsEachSandboxsTmpToItself) {
  // The second would find the first one's file.
  EXPECT_TRUE(probe({"create", "/tmp"}).output.starts_with("ALLOWED"));
  EXPECT_EQ(probe({"list", "/tmp"}).output, "");
}

TEST_F(SandboxTest, DividesTheProcessorByClaims) {
  if (!launcher_->capabilities().has_cpu_cgroup) GTEST_SKIP() << "no control group divides it";
  // All on one processor, so that the two compete.
  Spec small = probe_spec({"burn", "1500"});
  small.cpu_millis = 250;
  Spec large = small;
  large.cpu_millis = 1'000;
  std::string small_ticks;
  std::thread beside([&] { small_ticks = testing::run(*launcher_, small).output; });
  const std::string large_ticks = testing::run(*launcher_, large).output;
  beside.join();
  // A quarter as much, or somewhat more where the two did not run side by side all the time.
  EXPECT_LT(std::stod(small_ticks) * 2, std::stod(large_ticks)) << small_ticks << large_ticks;
}

TEST_F(SandboxTest, CapsTheProcessorWhereAsked) {
  if (!launcher_->capabilities().has_cpu_cgroup) GTEST_SKIP() << "no control group divides it";
  Spec spec = probe_spec({"burn", "1000"});
  spec.cpu_millis = 100;
  spec.is_cpu_capped = true;
  // A tenth of a second in one second.
  EXPECT_LT(std::stod(testing::run(*launcher_, spec).output), 300.0);
}

TEST_F(SandboxTest, MergesLayersWithLaterOnesOnTop) {
  const auto lower = scratch_->make("lower");
  const auto upper = scratch_->make("upper");
  write_file(lower / "both", "lower");
  write_file(upper / "both", "upper");
  write_file(lower / "only", "lower only");
  Spec spec = probe_spec({"cat", "/opt/both"});
  spec.layers = {lower, upper};
  EXPECT_EQ(testing::run(*launcher_, spec).output, "upper");
  spec.argv[2] = "/opt/only";
  EXPECT_EQ(testing::run(*launcher_, spec).output, "lower only");
  spec.argv[1] = "create";
  spec.argv[2] = "/opt";
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("denied"));
  spec.layers = {lower};
  spec.argv[1] = "cat";
  spec.argv[2] = "/opt/both";
  EXPECT_EQ(testing::run(*launcher_, spec).output, "lower");
}

TEST_F(SandboxTest, ShowsFurtherDirectoriesReadOnly) {
  const auto runtime = scratch_->make("runtime");
  write_file(runtime / "client", "of a runtime");
  Spec spec = probe_spec({"cat", "/var/runtime/client"});
  spec.mounts = {{runtime, "/var/runtime"}};
  EXPECT_EQ(testing::run(*launcher_, spec).output, "of a runtime");
  spec.argv[1] = "create";
  spec.argv[2] = "/var/runtime";
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("denied"));
  spec.mounts[0].directory = scratch_->path() / "nowhere";
  EXPECT_NE(testing::run(*launcher_, spec).error, "");
}

TEST_F(SandboxTest, ReachesTheListenersItWasGivenAndEachItsOwn) {
  Spec spec = probe_spec({"tcp", "{port:0}"});
  spec.ports = {{9001}, {4566}};
  spec.environment = {{"API", "127.0.0.1:{port:1}"}};
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("ALLOWED"));
  Spec sleeper = spec;
  sleeper.argv = {"/var/task/sandbox_probe", "sleep"};
  ExitBox box;
  auto other = launcher_->start(sleeper, box.callback());
  ASSERT_TRUE(other) << other.error().message;
  const auto listeners = (*other)->take_listeners();
  EXPECT_EQ(listeners.size(), 2u);
  EXPECT_TRUE((*other)->take_listeners().empty());
  // The other's port 9001 is another port: without listeners of its own a sandbox finds none.
  expect_denied({"tcp", "9001"});
  spec.argv = {"/var/task/sandbox_probe", "env", "API"};
  EXPECT_EQ(testing::run(*launcher_, spec).output, "127.0.0.1:4566\n");
}

TEST_F(SandboxTest, GivesSocketsThatConnectFromOutside) {
  Spec spec = probe_spec({"sleep"});
  spec.ports = {{9001}};
  spec.connectors = 2;
  const auto sandbox = launcher_->start(spec, {});
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  const auto listeners = (*sandbox)->take_listeners();
  const auto connectors = (*sandbox)->take_connectors();
  ASSERT_EQ(listeners.size(), 1u);
  ASSERT_EQ(connectors.size(), 2u);
  if (!launcher_->capabilities().has_network_namespace) return;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9001);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  // The listener stands on the sandbox's loopback: nothing of the host answers there.
  EXPECT_EQ(::connect(connectors[0].get(), generic, sizeof address), 0);
  const UniqueFd accepted(::accept(listeners[0].get(), nullptr, nullptr));
  EXPECT_TRUE(static_cast<bool>(accepted));
  EXPECT_EQ(::write(connectors[0].get(), "x", 1), 1);
  ::shutdown(connectors[0].get(), SHUT_WR);
  EXPECT_EQ(read_all(accepted.get()), "x");
}

TEST_F(SandboxTest, RunsShellScriptsAndDynamicPrograms) {
  const auto code = scratch_->make("script");
  write_file(code / "bootstrap", "#!/bin/sh\necho \"from $(pwd)\" && ls /var/task && id -un\n");
  std::filesystem::permissions(code / "bootstrap", std::filesystem::perms(0755));
  Spec spec;
  spec.code = code;
  spec.argv = {"/var/task/bootstrap"};
  spec.environment = {{"PATH", "/usr/bin:/bin"}};
  const Outcome outcome = testing::run(*launcher_, spec);
  EXPECT_EQ(outcome.output, "from /var/task\nbootstrap\nsbx_user1051\n") << outcome.error;
}

TEST_F(SandboxTest, SaysWhyAProgramCannotBeExecuted) {
  const auto code = scratch_->make("broken");
  write_file(code / "text", "no program");
  std::filesystem::permissions(code / "text", std::filesystem::perms(0755));
  write_file(code / "locked", "no program");
  Spec spec;
  spec.code = code;
  const std::pair<const char*, const char*> cases[] = {
      {"/var/task/missing", "cannot execute /var/task/missing: No such file"},
      {"/var/task/text", "Exec format error"},
      {"/var/task/locked", "Permission denied"},
      {"relative", "absolute path"}};
  for (const auto& [program, expected] : cases) {
    spec.argv = {program};
    ExitBox box;
    const auto sandbox = launcher_->start(spec, box.callback());
    ASSERT_FALSE(sandbox);
    EXPECT_EQ(sandbox.error().code, ErrorCode::kInvalid);
    EXPECT_NE(sandbox.error().message.find(expected), std::string::npos) << sandbox.error().message;
  }
  spec.argv = {"/var/task/text"};
  spec.code = scratch_->path() / "nowhere";
  EXPECT_EQ(launcher_->start(spec, {}).error().code, ErrorCode::kInvalid);
  spec.code = code;
  spec.layers = {scratch_->path() / "nowhere"};
  EXPECT_EQ(launcher_->start(spec, {}).error().code, ErrorCode::kInvalid);
}

TEST_F(SandboxTest, KillEndsEverythingInside) {
  ExitBox box;
  auto sandbox = launcher_->start(probe_spec({"sleep"}), box.callback());
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  EXPECT_GT((*sandbox)->memory_bytes(), 0u);
  const pid_t pid = (*sandbox)->pid();
  EXPECT_EQ(::kill(pid, 0) == 0 || errno == EPERM, true);
  (*sandbox)->kill();
  const auto exit = box.wait();
  ASSERT_TRUE(exit);
  EXPECT_TRUE(WIFSIGNALED(exit->status));
  EXPECT_EQ(WTERMSIG(exit->status), SIGKILL);
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST_F(SandboxTest, EndsWhatTheProgramLeavesBehind) {
  // The pipe stays open as long as any process inside lives: the end of the output is the proof.
  const Outcome outcome = probe({"orphan"});
  EXPECT_EQ(outcome.output, "left\n");
  EXPECT_EQ(outcome.error, "");
}

TEST_F(SandboxTest, ForgetsADestroyedSandbox) {
  ExitBox box;
  UniqueFd output;
  {
    auto sandbox = launcher_->start(probe_spec({"sleep"}), box.callback());
    ASSERT_TRUE(sandbox) << sandbox.error().message;
    output = (*sandbox)->take_output();
  }
  // The end of the output is the end of the program; it may have come to print before it, or not.
  EXPECT_EQ(read_all(output.get()).find("timeout"), std::string::npos);
  EXPECT_EQ(box.count(), 0);
}

TEST_F(SandboxTest, StartsManyAtOnceFromManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 10;
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&good] {
      for (int i = 0; i < kEach; ++i) {
        const Outcome outcome = probe({"echo", "x"});
        EXPECT_EQ(outcome.error, "");
        if (outcome.output == "x\n") ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, kThreads * kEach);
}

}  // namespace
}  // namespace stator::sandbox

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == stator::sandbox::kLauncherArgument) {
    return stator::sandbox::launcher_main(argc, argv);
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
