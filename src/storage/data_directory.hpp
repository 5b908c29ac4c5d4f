#pragma once

#include <filesystem>

#include "base/unique_fd.hpp"

namespace stator::storage {

/// A data directory that this process alone has open: DATA/{format,lock,db,blobs,credentials}.
/// Throws ConfigError, naming the directory and what to do, when another process holds it, when its
/// format is newer than this binary's, or when it holds something else.
class DataDirectory {
 public:
  explicit DataDirectory(std::filesystem::path path);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  UniqueFd lock_;
};

}  // namespace stator::storage
