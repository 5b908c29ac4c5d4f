#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <string>
#include <vector>

#include "base/result.hpp"

/// Merged layers, kept mounted in the launcher's own mount namespace.
namespace stator::sandbox {

/// One thread. Sandboxes take copies of the mounts, so forgetting one disturbs none of them.
class LayerCache {
 public:
  /// Mount points are made under `directory`.
  explicit LayerCache(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// The directory that shows the layers merged, later ones on top: the layer itself when there is
  /// one, an overlay otherwise. `layers` is not empty. The least recently used of
  /// kMergesMax merges is forgotten.
  [[nodiscard]] Result<std::filesystem::path> merged(
      const std::vector<std::filesystem::path>& layers);

  static constexpr std::size_t kMergesMax = 64;

 private:
  struct Merge {
    std::string key;
    std::filesystem::path point;
  };
  std::filesystem::path directory_;
  std::list<Merge> merges_;  ///< most recently used first
  std::uint64_t next_ = 0;
};

}  // namespace stator::sandbox
