#include "lambda/local_code.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "base/check.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

namespace fs = std::filesystem;

bool is_at_or_below(const fs::path& path, const fs::path& root) {
  const auto [at, unused] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return at == root.end();
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  return (hash ^ value) * kPrime;
}

/// Of one entry, links not followed.
std::uint64_t fingerprint_of(const fs::path& path) {
  struct stat status {};
  std::uint64_t hash = std::hash<std::string>()(path.native());
  if (::lstat(path.c_str(), &status) != 0) return hash;
  hash = mix(hash, static_cast<std::uint64_t>(status.st_size));
  hash = mix(hash, status.st_mode);
  hash = mix(hash, static_cast<std::uint64_t>(status.st_ino));
  hash = mix(hash, static_cast<std::uint64_t>(status.st_mtim.tv_sec));
  return mix(hash, static_cast<std::uint64_t>(status.st_mtim.tv_nsec));
}

/// A sum, because a directory may list its entries in another order the next time.
std::uint64_t fingerprint_below(const fs::path& directory) {
  std::uint64_t sum = 0;
  std::size_t entries = 0;
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(directory, ignored), end;
       at != end && entries < LocalCode::kEntriesMax; at.increment(ignored), ++entries) {
    sum += fingerprint_of(at->path());
  }
  return sum;
}

}  // namespace

void LocalCode::allow(const fs::path& root) {
  std::error_code failure;
  const fs::path whole = fs::canonical(root, failure);
  if (failure || !fs::is_directory(whole, failure)) {
    throw ConfigError("--dev-code takes a directory that is there, not '" + root.string() + "'");
  }
  root_ = whole;
}

Result<fs::path> LocalCode::resolve(const fs::path& directory) const {
  if (!is_allowed()) {
    return invalid_parameter(
        "Running the files of a directory is off: start the server with "
        "--dev-code DIRECTORY.");
  }
  if (!directory.is_absolute()) {
    return invalid_parameter("The directory '" + directory.string() + "' is not an absolute path.");
  }
  std::error_code failure;
  const fs::path whole = fs::canonical(directory, failure);
  if (failure || !fs::is_directory(whole, failure)) {
    return invalid_parameter("There is no directory '" + directory.string() + "'.");
  }
  if (!is_at_or_below(whole, root_)) {
    return invalid_parameter("The directory '" + directory.string() + "' is not below '" +
                             root_.string() + "', which --dev-code allows.");
  }
  return whole;
}

bool LocalCode::has_changed(const std::string& id, const fs::path& directory) {
  const std::uint64_t now = fingerprint_below(directory);
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = fingerprints_.try_emplace(id, now);
  if (is_new || known->second == now) return false;
  known->second = now;
  return true;
}

}  // namespace stator::lambda
