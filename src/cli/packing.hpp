#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "archive/zip.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

/// What `stator package` does: the zips of functions and layers, as they are uploaded.
namespace stator::cli {

struct PackOptions {
  std::filesystem::path wheels;    ///< where pip finds packages; "": where it is set up to look
  std::string python = "python3";  ///< whose pip installs
};

enum class PackageKind { kFunction, kLayer };

/// The files of a function's or a layer's directory, sorted. With a requirements.txt in it, what
/// that names is installed by pip and added: beside a function's files, below python/ of a layer.
/// kUnavailable, with pip's last words and what may help, when that fails.
[[nodiscard]] Result<std::vector<archive::Entry>> gather(const std::filesystem::path& directory,
                                                         PackageKind kind,
                                                         const PackOptions& options);

/// A template with its local code packed: every function's and layer's directory is a zip named
/// after its resource, and the template says that name in place of the directory.
struct PackedTemplate {
  json::Object body;
  std::vector<std::pair<std::string, std::string>> zips;  ///< name and bytes
};
/// Paths are relative to `base`. kNotFound, naming the resource, for a path that leads nowhere;
/// kUnsupported for local files that are neither function nor layer and would be left behind.
[[nodiscard]] Result<PackedTemplate> pack_template(json::Object body,
                                                   const std::filesystem::path& base,
                                                   const PackOptions& options);

}  // namespace stator::cli
