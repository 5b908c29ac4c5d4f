#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace stator::cli {

/// What a file or a directory looked like: its entries' names, kinds, sizes, inodes and times, read
/// without reading the contents.
struct Fingerprint {
  std::string digest;
  std::int64_t newest_ns = 0;  ///< the latest change of any entry
};
/// kNotFound when there is nothing at `path`; kTooLarge past 100,000 entries.
[[nodiscard]] Result<Fingerprint> fingerprint_of(const std::filesystem::path& path);

/// Remembers which package a directory gave, so that one that has not changed is not packed again.
/// Kept in a file that may be lost at any time; one that cannot be read counts as empty. One
/// thread.
class PackageCache {
 public:
  /// `file` "" keeps it in memory alone.
  PackageCache(std::filesystem::path file, const Clock& clock);

  /// The SHA-256 of the package of `path`, in hex, if it looked the same then.
  [[nodiscard]] std::optional<std::string> find(const std::filesystem::path& path,
                                                const Fingerprint& now) const;
  /// A change within the clock's granularity may not show, so what has just been written is not
  /// remembered.
  void put(const std::filesystem::path& path, const Fingerprint& seen, const std::string& sha256);
  /// Writes the file if there is something new. That it cannot be written is no failure.
  void save();

 private:
  struct Known {
    std::string digest, sha256;
    std::int64_t used = 0;
  };
  void load();

  std::filesystem::path file_;
  const Clock& clock_;
  std::map<std::string, Known> known_;
  bool is_changed_ = false;
};

/// $XDG_CACHE_HOME/stator/packages.json, or below ~/.cache; "" when there is no home.
[[nodiscard]] std::filesystem::path default_package_cache();

}  // namespace stator::cli
