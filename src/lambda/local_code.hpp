#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "base/result.hpp"

namespace stator::lambda {

/// Directories of this machine that functions run as they are, for development: no package is made,
/// and what is changed in the directory is what the next instance runs. Off until a root is
/// allowed. Any thread.
class LocalCode {
 public:
  /// Allows `root` and every directory below it. Throws ConfigError when it is no directory. Before
  /// other threads look.
  void allow(const std::filesystem::path& root);
  [[nodiscard]] bool is_allowed() const { return !root_.empty(); }

  /// The directory without links in its path. InvalidParameterValueException unless it is an
  /// absolute path of a directory at or below the root.
  [[nodiscard]] Result<std::filesystem::path> resolve(const std::filesystem::path& directory) const;

  /// Whether the files are others than at the last call for `id`; false at the first. Compares
  /// names, sizes, modes and times of the first kEntriesMax entries.
  [[nodiscard]] bool has_changed(const std::string& id, const std::filesystem::path& directory);

  static constexpr std::size_t kEntriesMax = 20'000;

 private:
  std::filesystem::path root_;
  std::mutex mutex_;  ///< guards the map
  std::map<std::string, std::uint64_t> fingerprints_;
};

}  // namespace stator::lambda
