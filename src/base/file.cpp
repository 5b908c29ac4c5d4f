#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"

namespace stator {
namespace {

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_error("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return errno_error("sync " + directory.string());
  return {};
}

}  // namespace

Error errno_error(std::string_view what) {
  const int number = errno;
  return internal(std::string(what) + ": " + std::strerror(number));
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return not_found(path.string() + ": no such file");
    return errno_error("open " + path.string());
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return errno_error("stat " + path.string());
  std::string contents;
  contents.reserve(static_cast<std::size_t>(info.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read " + path.string());
    if (got == 0) return contents;
    if (contents.size() + static_cast<std::size_t>(got) > bytes_max) {
      return Error{ErrorCode::kTooLarge,
                   path.string() + " is larger than " + std::to_string(bytes_max) + " bytes"};
    }
    contents.append(buffer, static_cast<std::size_t>(got));
  }
}

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view contents,
                                unsigned mode) {
  std::string temporary = path.string() + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return errno_error("create " + temporary);
  Result<void> outcome = write_all(fd.get(), contents);
  if (outcome && ::fchmod(fd.get(), mode) != 0) outcome = errno_error("chmod " + temporary);
  if (outcome && ::fsync(fd.get()) != 0) outcome = errno_error("sync " + temporary);
  if (outcome && ::rename(temporary.c_str(), path.c_str()) != 0) {
    outcome = errno_error("rename to " + path.string());
  }
  if (!outcome) {
    ::unlink(temporary.c_str());
    return outcome;
  }
  return sync_directory(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace stator
