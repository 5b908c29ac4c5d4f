#include "audit/log_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <vector>

#include "base/file.hpp"

namespace stator::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCurrent = "audit.jsonl", kPrefix = "audit-", kSuffix = ".jsonl";
/// What a search is ready to read of one file.
constexpr std::size_t kFileReadMax = std::size_t{1} << 30;

/// The number of "audit-NUMBER.jsonl"; nothing for any other name.
std::optional<std::uint64_t> number_of(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  name.remove_suffix(kSuffix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

/// The numbers of the full files, oldest first.
std::vector<std::uint64_t> full_files(const fs::path& directory) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (const auto number = number_of(it->path().filename().string())) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

fs::path full_file(const fs::path& directory, std::uint64_t number) {
  return directory / (std::string(kPrefix) + std::to_string(number) + std::string(kSuffix));
}

bool ends_within_line(int fd, std::uint64_t size) {
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, static_cast<off_t>(size - 1)) == 1 && last != '\n';
}

}  // namespace

LogFiles::LogFiles(fs::path directory, LogFilesOptions options)
    : directory_(std::move(directory)), options_(options) {}

Result<void> LogFiles::open() {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) return internal(directory_.string() + ": " + error.message());
  fs::permissions(directory_, fs::perms::owner_all, error);
  const fs::path path = directory_ / kCurrent;
  UniqueFd file(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return errno_error("open " + path.string());
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return errno_error("stat " + path.string());
  bytes_ = static_cast<std::uint64_t>(info.st_size);
  is_torn_ = ends_within_line(file.get(), bytes_);
  file_ = std::move(file);
  return {};
}

Result<void> LogFiles::rotate() {
  STATOR_TRY_VOID(sync());
  std::vector<std::uint64_t> numbers = full_files(directory_);
  const std::uint64_t next = numbers.empty() ? 1 : numbers.back() + 1;
  const fs::path path = full_file(directory_, next);
  if (::rename((directory_ / kCurrent).c_str(), path.c_str()) != 0) {
    return errno_error("rename to " + path.string());
  }
  file_.reset();
  numbers.push_back(next);
  const std::size_t kept_max = std::max<std::size_t>(options_.files_max, 2) - 1;
  for (std::size_t i = 0; i + kept_max < numbers.size(); ++i) {
    std::error_code error;
    fs::remove(full_file(directory_, numbers[i]), error);
    if (error) return internal(full_file(directory_, numbers[i]).string() + ": " + error.message());
  }
  return {};
}

Result<void> LogFiles::append(std::string_view lines) {
  if (file_ && bytes_ >= options_.file_bytes_max) STATOR_TRY_VOID(rotate());
  if (!file_) STATOR_TRY_VOID(open());
  const std::string mended = is_torn_ ? "\n" + std::string(lines) : std::string();
  std::string_view rest = is_torn_ ? std::string_view(mended) : lines;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_error("write " + (directory_ / kCurrent).string());
    const auto count = static_cast<std::size_t>(written);
    is_torn_ = rest[count - 1] != '\n';
    bytes_ += count;
    rest.remove_prefix(count);
  }
  return {};
}

Result<void> LogFiles::sync() {
  if (file_ && ::fdatasync(file_.get()) != 0) return errno_error("sync the audit log");
  return {};
}

Result<std::optional<std::string>> find_line(const fs::path& directory, std::string_view needle) {
  std::vector<fs::path> files{directory / kCurrent};
  const std::vector<std::uint64_t> numbers = full_files(directory);
  for (auto it = numbers.rbegin(); it != numbers.rend(); ++it) {
    files.push_back(full_file(directory, *it));
  }
  for (const fs::path& file : files) {
    const auto text = read_file(file, kFileReadMax);
    // The oldest may go while we read.
    if (!text && text.error().code == ErrorCode::kNotFound) continue;
    if (!text) return text.error();
    const auto at = text->rfind(needle);
    if (at == std::string::npos) continue;
    const auto newline = at == 0 ? std::string::npos : text->rfind('\n', at - 1);
    const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
    return std::optional(text->substr(begin, text->find('\n', at) - begin));
  }
  return std::optional<std::string>();
}

}  // namespace stator::audit
