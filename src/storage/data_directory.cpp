#include "storage/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/check.hpp"
#include "base/file.hpp"
#include "storage/data_snapshots.hpp"

namespace stator::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStampBeginning = "stator data ";
constexpr unsigned kFormat = 1;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
  throw ConfigError("data directory " + path.string() + ": " + what);
}

/// Others may pass through (a function's code lies below) but not look around.
void create(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error)) {
    if (!fs::is_directory(path, error)) refuse(path, "is not a directory");
    return;
  }
  if (fs::create_directories(path, error); error) refuse(path, error.message());
  fs::permissions(path, static_cast<fs::perms>(0711), error);
  if (error) refuse(path, error.message());
}

/// True for what an interrupted first start may have left: the lock and a stamp half written.
bool is_ours(const std::string& name) {
  return name == "lock" || name.rfind("format", 0) == 0;
}

void check_not_foreign(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path / "format", error)) return;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (is_ours(entry.path().filename().string())) continue;
    refuse(path, "holds files that are not stator's; choose an empty or a new directory");
  }
  if (error) refuse(path, error.message());
}

UniqueFd lock(const fs::path& path) {
  const fs::path file = path / "lock";
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) refuse(path, std::string("cannot open its lock file: ") + std::strerror(errno));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    const auto holder = read_file(file, 64);
    std::string pid = holder.value_or("");
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    refuse(path, "is in use by another stator" + (pid.empty() ? "" : " (process " + pid + ")") +
                     "; stop it or choose another directory");
  }
  // For the message above only: the lock itself ends with the process.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd.get(), 0) != 0 ||
      ::pwrite(fd.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    refuse(path, std::string("cannot write its lock file: ") + std::strerror(errno));
  }
  return fd;
}

void write_stamp(const fs::path& path) {
  const auto stamp = std::string(kStampBeginning) + std::to_string(kFormat) + "\n";
  const auto written = write_file_durably(path / "format", stamp);
  if (!written) refuse(path, written.error().message);
}

void check_stamp(const fs::path& path) {
  const auto stamp = read_file(path / "format", 64);
  if (!stamp && stamp.error().code == ErrorCode::kNotFound) return write_stamp(path);
  if (!stamp) refuse(path, stamp.error().message);
  std::string_view text = *stamp;
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const bool is_stamp = text.substr(0, kStampBeginning.size()) == kStampBeginning;
  const std::string number(is_stamp ? text.substr(kStampBeginning.size()) : "");
  if (number.empty() || number.size() > 9 ||
      number.find_first_not_of("0123456789") != std::string::npos || number.front() == '0') {
    refuse(path,
           "its file 'format' is not stator's or is damaged; restore a backup or choose "
           "another directory");
  }
  if (std::stoul(number) > kFormat) {
    refuse(path, "has format " + number + ", written by a newer stator; this one reads up to " +
                     std::to_string(kFormat) + ": upgrade stator or choose another directory");
  }
}

}  // namespace

DataDirectory::DataDirectory(fs::path path) : path_(std::move(path)) {
  create(path_);
  check_not_foreign(path_);
  lock_ = lock(path_);
  if (const auto finished = finish_restore(path_); !finished) {
    refuse(path_, "a restore that was cut short cannot be finished: " + finished.error().message);
  }
  check_stamp(path_);
}

}  // namespace stator::storage
