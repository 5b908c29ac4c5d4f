#include "cli/init/project.hpp"

#include <array>
#include <utility>

#include "base/file.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kPythons = {"python3.14", "python3.13", "python3.12", "python3.11"};
/// What a project gets where no interpreter of this machine has boto3.
constexpr const char* kPlainPython = "python3.13";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string filled(const ProjectFile& file, const std::string& name,
                   const ProjectOptions& options) {
  std::string text(file.contents);
  replace_all(text, "@NAME@", name);
  replace_all(text, "@RUNTIME@", options.runtime);
  replace_all(text, "@ARCHITECTURE@", options.architecture);
  replace_all(text, "@BOTO3@",
              options.has_boto3 ? options.runtime + " has it too"
                                : "install it for " + options.runtime +
                                      ", or put it into shared/python with pip's --target");
  return text;
}

/// "gitignore" in the binary is hidden in a project.
std::string path_of(const ProjectFile& file) {
  return file.path == "gitignore" ? ".gitignore" : std::string(file.path);
}

}  // namespace

Result<std::vector<std::string>> write_project(const fs::path& directory,
                                               const ProjectOptions& options) {
  std::error_code error;
  const fs::path root = fs::absolute(directory).lexically_normal();
  fs::path named = root.has_filename() ? root : root.parent_path();
  const std::string name = named.filename().empty() ? "project" : named.filename().string();
  std::vector<const ProjectFile*> files;
  for (const ProjectFile& file : project_files()) {
    if (file.kind != options.kind) continue;
    const fs::path path = root / path_of(file);
    if (fs::exists(fs::symlink_status(path, error))) {
      return conflict(path.string() + " is there already; nothing was written");
    }
    files.push_back(&file);
  }
  if (files.empty()) return invalid("there is no template named " + options.kind);
  std::vector<std::string> written;
  for (const ProjectFile* file : files) {
    const fs::path path = root / path_of(*file);
    fs::create_directories(path.parent_path(), error);
    if (error) return internal("make " + path.parent_path().string() + ": " + error.message());
    STATOR_TRY_VOID(write_file_durably(path, filled(*file, name, options)));
    written.push_back(path_of(*file));
  }
  return written;
}

ChosenRuntime choose_python(const std::function<bool(const std::string& identifier)>& has_boto3) {
  for (const char* identifier : kPythons) {
    if (has_boto3(identifier)) return {identifier, true};
  }
  return {kPlainPython, false};
}

}  // namespace stator::cli
