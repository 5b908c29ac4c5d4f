#include "lambda/runtimes/probe.hpp"

#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "base/strings.hpp"
#include "lambda/runtimes/command.hpp"

namespace stator::lambda::runtimes {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{10};

// -I and -S: neither the environment nor the machine's .pth files have a say.
constexpr const char* kAboutPython =
    "import os, sys\n"
    "print('%d.%d.%d' % sys.version_info[:3], sys.implementation.cache_tag,\n"
    "      os.path.realpath(sys.base_prefix), os.path.realpath(sys.executable), sep='\\n')\n";

// Named as they are seen inside, which is what a stack trace shows.
constexpr const char* kCompile =
    "import py_compile, sys\n"
    "for name in ('bootstrap', '_stator_more'):\n"
    "    py_compile.compile(f'{sys.argv[1]}/{name}.py', dfile=f'/var/runtime/{name}.py',\n"
    "                       doraise=True,\n"
    "                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)\n";

constexpr const char* kAboutNode =
    "console.log(process.versions.node + '\\n' + fs.realpathSync(process.execPath))";

Result<std::vector<std::string>> ask(const std::vector<std::string>& argv, std::size_t lines) {
  STATOR_TRY(const auto output, run_command(argv, kPatience));
  std::vector<std::string> out;
  for (const auto line : split(output, '\n')) out.emplace_back(line);
  if (out.size() < lines) return unavailable(argv.front() + " is no interpreter");
  return out;
}

/// The part of "3.11.2" at an index.
Result<int> number_of(std::string_view version, std::size_t index) {
  const auto parts = split(version, '.');
  int number = 0;
  if (parts.size() > index) {
    const auto part = parts[index];
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error == std::errc() && end == part.data() + part.size()) return number;
  }
  return unavailable("no version: " + std::string(version));
}

}  // namespace

Result<Interpreter> ask_python(const fs::path& program, const fs::path& client) {
  STATOR_TRY(const auto lines, ask({program.string(), "-I", "-S", "-c", kAboutPython}, 4));
  Interpreter found{.family = Family::kPython, .version = lines[0]};
  STATOR_TRY(found.number, number_of(found.version, 1));
  found.prefix = lines[2];
  found.executable = lines[3];
  found.client = client;
  found.main_file = "bootstrap.py";
  const auto compiled =
      run_command({program.string(), "-I", "-S", "-c", kCompile, client.string()}, kPatience);
  if (!compiled) return found;  // it compiles the client at each start then
  const std::string cached = "__pycache__/bootstrap." + lines[1] + ".pyc";
  std::error_code failure;
  for (const auto& file : {cached, "__pycache__/_stator_more." + lines[1] + ".pyc"}) {
    fs::permissions(client / file, fs::perms(0644), failure);
  }
  if (!failure) found.main_file = cached;
  return found;
}

Result<Interpreter> ask_node(const fs::path& program, const fs::path& client) {
  STATOR_TRY(const auto lines, ask({program.string(), "-e", kAboutNode}, 2));
  Interpreter found{.family = Family::kNode, .version = lines[0]};
  STATOR_TRY(found.number, number_of(found.version, 0));
  found.executable = lines[1];
  found.prefix = found.executable.parent_path().parent_path();
  found.client = client;
  found.main_file = "index.cjs";
  return found;
}

}  // namespace stator::lambda::runtimes
