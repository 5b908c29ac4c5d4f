#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/deploy/artifacts.hpp"
#include "cli/deploy/package_cache.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// What a template names by local path.
struct LocalPath {
  std::string resource;  ///< its logical id, or "Globals"
  std::filesystem::path path;
};

struct Packaged {
  json::Object template_body;
  std::vector<LocalPath> paths;
  std::size_t uploaded = 0;  ///< artifacts that were not in the bucket yet
};

/// Uploads what a template names by local path (CodeUri, ContentUri, Code, Content of functions and
/// layers, TemplateURL of nested stacks; directories are zipped, the same bytes giving the same
/// zip) and puts the S3 location in its place: what `aws cloudformation package` does. Paths are
/// relative to `base`. kNotFound, naming resource and path, when one does not exist. A directory
/// that looks as `cache` remembers it is not read when its package is in the bucket.
[[nodiscard]] Result<Packaged> package(json::Object template_body,
                                       const std::filesystem::path& base, Artifacts& artifacts,
                                       PackageCache& cache);

/// The same paths without packing anything.
[[nodiscard]] std::vector<LocalPath> local_paths(const json::Object& template_body,
                                                 const std::filesystem::path& base);

/// The template with a place in a bucket that does not exist for each local path: for what only
/// looks at a template.
[[nodiscard]] json::Object with_pretended_places(json::Object template_body);

}  // namespace stator::cli
