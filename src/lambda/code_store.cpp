#include "lambda/code_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "archive/zip.hpp"
#include "base/check.hpp"
#include "base/file.hpp"
#include "base/limits.hpp"
#include "base/unique_fd.hpp"
#include "crypto/crypto.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryPrefix = "tmp-";

/// The bytes of the files below a directory.
std::uint64_t bytes_below(const fs::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(directory, ignored), end; at != end;
       at.increment(ignored)) {
    if (at->is_regular_file(ignored) && !at->is_symlink(ignored)) bytes += at->file_size(ignored);
  }
  return bytes;
}

/// Everything unpacked must be on disk before the directory gets its final name: a name that stands
/// after a crash promises whole files.
Result<void> sync_file_system(const fs::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::syncfs(fd.get()) != 0) return errno_error("sync " + directory.string());
  return {};
}

Error unpack_error(Error error) {
  if (error.code == ErrorCode::kTooLarge) {
    return invalid_parameter("Unzipped size must be smaller than " +
                             std::to_string(limits::kUnzippedBytesMax) + " bytes");
  }
  if (error.code == ErrorCode::kInvalid) {
    return invalid_parameter(
        "Could not unzip uploaded file. Please check your file, then try to upload again. (" +
        error.message + ")");
  }
  return error;
}

}  // namespace

CodeStore::Lease::Lease(CodeStore& store, std::string sha256_hex)
    : store_(&store), sha256_hex_(std::move(sha256_hex)) {
  const std::lock_guard lock(store_->mutex_);
  ++store_->leases_[sha256_hex_];
}

CodeStore::Lease::Lease(Lease&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)), sha256_hex_(std::move(other.sha256_hex_)) {}

CodeStore::Lease& CodeStore::Lease::operator=(Lease&& other) noexcept {
  std::swap(store_, other.store_);
  std::swap(sha256_hex_, other.sha256_hex_);
  return *this;
}

CodeStore::Lease::~Lease() {
  if (store_ == nullptr) return;
  const std::lock_guard lock(store_->mutex_);
  const auto found = store_->leases_.find(sha256_hex_);
  if (found != store_->leases_.end() && --found->second == 0) store_->leases_.erase(found);
}

CodeStore::CodeStore(fs::path directory) : directory_(std::move(directory)) {
  std::error_code failure;
  fs::create_directories(directory_, failure);
  if (failure) {
    throw ConfigError("cannot make the code directory " + directory_.string() + ": " +
                      failure.message());
  }
  // Sandboxes read the packages under users of their own.
  fs::permissions(directory_, fs::perms(0755), failure);
}

fs::path CodeStore::zip_path(std::string_view sha256_hex) const {
  return directory_ / (std::string(sha256_hex) + ".zip");
}

fs::path CodeStore::unpacked_path(std::string_view sha256_hex) const {
  return directory_ / std::string(sha256_hex);
}

fs::path CodeStore::temporary_path() {
  const std::lock_guard lock(mutex_);
  const std::string name = std::string(kTemporaryPrefix) + std::to_string(++next_temporary_);
  working_.insert(name);
  return directory_ / name;
}

Result<CodeStore::Added> CodeStore::add(std::string_view zip) {
  if (zip.empty()) return invalid_parameter("Uploaded file must be a non-empty zip");
  if (zip.size() > limits::kZippedBytesMax) {
    return request_too_large("Zipped size must be smaller than " +
                             std::to_string(limits::kZippedBytesMax) + " bytes");
  }
  Added added;
  const std::string sha = crypto::sha256_hex(zip);
  added.lease = lease(sha);
  // Unpacked first: a package that cannot be unpacked leaves nothing behind.
  if (!fs::exists(unpacked_path(sha))) STATOR_TRY_VOID(unpack(zip, sha));
  if (!fs::exists(zip_path(sha))) STATOR_TRY_VOID(write_file_durably(zip_path(sha), zip));
  added.package = {sha, zip.size(), bytes_below(unpacked_path(sha))};
  return added;
}

Result<void> CodeStore::unpack(std::string_view zip, const std::string& sha256_hex) {
  const fs::path temporary = temporary_path();
  std::error_code failure;
  fs::remove_all(temporary, failure);
  auto result = [&]() -> Result<void> {
    if (!fs::create_directory(temporary, failure)) {
      return internal("cannot make " + temporary.string() + ": " + failure.message());
    }
    fs::permissions(temporary, fs::perms(0755), failure);
    const auto unpacked = archive::unpack(
        zip, temporary, {.unpacked_bytes_max = limits::kUnzippedBytesMax, .entries_max = 65'535});
    if (!unpacked) return unpack_error(unpacked.error());
    STATOR_TRY_VOID(sync_file_system(temporary));
    fs::rename(temporary, unpacked_path(sha256_hex), failure);
    // Another request unpacked the same package meanwhile: its copy is as good.
    if (failure && !fs::exists(unpacked_path(sha256_hex))) {
      return internal("cannot rename " + temporary.string() + ": " + failure.message());
    }
    return {};
  }();
  fs::remove_all(temporary, failure);
  const std::lock_guard lock(mutex_);
  working_.erase(temporary.filename().string());
  return result;
}

Result<CodeStore::Added> CodeStore::add_directory(const fs::path& directory) {
  STATOR_TRY(const fs::path whole, local_.resolve(directory));
  Added added;
  const std::string sha = crypto::sha256_hex("directory " + whole.native());
  added.lease = lease(sha);
  added.package = {sha, 0, bytes_below(whole)};
  std::error_code failure;
  if (fs::is_symlink(unpacked_path(sha), failure)) return added;
  fs::create_directory_symlink(whole, unpacked_path(sha), failure);
  if (failure && !fs::is_symlink(unpacked_path(sha))) {
    return internal("cannot link " + whole.string() + ": " + failure.message());
  }
  return added;
}

bool CodeStore::has_changed(const std::string& sha256_hex) {
  if (!local_.is_allowed()) return false;
  std::error_code failure;
  const fs::path path = unpacked_path(sha256_hex);
  return fs::is_symlink(path, failure) && local_.has_changed(sha256_hex, path);
}

Result<fs::path> CodeStore::unpacked(const std::string& sha256_hex) {
  const fs::path path = unpacked_path(sha256_hex);
  std::error_code failure;
  if (fs::is_symlink(path, failure)) {
    return local_.resolve(fs::read_symlink(path, failure));
  }
  if (fs::exists(path)) return path;
  const auto zip = read_file(zip_path(sha256_hex));
  if (!zip) return internal("the package " + sha256_hex + " is lost: " + zip.error().message);
  STATOR_TRY_VOID(unpack(*zip, sha256_hex));
  return path;
}

Result<void> CodeStore::sweep(const std::function<Result<std::set<std::string>>()>& referenced) {
  std::vector<fs::path> doomed;
  {
    const std::lock_guard lock(mutex_);
    STATOR_TRY(const auto named, referenced());
    std::error_code failure;
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(directory_, failure)) {
      found.push_back(entry.path());
    }
    for (const auto& path : found) {
      const std::string name = path.filename().string();
      // SHA, SHA.zip, or SHA.zip.XXXXXX while that is being written.
      const std::string sha = name.substr(0, name.find('.'));
      if (working_.contains(name) || leases_.contains(sha)) continue;
      if (named.contains(sha) && (name == sha || name == sha + ".zip")) continue;
      // Renamed under the lock, so that a request for the same package starts afresh.
      const std::string away =
          std::string(kTemporaryPrefix) + "gone-" + std::to_string(++next_temporary_);
      fs::rename(path, directory_ / away, failure);
      if (failure) continue;
      working_.insert(away);
      doomed.push_back(directory_ / away);
    }
  }
  for (const auto& path : doomed) {
    std::error_code ignored;
    fs::remove_all(path, ignored);
    const std::lock_guard lock(mutex_);
    working_.erase(path.filename().string());
  }
  return {};
}

}  // namespace stator::lambda
