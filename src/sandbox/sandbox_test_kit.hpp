#pragma once

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.hpp"
#include "base/strings.hpp"
#include "sandbox/sandbox.hpp"

/// What the room's tests share: one launcher per test program, and one call that runs the probe.
namespace stator::sandbox::testing {

namespace fs = std::filesystem;

/// A directory of its own that a confined user can reach, removed at the end.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (fs::temp_directory_path() / "stator-sandbox-XXXXXX").native();
    path_ = ::mkdtemp(pattern.data());
    fs::permissions(path_, fs::perms(0755));
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }
  /// A new empty directory in it.
  [[nodiscard]] fs::path make(const std::string& name) const {
    fs::create_directories(path_ / name);
    fs::permissions(path_ / name, fs::perms(0755));
    return path_ / name;
  }

 private:
  fs::path path_;
};

/// Where the exit of one sandbox arrives.
class ExitBox {
 public:
  Launcher::OnExit callback() {
    return [state = state_](const Exit& exit) {
      const std::lock_guard lock(state->mutex);
      state->exit = exit;
      ++state->count;
      state->arrived.notify_all();
    };
  }
  /// Waits; nothing after half a minute.
  std::optional<Exit> wait() {
    std::unique_lock lock(state_->mutex);
    state_->arrived.wait_for(lock, std::chrono::seconds(30), [this] { return state_->count > 0; });
    return state_->exit;
  }
  int count() {
    const std::lock_guard lock(state_->mutex);
    return state_->count;
  }

 private:
  // Shared with the callback, which the launcher's thread may hold longer than the test.
  struct State {
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Exit> exit;
    int count = 0;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// Everything until the other ends of the pipe are closed.
inline std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  for (;;) {
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, 30'000) != 1) return text + "(timeout)";
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

/// Asks until it is so, for at most ten seconds: what ends in another process ends in its time.
template <class Predicate>
bool eventually(Predicate predicate) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

struct Outcome {
  std::string output;
  Exit exit;
  std::string error;  ///< of start()
};

inline Outcome run(Launcher& launcher, const Spec& spec) {
  ExitBox box;
  auto sandbox = launcher.start(spec, box.callback());
  if (!sandbox) return {"", {}, sandbox.error().message};
  Outcome outcome;
  const UniqueFd output = (*sandbox)->take_output();
  outcome.output = read_all(output.get());
  const auto exit = box.wait();
  if (exit) outcome.exit = *exit;
  if (!exit) outcome.error = "no exit was reported";
  return outcome;
}

/// The probe's directory, as the code of a function.
inline Spec probe_spec(std::vector<std::string> arguments) {
  Spec spec;
  spec.name = "probe";
  spec.code = STATOR_PROBE_DIRECTORY;
  spec.argv = {"/var/task/sandbox_probe"};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  return spec;
}

/// One launcher for all tests of the suite. Skips them where the machine forbids namespaces.
class SandboxTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<ScratchDirectory>();
    try {
      launcher_ = start_launcher(Wanted::kAuto, scratch_->make("launcher"));
    } catch (const ConfigError& error) {
      refusal_ = error.what();
    }
  }
  static void TearDownTestSuite() {
    launcher_.reset();
    scratch_.reset();
  }
  void SetUp() override {
    if (!launcher_) GTEST_SKIP() << refusal_;
  }

  static Outcome probe(std::vector<std::string> arguments) {
    return run(*launcher_, probe_spec(std::move(arguments)));
  }
  static void expect_denied(std::vector<std::string> arguments) {
    const Outcome outcome = probe(arguments);
    EXPECT_EQ(outcome.error, "");
    EXPECT_TRUE(outcome.output.starts_with("denied"))
        << join(arguments, " ") << ": " << outcome.output;
  }

  static inline std::unique_ptr<ScratchDirectory> scratch_;
  static inline std::unique_ptr<Launcher> launcher_;
  static inline std::string refusal_;
};

/// Replaces a file's text.
inline void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace stator::sandbox::testing
