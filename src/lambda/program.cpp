#include "lambda/program.hpp"

#include <filesystem>
#include <utility>

#include "base/ids.hpp"
#include "lambda/confinement.hpp"
#include "lambda/environment.hpp"
#include "lambda/log_target.hpp"
#include "lambda/runtimes/command_line.hpp"

namespace stator::lambda {
namespace {

namespace fs = std::filesystem;

constexpr std::uint16_t kRuntimeApiPort = 9001;

/// A link counts as executable: where it leads is known only inside the sandbox.
bool is_executable(const fs::path& path) {
  std::error_code failure;
  const auto status = fs::symlink_status(path, failure);
  if (failure) return false;
  if (fs::is_symlink(status)) return true;
  return fs::is_regular_file(status) &&
         (status.permissions() & fs::perms::others_exec) != fs::perms::none;
}

/// A provided runtime's program: the package's, or else a layer's.
std::optional<Failure> find_bootstrap(sandbox::Spec& spec) {
  if (is_executable(spec.code / "bootstrap")) {
    spec.argv = {"/var/task/bootstrap"};
    return std::nullopt;
  }
  for (const auto& layer : spec.layers) {
    if (!is_executable(layer / "bootstrap")) continue;
    spec.argv = {"/opt/bootstrap"};
    return std::nullopt;
  }
  return Failure{"Runtime.InvalidEntrypoint",
                 "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
                 std::nullopt};
}

std::optional<Failure> prepare_code(const ProgramParts& parts, const FunctionRecord& function,
                                    Program& program) {
  std::vector<CodePackage> packages{function.code};
  for (const auto& layer : function.layers) packages.push_back(layer.package);
  std::vector<fs::path> paths;
  for (const auto& package : packages) {
    program.leases.push_back(parts.code.lease(package.sha256_hex));
    auto path = parts.code.unpacked(package.sha256_hex);
    if (!path) return machine_fault(path.error());
    paths.push_back(fs::absolute(*path));
  }
  auto& spec = program.spec;
  spec.code = paths[0];
  spec.layers.assign(paths.begin() + 1, paths.end());
  return std::nullopt;
}

/// What the sandbox starts with; `interpreter` stays null for provided runtimes.
std::optional<Failure> prepare_command(const ProgramParts& parts, const FunctionRecord& function,
                                       Program& program,
                                       std::shared_ptr<const runtimes::Interpreter>& interpreter) {
  if (runtimes::is_provided(function.runtime)) return find_bootstrap(program.spec);
  auto found = parts.interpreters.find(function.runtime);
  if (!found) return Failure{"Runtime.InvalidEntrypoint", found.error().message, std::nullopt};
  interpreter = std::move(*found);
  runtimes::set_command_line(*interpreter, function,
                             parts.isolation != sandbox::Isolation::kProcess, program.spec);
  return std::nullopt;
}

std::optional<Failure> prepare_environment(const ProgramParts& parts,
                                           const FunctionRecord& function,
                                           const runtimes::Interpreter* interpreter,
                                           Program& program) {
  auto& spec = program.spec;
  auto keys = parts.credentials.session(function.role, function.key.name);
  if (!keys) return machine_fault(keys.error());
  program.keys_expire = last_start(parts.clock, keys->expires, parts.keys_margin,
                                   std::chrono::seconds(function.timeout_s));
  program.log_stream = log_stream_name(function, parts.clock.wall(),
                                       random_text(parts.random, "0123456789abcdef", 32));
  InstanceFacts facts{.keys = std::move(*keys),
                      .log_stream = program.log_stream,
                      .task_root = "/var/task",
                      .layer_roots = {"/opt"},
                      .runtime_root = runtimes::kRuntimeRoot,
                      .runtime_api_port = "{port:0}",
                      .endpoint_port = "{port:1}"};
  if (interpreter != nullptr && !interpreter->prefix.empty()) facts.lang_root = runtimes::kLangRoot;
  if (parts.isolation == sandbox::Isolation::kProcess) {
    facts.task_root = spec.code.string();
    facts.layer_roots.clear();
    for (const auto& layer : spec.layers) facts.layer_roots.push_back(layer.string());
    if (interpreter != nullptr) {
      facts.runtime_root = interpreter->client.string();
      facts.lang_root = interpreter->prefix.string();
    }
  }
  spec.name = function.key.name;
  spec.environment = instance_environment(function, facts);
  if (auto confined = confine(function, parts.confinement, spec); !confined) {
    return machine_fault(confined.error());
  }
  spec.ports = {{kRuntimeApiPort}, {kEndpointPort}};
  return std::nullopt;
}

}  // namespace

std::optional<Failure> prepare_program(const ProgramParts& parts, const FunctionRecord& function,
                                       Program& program) {
  if (auto failure = prepare_code(parts, function, program)) return failure;
  std::shared_ptr<const runtimes::Interpreter> interpreter;
  if (auto failure = prepare_command(parts, function, program, interpreter)) return failure;
  return prepare_environment(parts, function, interpreter.get(), program);
}

SteadyTime last_start(const Clock& clock, WallTime keys_expire, std::chrono::seconds margin,
                      std::chrono::seconds timeout) {
  return clock.steady() + (keys_expire - clock.wall()) - margin - timeout;
}

Failure machine_fault(Error error) {
  Failure failure;
  failure.fault = std::move(error);
  return failure;
}

}  // namespace stator::lambda
