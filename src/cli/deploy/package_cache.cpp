#include "cli/deploy/package_cache.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/file.hpp"
#include "crypto/crypto.hpp"
#include "json/json.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEntriesMax = 100'000;
constexpr std::size_t kKnownMax = 500;
constexpr std::size_t kFileBytesMax = 1u << 20;
/// The kernel's clock for files moves in steps of up to 10 ms; a change within one may not show.
constexpr std::int64_t kFreshNs = 50'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// One line for one entry.
Result<std::string> line_of(const fs::path& path, const std::string& name, std::int64_t& newest) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return errno_error(path.string());
  // ctime moves with every change of contents or mode and cannot be set back.
  newest = std::max({newest, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)});
  std::string line = name;
  for (const std::int64_t number :
       {static_cast<std::int64_t>(status.st_mode), static_cast<std::int64_t>(status.st_size),
        static_cast<std::int64_t>(status.st_ino), nanoseconds(status.st_mtim),
        nanoseconds(status.st_ctim)}) {
    line += "|" + std::to_string(number);
  }
  return line + "\n";
}

}  // namespace

Result<Fingerprint> fingerprint_of(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return not_found(path.string() + ": no such file or directory");
  Fingerprint seen;
  std::vector<std::string> lines;
  if (!fs::is_directory(path, error)) {
    STATOR_TRY(std::string line, line_of(fs::canonical(path, error), "", seen.newest_ns));
    lines.push_back(std::move(line));
  } else {
    fs::recursive_directory_iterator found(path, error);
    for (; !error && found != fs::recursive_directory_iterator(); found.increment(error)) {
      if (lines.size() == kEntriesMax) {
        return Error{ErrorCode::kTooLarge, path.string() + " holds more than 100,000 files"};
      }
      STATOR_TRY(
          std::string line,
          line_of(found->path(), found->path().lexically_relative(path).string(), seen.newest_ns));
      lines.push_back(std::move(line));
    }
    if (error) return internal("read " + path.string() + ": " + error.message());
  }
  std::sort(lines.begin(), lines.end());
  crypto::Sha256 digest;
  for (const std::string& line : lines) digest.update(line);
  seen.digest = digest.finish_hex();
  return seen;
}

PackageCache::PackageCache(fs::path file, const Clock& clock)
    : file_(std::move(file)), clock_(clock) {
  load();
}

void PackageCache::load() {
  if (file_.empty()) return;
  const auto text = read_file(file_, kFileBytesMax);
  const auto object = text ? json::parse_object(*text) : Result<json::Object>(text.error());
  if (!object) return;
  for (const auto& entry : *object) {
    if (!entry.value().is_object()) continue;
    const json::Object& known = entry.value().get_object();
    const auto sha256 = json::find_string(known, "sha256");
    if (!sha256 || sha256->size() != 64) continue;
    known_[std::string(entry.key())] = {json::find_string(known, "digest").value_or(""), *sha256,
                                        json::find_int(known, "used").value_or(0)};
  }
}

std::optional<std::string> PackageCache::find(const fs::path& path, const Fingerprint& now) const {
  const auto known = known_.find(path.string());
  if (known == known_.end() || known->second.digest != now.digest) return std::nullopt;
  return known->second.sha256;
}

void PackageCache::put(const fs::path& path, const Fingerprint& seen, const std::string& sha256) {
  const std::int64_t now_ms = epoch_ms(clock_.wall());
  if (seen.newest_ns > now_ms * 1'000'000 - kFreshNs) return;
  known_[path.string()] = {seen.digest, sha256, now_ms};
  is_changed_ = true;
}

void PackageCache::save() {
  if (!is_changed_ || file_.empty()) return;
  is_changed_ = false;
  while (known_.size() > kKnownMax) {
    known_.erase(std::min_element(known_.begin(), known_.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    }));
  }
  json::Object object;
  for (const auto& [path, known] : known_) {
    object[path] =
        json::Object{{"digest", known.digest}, {"sha256", known.sha256}, {"used", known.used}};
  }
  std::error_code error;
  fs::create_directories(file_.parent_path(), error);
  (void)write_file_durably(file_, json::dump(object), 0600);
}

fs::path default_package_cache() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / "stator" / "packages.json";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return fs::path(home) / ".cache" / "stator" / "packages.json";
}

}  // namespace stator::cli
