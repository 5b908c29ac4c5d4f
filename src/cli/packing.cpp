#include "cli/packing.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/file.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRequirements = "requirements.txt";

/// A directory of our own, gone with the object.
class Stage {
 public:
  static Result<Stage> make() {
    std::error_code error;
    std::string pattern = (fs::temp_directory_path(error) / "stator-package-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return errno_error("a temporary directory");
    return Stage(pattern);
  }
  Stage(Stage&& other) noexcept : path_(std::exchange(other.path_, fs::path())) {}
  Stage& operator=(Stage&&) = delete;
  ~Stage() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit Stage(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

/// Runs a program to its end; whether it succeeded. What it prints goes to `log`.
Result<bool> run(std::vector<std::string> argv, const fs::path& log) {
  std::vector<char*> pointers;
  for (std::string& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, argv.front().c_str(), &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return unavailable(argv.front() + ": " + std::strerror(error));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return errno_error("waitpid");
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string last_lines(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::size_t at = text.size();
  for (int lines = 0; lines < 2 && at != std::string::npos && at != 0; ++lines) {
    at = text.rfind('\n', at - 1);
  }
  return at == std::string::npos || at == 0 ? text : text.substr(at + 1);
}

/// By pip, without bytecode, so that the same packages are the same files. Its own bounds on
/// waiting for an index are one retry and 15 seconds.
Result<void> install(const fs::path& requirements, const fs::path& target, const fs::path& log,
                     const PackOptions& options) {
  std::vector<std::string> argv{options.python,
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--no-input",
                                "--no-compile",
                                "--disable-pip-version-check",
                                "--root-user-action=ignore",
                                "--retries=1",
                                "--timeout=15",
                                "--target=" + target.string(),
                                "--requirement=" + requirements.string()};
  if (!options.wheels.empty()) {
    argv.emplace_back("--no-index");
    argv.push_back("--find-links=" + options.wheels.string());
  }
  STATOR_TRY(const bool done, run(std::move(argv), log));
  if (done) return {};
  STATOR_TRY(const std::string said, read_file(log));
  return unavailable(
      requirements.string() + " could not be installed: " + last_lines(said) +
      "\nGive a directory of wheels (--wheels DIR or PIP_FIND_LINKS), made where there is an index "
      "by: pip wheel -r requirements.txt -w DIR; or name an index that can be reached "
      "(PIP_INDEX_URL).");
}

/// What an interpreter or an installer leaves behind, different on every machine.
bool is_litter(const std::string& name) {
  const bool is_record = name.ends_with("/RECORD") && name.find(".dist-info/") != std::string::npos;
  return is_record || name.starts_with("bin/") || name.ends_with(".pyc") ||
         name.find("__pycache__/") != std::string::npos;
}

struct CodeProperty {
  std::string_view type;
  std::string_view property;
  PackageKind kind;
};
constexpr std::array kCodeProperties = {
    CodeProperty{"AWS::Serverless::Function", "CodeUri", PackageKind::kFunction},
    CodeProperty{"AWS::Serverless::LayerVersion", "ContentUri", PackageKind::kLayer},
    CodeProperty{"AWS::Lambda::Function", "Code", PackageKind::kFunction},
    CodeProperty{"AWS::Lambda::LayerVersion", "Content", PackageKind::kLayer},
};
/// Members that may name a local file besides, of any resource.
constexpr std::array<std::string_view, 5> kOtherFiles = {"TemplateURL", "Location", "DefinitionUri",
                                                         "SchemaUri", "BodyS3Location"};

json::Value* member(json::Object& object, std::string_view name) {
  return object.if_contains(boost::json::string_view(name.data(), name.size()));
}
json::Object* object_member(json::Object& object, std::string_view name) {
  json::Value* const found = member(object, name);
  return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

/// The local path that a member names, or nothing.
std::optional<std::string> local_path(json::Value* value) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  std::string path(json::view(value->get_string()));
  if (path.starts_with("s3://") || path.starts_with("http")) return std::nullopt;
  return path;
}

Result<std::string> zip_of(const fs::path& path, PackageKind kind, const PackOptions& options) {
  if (path.extension() == ".zip") return read_file(path);
  STATOR_TRY(auto entries, gather(path, kind, options));
  return archive::pack(std::move(entries));
}

Result<void> pack_resource(const std::string& name, json::Object& resource, const fs::path& base,
                           const PackOptions& options, PackedTemplate& packed) {
  const std::string type = json::find_string(resource, "Type").value_or("");
  json::Object* const properties = object_member(resource, "Properties");
  if (properties == nullptr) return {};
  for (const CodeProperty& code : kCodeProperties) {
    json::Value* const place = type == code.type ? member(*properties, code.property) : nullptr;
    const auto path = local_path(place);
    if (!path) continue;
    auto zip = zip_of(base / *path, code.kind, options);
    if (!zip) {
      Error error = zip.error();
      error.message = "resource " + name + ": " + std::string(code.property) + " '" + *path +
                      "': " + error.message;
      return error;
    }
    packed.zips.emplace_back(name + ".zip", *std::move(zip));
    *place = packed.zips.back().first;
  }
  for (const std::string_view other : kOtherFiles) {
    const auto path = local_path(member(*properties, other));
    std::error_code ignored;
    if (path && fs::exists(base / *path, ignored)) {
      return unsupported("resource " + name + ": " + std::string(other) + " '" + *path +
                         "' is a local file that 'stator package' does not pack; deploy the "
                         "template from where it is");
    }
  }
  return {};
}

/// Globals.Function.CodeUri goes to the functions that have none of their own.
void spread_globals(json::Object& body) {
  json::Object* const globals = object_member(body, "Globals");
  json::Object* const function = globals == nullptr ? nullptr : object_member(*globals, "Function");
  json::Object* const resources = object_member(body, "Resources");
  if (function == nullptr || resources == nullptr) return;
  const auto path = local_path(member(*function, "CodeUri"));
  if (!path) return;
  for (auto& entry : *resources) {
    if (!entry.value().is_object()) continue;
    json::Object& resource = entry.value().get_object();
    if (json::find_string(resource, "Type") != "AWS::Serverless::Function") continue;
    json::Value& properties = resource["Properties"];
    if (properties.is_null()) properties = json::Object();
    if (!properties.is_object()) continue;
    const bool has_own = properties.get_object().contains("CodeUri") ||
                         properties.get_object().contains("InlineCode") ||
                         properties.get_object().contains("ImageUri");
    if (!has_own) properties.get_object()["CodeUri"] = *path;
  }
  function->erase("CodeUri");
}

}  // namespace

Result<std::vector<archive::Entry>> gather(const fs::path& directory, PackageKind kind,
                                           const PackOptions& options) {
  STATOR_TRY(auto entries, archive::collect(directory));
  const auto requirements =
      std::find_if(entries.begin(), entries.end(),
                   [](const archive::Entry& entry) { return entry.name == kRequirements; });
  if (requirements == entries.end()) return entries;

  STATOR_TRY(const Stage stage, Stage::make());
  const fs::path target = stage.path() / "installed";
  STATOR_TRY_VOID(install(directory / kRequirements, target, stage.path() / "log", options));
  entries.erase(requirements);
  std::erase_if(entries, [](const archive::Entry& entry) { return is_litter(entry.name); });
  std::error_code ignored;
  if (!fs::exists(target, ignored)) return entries;  // the file names nothing
  STATOR_TRY(auto installed, archive::collect(target));
  for (archive::Entry& entry : installed) {
    if (is_litter(entry.name)) continue;
    if (kind == PackageKind::kLayer) entry.name = "python/" + entry.name;
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(),
            [](const archive::Entry& a, const archive::Entry& b) { return a.name < b.name; });
  return entries;
}

Result<PackedTemplate> pack_template(json::Object body, const fs::path& base,
                                     const PackOptions& options) {
  spread_globals(body);
  PackedTemplate packed{std::move(body), {}};
  json::Object* const resources = object_member(packed.body, "Resources");
  if (resources == nullptr) return packed;
  for (auto& entry : *resources) {
    if (!entry.value().is_object()) continue;
    STATOR_TRY_VOID(pack_resource({entry.key().data(), entry.key().size()},
                                  entry.value().get_object(), base, options, packed));
  }
  return packed;
}

}  // namespace stator::cli
