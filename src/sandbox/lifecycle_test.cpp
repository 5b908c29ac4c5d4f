#include <signal.h>

#include <fstream>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "sandbox/cgroups.hpp"
#include "sandbox/posix.hpp"
#include "sandbox/process_tree.hpp"
#include "sandbox/sandbox_test_kit.hpp"

/// What is left when sandboxes, or the launcher, are gone.
namespace stator::sandbox {
namespace {

using testing::eventually;
using testing::ExitBox;
using testing::probe_spec;
using testing::ScratchDirectory;
namespace fs = std::filesystem;

class LifecycleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto before = children_of(::getpid());
    try {
      launcher_ = start_launcher(Wanted::kAuto, scratch_.make("launcher"));
    } catch (const ConfigError& error) {
      GTEST_SKIP() << error.what();
    }
    for (const pid_t child : children_of(::getpid())) {
      if (std::find(before.begin(), before.end(), child) == before.end()) process_ = child;
    }
    ASSERT_GT(process_, 0);
  }

  ScratchDirectory scratch_;
  std::unique_ptr<Launcher> launcher_;
  pid_t process_ = -1;
};

std::size_t entries(const fs::path& directory) {
  std::error_code ignored;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory, ignored), fs::directory_iterator()));
}

std::size_t lines(const fs::path& file) {
  std::ifstream in(file);
  return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(in), {}, '\n'));
}

/// Directories of the launcher's groups, where this machine lends some to this user.
std::size_t control_groups(pid_t launcher) {
  const auto groups = read_small_file("/proc/self/cgroup");
  const auto mounts = read_small_file("/proc/self/mountinfo");
  std::size_t count = 0;
  for (const char* controller : {"memory", "cpu"}) {
    const Hierarchy own = find_hierarchy(controller, groups.value(), mounts.value());
    const fs::path parent = own.path / ("stator-" + std::to_string(launcher));
    std::error_code ignored;
    for (const auto& child : fs::directory_iterator(parent, ignored)) {
      if (child.is_directory(ignored)) ++count;
    }
  }
  return count;
}

/// For so long nothing must change before the pool counts as full: kits are made when starts have
/// paused.
constexpr std::chrono::milliseconds kQuiet{300};

/// Everything countable that a sandbox could leave behind.
std::map<std::string, std::size_t> census(pid_t launcher) {
  const fs::path proc = fs::path("/proc") / std::to_string(launcher);
  std::set<fs::path> namespaces;
  std::error_code ignored;
  const auto tree = process_tree(launcher);
  for (const pid_t pid : tree) {
    for (const char* kind : {"net", "mnt", "pid", "user"}) {
      namespaces.insert(
          fs::read_symlink(fs::path("/proc") / std::to_string(pid) / "ns" / kind, ignored));
    }
  }
  return {{"own descriptors", entries("/proc/self/fd")},
          {"launcher's descriptors", entries(proc / "fd")},
          {"launcher's mounts", lines(proc / "mountinfo")},
          {"processes", tree.size()},
          {"namespaces", namespaces.size()},
          {"control groups", control_groups(launcher)}};
}

TEST_F(LifecycleTest, LeavesNothingBehind) {
  const auto run_some = [this] {
    const auto code = scratch_.make("layer-a");
    const auto other = scratch_.make("layer-b");
    for (int i = 0; i < 20; ++i) {
      Spec spec = probe_spec({i % 2 == 0 ? "orphan" : "exit", "1"});
      spec.ports = {{9001}};
      spec.layers = {code, other};
      EXPECT_EQ(testing::run(*launcher_, spec).error, "");
      spec.argv = {"/var/task/missing"};
      EXPECT_FALSE(launcher_->start(spec, {}));
      // One that is given up while it runs.
      EXPECT_TRUE(launcher_->start(probe_spec({"sleep"}), {}));
    }
  };
  // The pool refills in the background, and it is full when nothing has changed for a while. On a
  // busy machine a while may be too short, so another round may follow: what leaks grows in each.
  const auto settled = [this] {
    std::map<std::string, std::size_t> last;
    auto since = std::chrono::steady_clock::now();
    EXPECT_TRUE(eventually([&] {
      const auto counted = census(process_);
      const auto now = std::chrono::steady_clock::now();
      if (counted != last) since = now;
      last = counted;
      return now - since > kQuiet;
    }));
    return last;
  };
  run_some();
  auto before = settled();
  auto after = before;
  for (int round = 0; round < 4; ++round) {
    run_some();
    after = settled();
    if (after == before) break;
    before = std::exchange(after, {});
  }
  EXPECT_EQ(after, before);
}

TEST_F(LifecycleTest, EndsEverySandboxWithTheServer) {
  ExitBox box;
  auto sandbox = launcher_->start(probe_spec({"sleep"}), box.callback());
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  const auto tree = process_tree(process_);
  EXPECT_GT(tree.size(), 2u);
  launcher_.reset();
  // Its end is reported before the launcher's destructor returns.
  EXPECT_EQ(box.count(), 1);
  EXPECT_TRUE(eventually([&] {
    return std::all_of(tree.begin(), tree.end(),
                       [](pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; });
  }));
  EXPECT_EQ(control_groups(process_), 0u);
  // A sandbox may outlive its launcher; there is nothing left to end.
  (*sandbox)->kill();
  EXPECT_TRUE((*sandbox)->take_output());
}

TEST_F(LifecycleTest, ReplacesALauncherThatDies) {
  ExitBox box;
  auto sandbox = launcher_->start(probe_spec({"sleep"}), box.callback());
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  const auto tree = process_tree(process_);
  ASSERT_EQ(::kill(process_, SIGKILL), 0);
  const auto exit = box.wait();
  ASSERT_TRUE(exit);
  EXPECT_TRUE(WIFSIGNALED(exit->status));
  // A start that comes at once waits for the new launcher.
  const auto outcome = testing::run(*launcher_, probe_spec({"echo", "again"}));
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, "again\n");
  // The old sandbox's handle means nothing to the new launcher.
  (*sandbox)->kill();
  EXPECT_EQ(testing::run(*launcher_, probe_spec({"echo", "once more"})).output, "once more\n");
  EXPECT_EQ(box.count(), 1);
  EXPECT_TRUE(eventually([&] {
    return std::all_of(tree.begin(), tree.end(),
                       [](pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; });
  }));
}

TEST_F(LifecycleTest, TakesAStartToTheNextLauncher) {
  // A stopped launcher answers nothing, so the start is under way when it dies, or comes after.
  ASSERT_EQ(::kill(process_, SIGSTOP), 0);
  std::string output;
  std::thread caller([&] {
    const auto outcome = testing::run(*launcher_, probe_spec({"echo", "x"}));
    output = outcome.error + outcome.output;
  });
  ASSERT_EQ(::kill(process_, SIGKILL), 0);
  caller.join();
  EXPECT_EQ(output, "x\n");
}

TEST_F(LifecycleTest, FreezesEveryProcessInside) {
  const auto state_of = [](pid_t pid) {
    const auto stat = read_small_file("/proc/" + std::to_string(pid) + "/stat");
    return stat ? stat->at(stat->rfind(')') + 2) : '-';
  };
  auto sandbox = launcher_->start(probe_spec({"family", "3"}), {});
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  const UniqueFd output = (*sandbox)->take_output();
  EXPECT_TRUE(eventually([&] { return process_tree((*sandbox)->pid()).size() == 4; }));
  const auto inside = process_tree((*sandbox)->pid());
  const auto all_are = [&](std::string_view states) {
    return std::all_of(inside.begin(), inside.end(),
                       [&](pid_t pid) { return states.find(state_of(pid)) != states.npos; });
  };
  for (int round = 0; round < 3; ++round) {
    (*sandbox)->freeze();
    EXPECT_TRUE(eventually([&] { return all_are("T"); }));
    (*sandbox)->thaw();
    EXPECT_TRUE(eventually([&] { return all_are("SR"); }));
  }
  // Whatever is under way, the last word counts.
  for (int i = 0; i < 200; ++i) {
    (*sandbox)->freeze();
    (*sandbox)->thaw();
  }
  EXPECT_TRUE(eventually([&] { return all_are("SR"); }));
  (*sandbox)->freeze();
  (*sandbox)->kill();
  EXPECT_EQ(testing::read_all(output.get()).find("timeout"), std::string::npos);
}

TEST_F(LifecycleTest, SweepsTheGroupsOfALauncherThatWasKilled) {
  if (!launcher_->capabilities().has_memory_cgroup) GTEST_SKIP() << "no memory control group";
  const auto sandbox = launcher_->start(probe_spec({"sleep"}), {});
  EXPECT_GT(control_groups(process_), 0u);
  const pid_t killed = process_;
  ASSERT_EQ(::kill(killed, SIGKILL), 0);
  launcher_.reset();
  // A group with a process that has not quite ended cannot be removed: the next start will.
  EXPECT_TRUE(eventually([&] {
    launcher_ = start_launcher(Wanted::kAuto, scratch_.make("launcher"));
    return control_groups(killed) == 0;
  }));
}

}  // namespace
}  // namespace stator::sandbox
