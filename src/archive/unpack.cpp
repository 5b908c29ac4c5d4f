#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "archive/libzip.hpp"
#include "archive/manifest.hpp"
#include "archive/zip.hpp"
#include "base/file.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"

namespace stator::archive {
namespace {

constexpr std::size_t kLinkTargetBytesMax = 1'024;
constexpr std::size_t kChunkBytes = 64u << 10;

Error too_large(const UnpackLimits& limits) {
  return {ErrorCode::kTooLarge, "The package's files are larger than " +
                                    std::to_string(limits.unpacked_bytes_max) + " bytes unpacked"};
}

/// Reads a package twice: once to judge all of its entries, once to write them.
class Unpacker {
 public:
  Unpacker(zip_t* zip, int directory, const UnpackLimits& limits)
      : zip_(zip), directory_(directory), limits_(limits) {}

  Result<UnpackSummary> run() {
    STATOR_TRY_VOID(read_manifest());
    STATOR_TRY_VOID(manifest_.check());
    // Links come last: while files are written there is none to write through.
    for (const auto kind :
         {Manifest::Kind::kDirectory, Manifest::Kind::kFile, Manifest::Kind::kLink}) {
      for (const auto& entry : manifest_.entries()) {
        if (entry.kind == kind) STATOR_TRY_VOID(write(entry));
      }
    }
    return summary_;
  }

 private:
  Result<void> read_manifest();
  Result<void> read_entry(std::uint64_t index);
  Result<Manifest::Kind> kind_of(std::uint64_t index, std::string_view name, mode_t& mode);
  Result<ZipFilePtr> open(std::uint64_t index);
  Result<std::string> read_target(std::uint64_t index);
  Result<void> write(const Manifest::Entry& entry);
  Result<void> make_directory(const std::string& path);
  Result<void> make_parents(const std::string& path);
  Result<void> write_file(const Manifest::Entry& entry);
  Result<void> copy(zip_file_t* from, int to, const std::string& path);

  zip_t* zip_;
  int directory_;
  UnpackLimits limits_;
  Manifest manifest_;
  UnpackSummary summary_;
};

Result<void> Unpacker::read_manifest() {
  const auto count = zip_get_num_entries(zip_, 0);
  if (count < 0 || static_cast<std::uint64_t>(count) > limits_.entries_max) {
    return Error{ErrorCode::kTooLarge,
                 "The package has more than " + std::to_string(limits_.entries_max) + " entries"};
  }
  std::uint64_t claimed_bytes = 0;
  for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(count); ++index) {
    zip_stat_t stat;
    if (zip_stat_index(zip_, index, ZIP_FL_ENC_RAW, &stat) != 0) {
      return invalid("The package's directory is damaged: " + last_zip_error(zip_));
    }
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
      return invalid("The package's entry number " + std::to_string(index) + " is encrypted");
    }
    const std::uint64_t size = (stat.valid & ZIP_STAT_SIZE) != 0 ? stat.size : 0;
    if (size > limits_.unpacked_bytes_max - claimed_bytes) return too_large(limits_);
    claimed_bytes += size;
    STATOR_TRY_VOID(read_entry(index));
  }
  return {};
}

Result<void> Unpacker::read_entry(std::uint64_t index) {
  const char* raw_name = zip_get_name(zip_, index, ZIP_FL_ENC_RAW);
  if (raw_name == nullptr) return invalid("The package has an entry without a name");
  const std::string_view name = raw_name;
  STATOR_TRY(const auto parts, name_parts(name));
  mode_t mode = 0;
  STATOR_TRY(const auto kind, kind_of(index, name, mode));
  if (parts.empty()) {
    if (kind == Manifest::Kind::kDirectory) return {};  // "./": the package itself
    return invalid("The package has an entry without a name");
  }
  Manifest::Entry entry;
  entry.kind = kind;
  entry.index = index;
  entry.is_executable = (mode & 0111) != 0;
  for (const auto part : parts) {
    if (!entry.path.empty()) entry.path.push_back('/');
    entry.path.append(part);
  }
  if (kind == Manifest::Kind::kLink) {
    STATOR_TRY(entry.target, read_target(index));
  }
  return manifest_.add(std::move(entry));
}

/// `mode` is 0 where the archive was made on a system without modes.
Result<Manifest::Kind> Unpacker::kind_of(std::uint64_t index, std::string_view name, mode_t& mode) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(zip_, index, 0, &system, &attributes) != 0) {
    return invalid("The package's directory is damaged: " + last_zip_error(zip_));
  }
  if (system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X) mode = attributes >> 16;
  const bool has_slash = name.back() == '/';
  switch (mode & S_IFMT) {
    case 0:
      return has_slash ? Manifest::Kind::kDirectory : Manifest::Kind::kFile;
    case S_IFDIR:
      return Manifest::Kind::kDirectory;
    case S_IFREG:
      if (!has_slash) return Manifest::Kind::kFile;
      break;
    case S_IFLNK:
      if (!has_slash) return Manifest::Kind::kLink;
      break;
  }
  return invalid("The package's entry number " + std::to_string(index) +
                 " is neither a file nor a directory nor a link");
}

Result<ZipFilePtr> Unpacker::open(std::uint64_t index) {
  ZipFilePtr file(zip_fopen_index(zip_, index, 0));
  if (!file) {
    return invalid("The package's entry number " + std::to_string(index) +
                   " cannot be read: " + last_zip_error(zip_));
  }
  return file;
}

Result<std::string> Unpacker::read_target(std::uint64_t index) {
  STATOR_TRY(const auto file, open(index));
  std::string target(kLinkTargetBytesMax + 1, '\0');
  const auto got = zip_fread(file.get(), target.data(), target.size());
  if (got < 0) return invalid("The package has a link that cannot be read");
  if (static_cast<std::size_t>(got) > kLinkTargetBytesMax) {
    return invalid("The package has a link whose target is longer than 1024 bytes");
  }
  target.resize(static_cast<std::size_t>(got));
  if (target.find('\0') != std::string::npos)
    return invalid("The package has a link with a zero byte");
  return target;
}

Result<void> Unpacker::write(const Manifest::Entry& entry) {
  STATOR_TRY_VOID(make_parents(entry.path));
  switch (entry.kind) {
    case Manifest::Kind::kDirectory:
      return make_directory(entry.path);
    case Manifest::Kind::kFile:
      return write_file(entry);
    case Manifest::Kind::kLink:
      break;
  }
  if (::symlinkat(entry.target.c_str(), directory_, entry.path.c_str()) != 0) {
    return errno_error("link " + entry.path);
  }
  return {};
}

Result<void> Unpacker::make_directory(const std::string& path) {
  if (::mkdirat(directory_, path.c_str(), 0755) != 0) {
    if (errno == EEXIST) return {};
    return errno_error("create " + path);
  }
  // Whatever the umask: functions run under other users.
  if (::fchmodat(directory_, path.c_str(), 0755, 0) != 0) return errno_error("chmod " + path);
  return {};
}

Result<void> Unpacker::make_parents(const std::string& path) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    STATOR_TRY_VOID(make_directory(path.substr(0, slash)));
  }
  return {};
}

Result<void> Unpacker::write_file(const Manifest::Entry& entry) {
  STATOR_TRY(const auto from, open(entry.index));
  const UniqueFd to(::openat(directory_, entry.path.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!to) return errno_error("create " + entry.path);
  STATOR_TRY_VOID(copy(from.get(), to.get(), entry.path));
  if (::fchmod(to.get(), entry.is_executable ? 0755 : 0644) != 0) {
    return errno_error("chmod " + entry.path);
  }
  ++summary_.files;
  return {};
}

Result<void> Unpacker::copy(zip_file_t* from, int to, const std::string& path) {
  std::string chunk(kChunkBytes, '\0');
  for (;;) {
    const auto got = zip_fread(from, chunk.data(), chunk.size());
    if (got < 0) {
      return invalid("The package's file '" + path +
                     "' is damaged: " + zip_error_strerror(zip_file_get_error(from)));
    }
    if (got == 0) return {};
    // What really comes out counts, whatever the archive's directory claims.
    summary_.unpacked_bytes += static_cast<std::uint64_t>(got);
    if (summary_.unpacked_bytes > limits_.unpacked_bytes_max) return too_large(limits_);
    std::string_view rest(chunk.data(), static_cast<std::size_t>(got));
    while (!rest.empty()) {
      const auto put = ::write(to, rest.data(), rest.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return errno_error("write " + path);
      rest.remove_prefix(static_cast<std::size_t>(put));
    }
  }
}

}  // namespace

Result<UnpackSummary> unpack(std::string_view zip, const std::filesystem::path& directory,
                             const UnpackLimits& limits) {
  STATOR_TRY(const auto opened, open_zip(zip));
  const UniqueFd target(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!target) return errno_error("open " + directory.string());
  return Unpacker(opened.get(), target.get(), limits).run();
}

}  // namespace stator::archive
