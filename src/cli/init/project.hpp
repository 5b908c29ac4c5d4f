#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::cli {

/// A file of a new project, as it is in the binary: @NAME@ and its like stand for what only the
/// machine knows.
struct ProjectFile {
  std::string_view kind;  ///< "cpp", "python" or "empty"
  std::string_view path;
  std::string_view contents;
};
[[nodiscard]] std::span<const ProjectFile> project_files();

struct ProjectOptions {
  std::string kind;
  std::string architecture;  ///< "x86_64" or "arm64"
  std::string runtime;       ///< of Python
  bool has_boto3 = false;    ///< whether this machine's interpreter of it has boto3
};

/// Writes a new project into `directory`, which is made where it is not there; the paths of its
/// files. kConflict, before anything is written, when one of them is there already.
[[nodiscard]] Result<std::vector<std::string>> write_project(const std::filesystem::path& directory,
                                                             const ProjectOptions& options);

/// Chooses the newest Python runtime of which `has_boto3` says yes, else the newest.
struct ChosenRuntime {
  std::string identifier;
  bool has_boto3 = false;
};
[[nodiscard]] ChosenRuntime choose_python(
    const std::function<bool(const std::string& identifier)>& has_boto3);

}  // namespace stator::cli
