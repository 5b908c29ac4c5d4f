#include "storage/link_tree.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "base/unique_fd.hpp"

namespace stator::storage {
namespace {

namespace fs = std::filesystem;

Result<void> copy_file(const fs::path& from, const fs::path& to, mode_t mode) {
  const UniqueFd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in) return errno == ENOENT ? Result<void>() : errno_error("open " + from.string());
  const UniqueFd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!out) return errno_error("create " + to.string());
  constexpr std::size_t kChunk = 1u << 30;
  for (;;) {
    const ssize_t copied = ::sendfile(out.get(), in.get(), nullptr, kChunk);
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0) return errno_error("copy " + from.string());
    if (copied == 0) break;
  }
  if (::fchmod(out.get(), mode) != 0 || ::fsync(out.get()) != 0) {
    return errno_error("write " + to.string());
  }
  return {};
}

Result<void> link_file(const fs::path& from, const fs::path& to, mode_t mode) {
  if (::link(from.c_str(), to.c_str()) == 0 || errno == EEXIST || errno == ENOENT) return {};
  if (errno == EXDEV || errno == EMLINK || errno == EPERM) return copy_file(from, to, mode);
  return errno_error("link " + to.string());
}

Result<void> make_like(const fs::path& to, const struct stat& info) {
  if (::mkdir(to.c_str(), 0700) != 0 && errno != EEXIST)
    return errno_error("create " + to.string());
  if (::chmod(to.c_str(), info.st_mode & 07777) != 0) return errno_error("protect " + to.string());
  return {};
}

Result<void> link_entry(const fs::path& from, const fs::path& to, LinkMode mode) {
  struct stat info {};
  if (::lstat(from.c_str(), &info) != 0) {
    return errno == ENOENT ? Result<void>() : errno_error("look at " + from.string());
  }
  if (S_ISLNK(info.st_mode)) {
    std::error_code error;
    fs::copy_symlink(from, to, error);
    if (!error || error == std::errc::file_exists) return {};
    return internal("copy " + from.string() + ": " + error.message());
  }
  if (S_ISREG(info.st_mode)) {
    const bool is_shared = mode == LinkMode::kLink || from.extension() == ".sst";
    return is_shared ? link_file(from, to, info.st_mode & 07777)
                     : copy_file(from, to, info.st_mode & 07777);
  }
  // Sockets and their like hold nothing.
  if (!S_ISDIR(info.st_mode)) return {};
  return link_tree(from, to, mode);
}

}  // namespace

Result<void> link_tree(const fs::path& from, const fs::path& to, LinkMode mode) {
  struct stat info {};
  if (::lstat(from.c_str(), &info) != 0) {
    return errno == ENOENT ? Result<void>() : errno_error("look at " + from.string());
  }
  if (!S_ISDIR(info.st_mode)) return link_entry(from, to, mode);
  STATOR_TRY_VOID(make_like(to, info));
  std::error_code error;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    STATOR_TRY_VOID(link_entry(entry->path(), to / entry->path().filename(), mode));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return internal("read " + from.string() + ": " + error.message());
  }
  return {};
}

}  // namespace stator::storage
