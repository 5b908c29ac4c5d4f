#include <signal.h>

#include "sandbox/sandbox_test_kit.hpp"

/// Programs beside the program.
namespace stator::sandbox {
namespace {

using testing::ExitBox;
using testing::probe_spec;
using testing::SandboxTest;

const std::string kProbe = "/var/task/sandbox_probe";

class CompanionsTest : public SandboxTest {
 protected:
  void start(const Spec& spec) {
    auto started = launcher_->start(spec, box.callback());
    ASSERT_TRUE(started) << started.error().message;
    sandbox = std::move(*started);
    output = sandbox->take_output();
  }
  /// Reads on until `text` has come.
  [[nodiscard]] bool prints(const std::string& text) {
    char buffer[256];
    while (read.find(text) == std::string::npos) {
      pollfd ready{output.get(), POLLIN, 0};
      if (::poll(&ready, 1, 30'000) != 1) return false;
      const ssize_t count = ::read(output.get(), buffer, sizeof buffer);
      if (count <= 0) return false;
      read.append(buffer, static_cast<std::size_t>(count));
    }
    return true;
  }
  ExitBox box;
  std::unique_ptr<Sandbox> sandbox;
  UniqueFd output;
  std::string read;
};

TEST_F(CompanionsTest, RunBesideTheProgram) {
  Spec spec = probe_spec({"sleep"});
  spec.companions = {{kProbe, "hold", "/tmp/mine"}};
  start(spec);
  EXPECT_TRUE(prints("asleep"));
  EXPECT_TRUE(prints("held"));
  sandbox->kill();
  const auto exit = box.wait();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->companion, 0u);
}

TEST_F(CompanionsTest, OneThatEndsEndsTheSandbox) {
  Spec spec = probe_spec({"sleep"});
  spec.companions = {{kProbe, "sleep"}, {kProbe, "exit", "9"}};
  start(spec);
  const auto exit = box.wait();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->companion, 2u);
  EXPECT_TRUE(WIFEXITED(exit->status));
  EXPECT_EQ(WEXITSTATUS(exit->status), 9);
}

TEST_F(CompanionsTest, TheProgramsEndEndsThem) {
  Spec spec = probe_spec({"exit", "7"});
  spec.companions = {{kProbe, "sleep"}};
  start(spec);
  const auto exit = box.wait();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->companion, 0u);
  EXPECT_EQ(WEXITSTATUS(exit->status), 7);
}

TEST_F(CompanionsTest, OutliveATerminatedProgramUntilTheyAreKilled) {
  Spec spec = probe_spec({"sleep"});
  spec.companions = {{kProbe, "sleep"}};
  start(spec);
  ASSERT_TRUE(prints("asleep\nasleep\n"));
  sandbox->terminate();
  pollfd ready{output.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&ready, 1, 50), 0) << "somebody still holds the output";
  EXPECT_EQ(box.count(), 0);
  sandbox->kill();
  const auto exit = box.wait();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->companion, 0u);
  EXPECT_TRUE(WIFSIGNALED(exit->status));
  EXPECT_EQ(WTERMSIG(exit->status), SIGTERM);
}

TEST_F(CompanionsTest, ATerminatedProgramWithoutCompanionsEndsTheSandbox) {
  start(probe_spec({"sleep"}));
  ASSERT_TRUE(prints("asleep\n"));
  sandbox->freeze();
  sandbox->terminate();
  const auto exit = box.wait();
  ASSERT_TRUE(exit);
  EXPECT_EQ(WTERMSIG(exit->status), SIGTERM);
}

TEST_F(CompanionsTest, OneThatCannotBeExecutedFailsTheStart) {
  Spec spec = probe_spec({"sleep"});
  spec.companions = {{kProbe, "sleep"}, {"/var/task/missing"}};
  const auto started = launcher_->start(spec, {});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kInvalid);
  EXPECT_NE(started.error().message.find("/var/task/missing:"), std::string::npos);
}

}  // namespace
}  // namespace stator::sandbox
