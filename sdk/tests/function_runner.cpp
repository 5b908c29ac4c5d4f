#include "function_runner.hpp"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace stator::sdk::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kNoNewRoot = 119;

/// /opt and /var/task out of hard links, gone with the object.
class Root {
 public:
  explicit Root(const Package& package)
      : path_(package.layer.parent_path() / ("root." + std::to_string(getpid()))) {
    const auto how = fs::copy_options::recursive | fs::copy_options::create_hard_links;
    fs::remove_all(path_);
    fs::create_directories(path_ / "var");
    fs::copy(package.layer, path_ / "opt", how);
    fs::copy(package.function, path_ / "var/task", how);
  }
  ~Root() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// In the child: only calls that are safe after a fork of many threads.
[[noreturn]] void become(const char* root, char* const* environment, int output) {
  dup2(output, STDOUT_FILENO);
  const bool inside = chroot(root) == 0 || (unshare(CLONE_NEWUSER) == 0 && chroot(root) == 0);
  if (!inside || chdir("/var/task") != 0) _exit(kNoNewRoot);
  char path[] = "/var/task/bootstrap";
  char* const arguments[] = {path, nullptr};
  execve(path, arguments, environment);
  _exit(120);
}

}  // namespace

std::optional<FunctionRun> run_packaged(
    const Package& package, const std::vector<std::string>& events,
    std::vector<std::pair<std::string, std::string>> environment) {
  std::size_t handed_out = 0;
  const FakeServer api([&](const Seen& request, int) {
    if (request.target == "/2020-01-01/extension/register") {
      return ok("{}", "Lambda-Extension-Identifier: e\r\n");
    }
    if (request.target == "/2020-01-01/extension/event/next") return Answer{};
    if (request.method == "POST") return status(202, "");
    if (handed_out == events.size()) return status(500, "over");
    const std::string id = "id-" + std::to_string(handed_out);
    return ok(events[handed_out++], "Lambda-Runtime-Aws-Request-Id: " + id + "\r\n");
  });
  environment.emplace_back("AWS_LAMBDA_RUNTIME_API", api.address());

  const Root root(package);
  std::vector<std::string> lines;
  for (const auto& [name, value] : environment) lines.push_back(name + "=" + value);
  std::vector<char*> pointers;
  for (std::string& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  const std::string path = root.path().string();

  // A file, so that a log of any length holds up nobody.
  std::FILE* const log = std::tmpfile();
  const int output = fileno(log);
  const pid_t child = fork();
  if (child == 0) become(path.c_str(), pointers.data(), output);
  int wait_status = 0;
  waitpid(child, &wait_status, 0);
  FunctionRun run;
  run.exit_status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
  run.signal = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
  std::array<char, 4096> part;
  std::rewind(log);
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), log)) {
    run.output.append(part.data(), got);
  }
  std::fclose(log);
  if (run.exit_status == kNoNewRoot) return std::nullopt;
  for (Seen& request : api.seen()) {
    if (request.method == "POST" && request.target.starts_with("/2018"))
      run.posts.push_back(std::move(request));
  }
  return run;
}

}  // namespace stator::sdk::testing
