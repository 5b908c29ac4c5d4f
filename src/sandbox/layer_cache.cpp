#include "sandbox/layer_cache.hpp"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "sandbox/root_image.hpp"

namespace stator::sandbox {
namespace fs = std::filesystem;
namespace {

/// overlayfs refuses a directory that stands in the list twice; the upper place hides the lower.
std::vector<fs::path> without_repeats(const std::vector<fs::path>& layers) {
  std::vector<fs::path> unique;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (std::find(unique.begin(), unique.end(), *layer) == unique.end()) unique.push_back(*layer);
  }
  std::reverse(unique.begin(), unique.end());
  return unique;
}

/// Paths with their inodes: a directory that is replaced at the same path is another layer.
Result<std::string> key_of(const std::vector<fs::path>& layers) {
  std::string key;
  for (const fs::path& layer : layers) {
    struct stat status {};
    if (::stat(layer.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      return invalid("layer " + layer.native() + " is not a directory");
    }
    key += layer.native() + '\0' + std::to_string(status.st_dev) + ':' +
           std::to_string(status.st_ino) + '\0';
  }
  return key;
}

}  // namespace

Result<fs::path> LayerCache::merged(const std::vector<fs::path>& layers) {
  const auto unique = without_repeats(layers);
  STATOR_TRY(const auto key, key_of(unique));
  if (unique.size() == 1) return unique.front();
  const auto found = std::find_if(merges_.begin(), merges_.end(),
                                  [&key](const Merge& merge) { return merge.key == key; });
  if (found != merges_.end()) {
    merges_.splice(merges_.begin(), merges_, found);
    return merges_.front().point;
  }
  if (merges_.size() >= kMergesMax) {
    const fs::path oldest = merges_.back().point;
    merges_.pop_back();
    (void)::umount2(oldest.c_str(), MNT_DETACH);
    (void)::rmdir(oldest.c_str());
  }
  const fs::path point = directory_ / std::to_string(next_++);
  STATOR_TRY_VOID(mount_layers(unique, point));
  merges_.push_front({key, point});
  return point;
}

}  // namespace stator::sandbox
