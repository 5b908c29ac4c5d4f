#include "lambda/runtimes/registry.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/file.hpp"
#include "lambda/runtimes/command.hpp"
#include "lambda/runtimes/command_line.hpp"
#include "lambda/runtimes/sources.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::runtimes {
namespace {

namespace fs = std::filesystem;

/// A machine of its own: directories with shell scripts that answer as interpreters would.
class RuntimeRegistry : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_ / "machine/bin");
    fs::create_directories(root_ / "home");
    fs::permissions(root_, fs::perms(0755));
    places_.directories = {root_ / "machine/bin"};
    places_.home = root_ / "home";
  }

  void write_program(const fs::path& path, const std::string& script) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n" << script;
    fs::permissions(path, fs::perms(0755));
  }
  /// Answers the first question; compiling fails, as on a read-only disk.
  void add_python(const fs::path& path, const std::string& version, const fs::path& prefix) {
    write_program(path, "[ $# -gt 4 ] && exit 1\nprintf '" + version + "\\ncpython-1\\n" +
                            prefix.string() + "\\n" + path.string() + "\\n'\n");
  }
  void add_node(const fs::path& path, const std::string& version) {
    write_program(path, "printf '" + version + "\\n" + path.string() + "\\n'\n");
  }
  Result<std::shared_ptr<const Interpreter>> find(const std::string& identifier) {
    if (!registry_) registry_.emplace(root_ / "runtimes", places_, logger_);
    return registry_->find(identifier);
  }
  std::string version_for(const std::string& identifier) {
    const auto found = find(identifier);
    return found ? (*found)->version : found.error().message;
  }

  test::TemporaryDirectory directory_;
  const fs::path root_ = directory_.path();
  SystemClock clock_;
  std::string told_;
  log::Logger logger_{clock_, log::Level::kInfo, [this](std::string_view line) { told_ += line; }};
  Places places_;
  std::optional<Registry> registry_;
};

TEST_F(RuntimeRegistry, TakesTheExactVersionElseTheNearestAndSaysSo) {
  add_python(root_ / "machine/bin/python3.10", "3.10.1", root_ / "machine/bin");
  add_python(root_ / "machine/bin/python3", "3.13.0", root_ / "machine/bin");
  EXPECT_EQ(version_for("python3.10"), "3.10.1");
  EXPECT_EQ(version_for("python3.13"), "3.13.0") << "python3 is that version";
  EXPECT_EQ(told_.find("nearest"), std::string::npos) << told_;
  EXPECT_EQ(version_for("python3.11"), "3.10.1");
  EXPECT_EQ(version_for("python3.12"), "3.13.0");
  EXPECT_EQ(version_for("python3.14"), "3.13.0");
  EXPECT_NE(told_.find("nearest"), std::string::npos) << told_;
}

TEST_F(RuntimeRegistry, LooksWhereVersionManagersInstall) {
  add_node(root_ / "machine/bin/node", "18.1.0");
  add_node(root_ / "home/.nvm/versions/node/v22.3.0/bin/node", "22.3.0");
  ::setenv("HOME", (root_ / "home").c_str(), 1);
  const auto places = places_of_this_machine(false);
  EXPECT_EQ(places.home, root_ / "home");
  places_.directories.push_back(places.directories.back());
  EXPECT_EQ(version_for("nodejs22.x"), "22.3.0");
  EXPECT_EQ(version_for("nodejs18.x"), "18.1.0");
  EXPECT_EQ((*find("nodejs22.x"))->prefix, root_ / "home/.nvm/versions/node/v22.3.0");
}

TEST_F(RuntimeRegistry, SaysWhatToInstallAndFindsItThen) {
  EXPECT_NE(version_for("nodejs20.x").find("`apt install nodejs`"), std::string::npos);
  EXPECT_NE(version_for("python3.12").find("`apt install python3`"), std::string::npos);
  add_node(root_ / "machine/bin/node", "20.9.0");
  EXPECT_EQ(version_for("nodejs20.x"), "20.9.0");
  // Gone again, it is noticed.
  fs::remove(root_ / "machine/bin/node");
  EXPECT_NE(version_for("nodejs20.x").find("`apt install nodejs`"), std::string::npos);
}

TEST_F(RuntimeRegistry, PassesOverWhatCannotServe) {
  write_program(root_ / "machine/bin/python3.12", "echo nonsense\n");
  write_program(root_ / "machine/bin/python3.11", "exit 127\n");
  add_python(root_ / "machine/bin/python3.10", "3.10.4", root_);  // holds the home directory
  add_node(root_ / "machine/bin/node", "12.0.0");
  EXPECT_NE(version_for("python3.12").find("needs Python 3"), std::string::npos);
  EXPECT_NE(version_for("nodejs22.x").find("16 or newer"), std::string::npos);
}

TEST_F(RuntimeRegistry, WithoutMountsOnlyPublicInterpretersServe) {
  add_node(root_ / "private/bin/node", "20.1.0");
  fs::permissions(root_ / "private", fs::perms(0700));
  places_.directories = {root_ / "private/bin"};
  places_.must_be_public = true;
  EXPECT_NE(version_for("nodejs20.x").find("needs Node.js"), std::string::npos);
}

TEST_F(RuntimeRegistry, KeepsTheClientsByTheirContent) {
  fs::create_directories(root_ / "runtimes/of-another-version");
  add_node(root_ / "machine/bin/node", "20.1.0");
  const auto found = find("nodejs20.x");
  ASSERT_TRUE(found) << found.error().message;
  const fs::path clients = (*found)->client.parent_path();
  EXPECT_FALSE(fs::exists(root_ / "runtimes/of-another-version"));
  for (const auto& file : source_files()) {
    EXPECT_EQ(read_file(clients / file.path).value_or(""), file.text) << file.path;
    EXPECT_EQ(fs::status(clients / file.path).permissions(), fs::perms(0644));
  }
  EXPECT_EQ(fs::status((*found)->client).permissions(), fs::perms(0755));
}

TEST_F(RuntimeRegistry, ProvidedRuntimesNeedNone) {
  const auto found = find("provided.al2023");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, nullptr);
  EXPECT_FALSE(fs::exists(root_ / "runtimes")) << "nothing is written for them";
}

TEST(RuntimeCommandLine, NamesPathsAsTheFunctionSeesThem) {
  Interpreter python{Family::kPython,
                     12,
                     "3.12.1",
                     "/home/u/py/bin/python3.12",
                     "/home/u/py",
                     "/data/python",
                     "__pycache__/bootstrap.cpython-312.pyc"};
  FunctionRecord function;
  sandbox::Spec spec;
  set_command_line(python, function, true, spec);
  EXPECT_EQ(spec.argv,
            (std::vector<std::string>{"/var/lang/bin/python3.12", "-S",
                                      "/var/runtime/__pycache__/bootstrap.cpython-312.pyc"}));
  ASSERT_EQ(spec.mounts.size(), 2u);
  EXPECT_EQ(spec.mounts[0].directory, "/data/python");
  EXPECT_EQ(spec.mounts[1].directory, "/home/u/py");
  EXPECT_EQ(spec.mounts[1].inside, "/var/lang");

  spec = {};
  set_command_line(python, function, false, spec);
  EXPECT_EQ(spec.argv.front(), "/home/u/py/bin/python3.12");
  EXPECT_EQ(spec.argv.back(), "/data/python/__pycache__/bootstrap.cpython-312.pyc");
  EXPECT_TRUE(spec.mounts.empty());
}

TEST(RuntimeCommandLine, PutsTheWrapperFirstAndTheClientLast) {
  const Interpreter node{Family::kNode, 20,         "20.1.0", "/usr/bin/node", "",
                         "/data/node",  "index.cjs"};
  FunctionRecord function;
  function.memory_mb = 1000;
  function.environment = EnvironmentVariables{{"AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrap"}};
  sandbox::Spec spec;
  set_command_line(node, function, true, spec);
  EXPECT_EQ(spec.argv,
            (std::vector<std::string>{"/opt/wrap", "/usr/bin/node", "--max-old-space-size=900",
                                      "/var/runtime/index.cjs"}));
}

TEST(RunCommand, GivesTheOutputOrTellsWhyNot) {
  const auto patience = std::chrono::seconds(20);
  EXPECT_EQ(run_command({"/bin/echo", "a b"}, patience).value_or(""), "a b\n");
  EXPECT_FALSE(run_command({"/no/such/program"}, patience));
  EXPECT_FALSE(run_command({"/bin/false"}, patience));
  EXPECT_FALSE(run_command({"/bin/sh", "-c", "kill -9 $$"}, patience));
  EXPECT_FALSE(run_command({"/bin/sleep", "60"}, std::chrono::milliseconds(10)));
  EXPECT_FALSE(run_command({"/usr/bin/yes"}, patience)) << "it prints without end";
}

}  // namespace
}  // namespace stator::lambda::runtimes
