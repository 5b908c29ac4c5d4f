#include "storage/blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/check.hpp"
#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "crypto/crypto.hpp"

namespace stator::storage {
namespace {

namespace fs = std::filesystem;

bool is_hash(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Puts a new or renamed entry of `directory` on disk; next to nothing when it is there already.
Result<void> sync_directory(const fs::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return errno_error("sync " + directory.string());
  return {};
}

bool has_size(const fs::path& file, std::size_t size) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 && static_cast<std::size_t>(info.st_size) == size;
}

}  // namespace

BlobStore::BlobStore(fs::path directory) : directory_(std::move(directory)) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (!error) fs::permissions(directory_, fs::perms::owner_all, error);
  if (error) throw ConfigError("cannot create " + directory_.string() + ": " + error.message());
}

Result<std::string> BlobStore::put(std::string_view bytes) {
  std::string hash = crypto::sha256_hex(bytes);
  const fs::path file = path(hash);
  const fs::path fan = file.parent_path();
  if (has_size(file, bytes.size())) {
    // Whoever renamed it may not have synced the directory yet.
    STATOR_TRY_VOID(sync_directory(fan));
    return hash;
  }
  if (::mkdir(fan.c_str(), 0755) == 0) {
    STATOR_TRY_VOID(sync_directory(directory_));
  } else if (errno != EEXIST) {
    return errno_error("create " + fan.string());
  }
  STATOR_TRY_VOID(write_file_durably(file, bytes));
  return hash;
}

Result<std::string> BlobStore::get(std::string_view sha256_hex) const {
  if (!is_hash(sha256_hex)) return not_found("no such blob");
  return read_file(path(sha256_hex));
}

fs::path BlobStore::path(std::string_view sha256_hex) const {
  STATOR_CHECK(is_hash(sha256_hex));
  return directory_ / sha256_hex.substr(0, 2) / sha256_hex;
}

Result<void> BlobStore::remove(std::string_view sha256_hex) {
  if (!is_hash(sha256_hex)) return {};
  const fs::path file = path(sha256_hex);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return errno_error("remove " + file.string());
  return {};
}

}  // namespace stator::storage
