#include "lambda/extension_programs.hpp"

#include <set>

#include "lambda/extensions.hpp"

namespace stator::lambda {
namespace {

namespace fs = std::filesystem;

/// What the sandbox's sockets allow beside two listeners.
constexpr std::uint32_t kTelemetrySubscriptionsMax = 2;
constexpr std::string_view kDirectory = "extensions";

bool is_executable(const fs::directory_entry& entry) {
  std::error_code failure;
  const auto status = entry.status(failure);
  return !failure && fs::is_regular_file(status) &&
         (status.permissions() & fs::perms::others_exec) != fs::perms::none;
}

/// Where the program sees it: later layers lie on top.
std::string path_inside(const sandbox::Spec& spec, const std::string& name,
                        sandbox::Isolation isolation) {
  if (isolation != sandbox::Isolation::kProcess) return "/opt/extensions/" + name;
  std::string path;
  for (const auto& layer : spec.layers) {
    std::error_code ignored;
    const fs::path candidate = layer / kDirectory / name;
    if (fs::exists(candidate, ignored)) path = candidate.string();
  }
  return path;
}

}  // namespace

std::vector<std::string> find_extensions(const std::vector<fs::path>& layers) {
  std::set<std::string> names;
  for (const auto& layer : layers) {
    std::error_code failure;
    for (fs::directory_iterator at(layer / kDirectory, failure), end; !failure && at != end;
         at.increment(failure)) {
      if (is_executable(*at)) names.insert(at->path().filename().string());
    }
  }
  return {names.begin(), names.end()};
}

std::optional<Failure> add_extensions(Program& program, sandbox::Isolation isolation) {
  auto& spec = program.spec;
  program.extensions = find_extensions(spec.layers);
  if (program.extensions.size() > Extensions::kExtensionsMax) {
    return Failure{"Extension.TooManyExtensions",
                   "Extension limit (" + std::to_string(Extensions::kExtensionsMax) + ") reached",
                   std::nullopt};
  }
  if (!program.extensions.empty()) spec.connectors = kTelemetrySubscriptionsMax;
  for (const auto& name : program.extensions) {
    spec.companions.push_back({path_inside(spec, name, isolation)});
  }
  return std::nullopt;
}

Failure launch_failure(const sandbox::Spec& spec, const std::string& message) {
  for (const auto& companion : spec.companions) {
    if (message.find(companion.front() + ":") == std::string::npos) continue;
    return {"Extension.LaunchError", message, std::nullopt};
  }
  return {"Runtime.InvalidEntrypoint", message, std::nullopt};
}

}  // namespace stator::lambda
