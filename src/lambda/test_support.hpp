#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "archive/zip.hpp"
#include "base/bytes.hpp"
#include "iam/identity.hpp"
#include "lambda/functions.hpp"
#include "lambda/sources/event_sources.hpp"
#include "lambda/sources/test_doors.hpp"

/// Stand-ins for what Lambda works with, and a harness that runs its operations by name.
namespace stator::lambda::test {

/// A directory that goes with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "stator-lambda-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Every role exists and may be assumed, but those named "missing".
class FakeCredentials final : public RoleCredentials {
 public:
  explicit FakeCredentials(const Clock& clock) : clock_(clock) {}
  Result<void> check_assumable(const std::string& role_arn) override {
    if (!role_arn.ends_with("/missing")) return {};
    return Error{ErrorCode::kAccessDenied, "lambda.amazonaws.com is not authorized"};
  }
  Result<SessionKeys> session(const std::string&, const std::string& name) override {
    return SessionKeys{"ASIA" + name, "secret", "token", clock_.wall() + lifetime};
  }
  Result<aws::Principal> principal(const std::string& role_arn, const std::string& name) override {
    STATOR_TRY_VOID(check_assumable(role_arn));
    return aws::Principal{.kind = aws::Principal::Kind::kAssumedRole,
                          .account = "000000000000",
                          .arn = "arn:aws:sts::000000000000:assumed-role/r/" + name,
                          .user_id = "AROA:" + name,
                          .role_name = "r"};
  }
  std::chrono::minutes lifetime{60};

 private:
  const Clock& clock_;
};

class FakeLogs final : public LogSink {
 public:
  void append(std::string_view, std::string_view, std::string_view group, std::string_view stream,
              std::vector<LogEvent> events) override {
    const std::lock_guard lock(mutex_);
    group_ = group;
    stream_ = stream;
    for (auto& event : events) text_ += event.message;
    changed_.notify_all();
  }
  /// All messages, once they contain `part`; what there is after ten seconds.
  [[nodiscard]] std::string wait_for(std::string_view part) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10),
                      [&] { return text_.find(part) != std::string::npos; });
    return text_;
  }
  [[nodiscard]] std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  [[nodiscard]] std::string stream() {
    const std::lock_guard lock(mutex_);
    return group_ + " " + stream_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::string group_;
  std::string stream_;
};

class FakeArtifacts final : public ArtifactStore {
 public:
  Result<std::string> read(std::string_view, std::string_view bucket,
                           std::string_view key) override {
    const auto found = objects.find(std::string(bucket) + "/" + std::string(key));
    if (found != objects.end()) return found->second;
    return Error{ErrorCode::kNotFound, "The specified key does not exist.", "NoSuchKey"};
  }
  std::map<std::string, std::string> objects;
};

/// Grants everything and remembers what was asked. Any thread may ask; `asked` is read when none
/// does.
class FakeAuthorizer final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    const std::lock_guard lock(mutex_);
    for (const auto& need : needs) {
      asked.push_back(need.action + " " + need.resource);
      if (need.action == denied) {
        return Error{ErrorCode::kAccessDenied, "no", "AccessDeniedException"};
      }
    }
    return {};
  }
  std::vector<std::string> asked;
  std::string denied;

 private:
  std::mutex mutex_;
};

/// What a FakeLauncher started: the other ends of the descriptors, and the exit to report.
struct FakeProgram {
  sandbox::Spec spec;
  sandbox::Launcher::OnExit on_exit;
  std::vector<std::uint16_t> ports;
  UniqueFd output;
  std::atomic<bool> is_killed{false};
  std::atomic<bool> is_frozen = false;
  std::atomic<bool> is_terminated = false;
};

class FakeSandbox final : public sandbox::Sandbox {
 public:
  FakeSandbox(std::shared_ptr<FakeProgram> program, std::vector<UniqueFd> listeners,
              UniqueFd output)
      : program_(std::move(program)),
        listeners_(std::move(listeners)),
        output_(std::move(output)) {}
  ~FakeSandbox() override { program_->is_killed = true; }
  std::uint64_t id() const override { return 1; }
  pid_t pid() const override { return 0; }
  std::vector<UniqueFd> take_listeners() override { return std::move(listeners_); }
  std::vector<UniqueFd> take_connectors() override {
    std::vector<UniqueFd> sockets;
    for (std::uint32_t i = 0; i < program_->spec.connectors; ++i) {
      sockets.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }
    return sockets;
  }
  UniqueFd take_output() override { return std::move(output_); }
  std::uint64_t memory_bytes() const override { return 40u << 20; }
  void kill() override { program_->is_killed = true; }
  void terminate() override { program_->is_terminated = true; }
  void freeze() override { program_->is_frozen = true; }
  void thaw() override { program_->is_frozen = false; }

 private:
  std::shared_ptr<FakeProgram> program_;
  std::vector<UniqueFd> listeners_;
  UniqueFd output_;
};

/// Starts nothing: listeners on the host's loopback and a pipe, for a test to play the runtime.
class FakeLauncher final : public sandbox::Launcher {
 public:
  sandbox::Capabilities capabilities() const override {
    return {sandbox::Isolation::kRoot, true, true, "fake"};
  }
  Result<std::unique_ptr<sandbox::Sandbox>> start(const sandbox::Spec& spec,
                                                  OnExit on_exit) override;
  /// The next program to start, waiting for it; null after ten seconds.
  [[nodiscard]] std::shared_ptr<FakeProgram> next();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<FakeProgram>> started_;
};

/// A zip with these files, each executable.
[[nodiscard]] std::string make_zip(const std::map<std::string, std::string>& files);
[[nodiscard]] std::string make_zip_base64(const std::map<std::string, std::string>& files);

/// Lambda over a store in memory and fakes; time is the system's, so that instances really run.
class Lab {
 public:
  /// With `real`, functions run there and not on the fake.
  explicit Lab(FunctionsOptions options = {}, sandbox::Launcher* real = nullptr);
  ~Lab();
  Lab(const Lab&) = delete;

  /// Runs a JSON operation as root of 000000000000 in us-east-1.
  [[nodiscard]] Result<json::Object> run(const std::string& operation, const std::string& input);
  /// CreateFunction with a bootstrap and the usual members; further members as JSON text.
  [[nodiscard]] Result<json::Object> create(const std::string& name,
                                            const std::string& further = "");
  /// Invoke over the operation, waiting for its answer.
  [[nodiscard]] Result<http::Response> invoke(
      const std::string& name, const std::string& payload,
      const std::vector<std::pair<std::string, std::string>>& headers = {});
  /// Null when there is none of that name.
  [[nodiscard]] const aws::Operation* find(const std::string& operation) const;
  /// Makes a new Functions over the same store, as after a restart.
  void restart();
  /// Starts an HTTP server and Lambda on it.
  void serve(http::Handler endpoint = {});

  TemporaryDirectory directory;
  SystemClock clock;
  SystemRandom random;
  TimerThread scheduler;
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  FakeLauncher launcher;
  FakeCredentials credentials{clock};
  FakeLogs logs;
  FakeArtifacts artifacts;
  FakeAuthorizer authorizer;
  iam::Identity identity{{*store, clock, random}};  ///< judges invocations by services
  FunctionsOptions options;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<Functions> functions;
  sources::test::FakeStreams streams;
  sources::test::FakeRights rights;
  sources::test::FakeObjects objects;
  std::unique_ptr<WorkerPool> pollers;
  std::unique_ptr<sources::EventSources> event_sources;  ///< not started

 private:
  sandbox::Launcher* real_launcher_;
  aws::Service service_;
};

[[nodiscard]] aws::Call make_call(const Clock& clock);

}  // namespace stator::lambda::test
