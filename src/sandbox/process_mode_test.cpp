#include <fstream>

#include "sandbox/process_tree.hpp"
#include "sandbox/sandbox_test_kit.hpp"

/// Wanted::kProcess: what is left of the confinement where namespaces are forbidden.
namespace stator::sandbox {
namespace {

using testing::ExitBox;
using testing::probe_spec;
using testing::ScratchDirectory;

class ProcessModeTest : public ::testing::Test {
 protected:
  testing::Outcome probe(std::vector<std::string> arguments) {
    return testing::run(*launcher_, probe_spec(std::move(arguments)));
  }
  ScratchDirectory scratch_;
  std::unique_ptr<Launcher> launcher_ = start_launcher(Wanted::kProcess, scratch_.make("launcher"));
};

TEST_F(ProcessModeTest, SaysWhatItLacks) {
  const Capabilities capabilities = launcher_->capabilities();
  EXPECT_EQ(capabilities.isolation, Isolation::kProcess);
  EXPECT_FALSE(capabilities.has_network_namespace);
  EXPECT_NE(capabilities.detail.find("NO namespaces"), std::string::npos);
}

TEST_F(ProcessModeTest, FindsTheCodeByItsPathInside) {
  EXPECT_EQ(probe({"echo", "hello"}).output, "hello\n");
  Spec spec = probe_spec({"list", "."});
  EXPECT_NE(testing::run(*launcher_, spec).output.find("sandbox_probe"), std::string::npos);
}

TEST_F(ProcessModeTest, StillTakesPrivilegesAway) {
  const std::string output = probe({"state"}).output;
  EXPECT_NE(output.find("no_new_privs 1"), std::string::npos);
  EXPECT_NE(output.find("Seccomp:\t2"), std::string::npos);
  EXPECT_NE(output.find("CapPrm:\t0000000000000000"), std::string::npos) << output;
  EXPECT_EQ(output.find(" euid 0"), std::string::npos) << output;
  for (const char* attempt : {"mount", "unshare", "ptrace", "root"}) {
    EXPECT_TRUE(probe({attempt, "268435456"}).output.starts_with("denied")) << attempt;
  }
  EXPECT_TRUE(probe({"read", "/etc/shadow"}).output.starts_with("denied"));
}

TEST_F(ProcessModeTest, PutsListenersOnFreePorts) {
  Spec spec = probe_spec({"tcp", "{port:1}"});
  spec.ports = {{9001}, {4566}};
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("ALLOWED"));
}

TEST_F(ProcessModeTest, BoundsMemory) {
  Spec spec = probe_spec({"memory", "256"});
  spec.memory_bytes_max = 32u << 20;
  EXPECT_EQ(testing::run(*launcher_, spec).output.find("ALLOWED"), std::string::npos);
}

TEST_F(ProcessModeTest, EndsWhatTheProgramLeavesBehind) {
  EXPECT_EQ(probe({"orphan"}).output, "left\n");
}

TEST_F(ProcessModeTest, KillsTheWholeTree) {
  ExitBox box;
  auto sandbox = launcher_->start(probe_spec({"forks", "5"}), box.callback());
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  const UniqueFd output = (*sandbox)->take_output();
  (*sandbox)->kill();
  EXPECT_EQ(testing::read_all(output.get()).find("timeout"), std::string::npos);
  EXPECT_TRUE(box.wait());
}

TEST_F(ProcessModeTest, SaysWhyAProgramCannotBeExecuted) {
  Spec spec = probe_spec({});
  spec.argv = {"/var/task/missing"};
  const auto sandbox = launcher_->start(spec, {});
  ASSERT_FALSE(sandbox);
  EXPECT_EQ(sandbox.error().code, ErrorCode::kInvalid);
  EXPECT_NE(sandbox.error().message.find("/missing"), std::string::npos);
}

}  // namespace
}  // namespace stator::sandbox
