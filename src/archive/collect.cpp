#include <algorithm>

#include "archive/zip.hpp"
#include "base/file.hpp"

namespace stator::archive {
namespace {

namespace fs = std::filesystem;

Result<Entry> read_entry(const fs::directory_entry& found, const fs::path& directory,
                         std::uint64_t bytes_left) {
  std::error_code error;
  Entry entry;
  entry.name = found.path().lexically_relative(directory).generic_string();
  const auto status = found.symlink_status(error);
  if (error) return internal(found.path().string() + ": " + error.message());
  if (fs::is_symlink(status)) {
    entry.is_link = true;
    entry.contents = fs::read_symlink(found.path(), error).string();
    if (error) return internal(found.path().string() + ": " + error.message());
    return entry;
  }
  if (!fs::is_regular_file(status)) {
    return invalid(found.path().string() + " is neither a file nor a directory nor a link");
  }
  STATOR_TRY(entry.contents, read_file(found.path(), bytes_left));
  entry.is_executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
  return entry;
}

}  // namespace

Result<std::vector<Entry>> collect(const fs::path& directory, std::uint64_t bytes_max) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    return not_found(directory.string() + ": no such directory");
  }
  std::vector<Entry> entries;
  std::uint64_t bytes_left = bytes_max;
  fs::recursive_directory_iterator found(directory, error);
  for (; !error && found != fs::recursive_directory_iterator(); found.increment(error)) {
    std::error_code ignored;
    if (found->symlink_status(ignored).type() == fs::file_type::directory) continue;
    STATOR_TRY(auto entry, read_entry(*found, directory, bytes_left));
    if (!entry.is_link) bytes_left -= entry.contents.size();
    entries.push_back(std::move(entry));
  }
  if (error) return internal("read " + directory.string() + ": " + error.message());
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace stator::archive
