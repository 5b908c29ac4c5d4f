#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/init/project.hpp"
#include "lambda/runtimes/registry.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

/// Gone with its contents at the end.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string path = (fs::temp_directory_path() / "stator-init-XXXXXX").string();
    if (::mkdtemp(path.data()) != nullptr) path_ = path;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Whether the interpreter finds the package; what it prints is not shown.
bool can_import(const fs::path& interpreter, const char* package) {
  const std::string code = std::string("import ") + package;
  const pid_t child = ::fork();
  if (child < 0) return false;
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(1);
    ::execl(interpreter.c_str(), interpreter.c_str(), "-c", code.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// By the interpreters that a server of this machine would run the functions in.
ChosenRuntime choose_python_here() {
  const SystemClock clock;
  const log::Logger logger(clock, log::Level::kError, log::stderr_sink());
  const ScratchDirectory scratch;
  lambda::runtimes::Registry registry(scratch.path(),
                                      lambda::runtimes::places_of_this_machine(false), logger);
  return choose_python([&registry](const std::string& identifier) {
    const auto found = registry.find(identifier);
    // The nearest version stands in for one that is not there: not what the project should name.
    const bool is_exact =
        found && *found != nullptr &&
        "python" + (*found)->version.substr(0, identifier.size() - 6) == identifier;
    return is_exact && can_import((*found)->executable, "boto3");
  });
}

Result<void> run(const InitOptions& options) {
#if defined(__aarch64__)
  ProjectOptions project{.kind = options.kind, .architecture = "arm64"};
#else
  ProjectOptions project{.kind = options.kind, .architecture = "x86_64"};
#endif
  if (options.kind == "python") {
    const ChosenRuntime chosen = choose_python_here();
    project.runtime = chosen.identifier;
    project.has_boto3 = chosen.has_boto3;
  }
  STATOR_TRY(const auto written, write_project(options.directory, project));
  for (const std::string& path : written) {
    std::cout << "  " << (options.directory / path).lexically_normal().string() << "\n";
  }
  const bool is_here = options.directory.lexically_normal() == ".";
  std::cout << "next: " << (is_here ? "" : "cd " + options.directory.string() + " && ")
            << (options.kind == "cpp" ? "cmake -B build && cmake --build build && " : "")
            << "stator up" << std::endl;
  if (options.kind == "python" && !project.has_boto3) {
    std::cout
        << "no Python of this machine has boto3, which the functions use: README.md says what "
           "to do"
        << std::endl;
  }
  return {};
}

}  // namespace

int init(const InitOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
