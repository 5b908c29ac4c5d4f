#include "storage/data_snapshots.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "storage/link_tree.hpp"

namespace stator::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameMax = 64;
constexpr const char* kMade = "made";
/// What a restore lays beside the old state before it takes its place, and where the old goes.
constexpr const char* kRestoring = "restoring";
constexpr const char* kReplaced = "replaced";

/// Not part of what a directory holds, or, as the store, copied in a way of its own.
bool is_left_out(const std::string& entry) {
  constexpr std::array<std::string_view, 7> kNames = {"lock",     "sandboxes", "snapshots", "audit",
                                                      kRestoring, kReplaced,   "db"};
  return std::find(kNames.begin(), kNames.end(), entry) != kNames.end();
}

bool is_name(std::string_view name) {
  const auto is_alnum = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !name.empty() && name.size() <= kNameMax && is_alnum(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

Error failed(const std::string& what, const fs::path& path, const std::error_code& error) {
  return internal(what + " " + path.string() + ": " + error.message());
}

/// Everything on the disk of `directory` that was written before is there after a power loss.
Result<void> sync_disk_of(const fs::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::syncfs(fd.get()) != 0) return errno_error("sync " + directory.string());
  return {};
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return failed("remove", path, error);
  return {};
}

Result<void> move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return failed("move", from, error);
  return {};
}

Result<void> make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return failed("create", path, error);
  return {};
}

Result<std::vector<std::string>> entries_of(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return failed("read", directory, error);
  std::sort(names.begin(), names.end());
  return names;
}

/// All but the store.
Result<void> link_files(const fs::path& data, const fs::path& copy) {
  STATOR_TRY(const auto names, entries_of(data));
  for (const std::string& name : names) {
    if (is_left_out(name)) continue;
    STATOR_TRY_VOID(link_tree(data / name, copy / name, LinkMode::kLink));
  }
  return {};
}

/// A snapshot's contents as those of a data directory. RocksDB writes to what is not a table file.
Result<void> copy_contents(const fs::path& snapshot, const fs::path& directory) {
  STATOR_TRY_VOID(link_files(snapshot, directory));
  std::error_code ignored;
  fs::remove(directory / kMade, ignored);
  return link_tree(snapshot / "db", directory / "db", LinkMode::kLinkTablesCopyRest);
}

Result<WallTime> time_of(const fs::path& snapshot) {
  STATOR_TRY(const std::string text, read_file(snapshot / kMade, 64));
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error != std::errc() || end != text.data() + text.size()) {
    return internal((snapshot / kMade).string() + " is damaged");
  }
  return from_epoch_ms(ms);
}

}  // namespace

fs::path DataSnapshots::place(std::string_view name) const {
  return data_ / "snapshots" / name;
}

Result<void> DataSnapshots::check_exists(const std::string& name) const {
  std::error_code error;
  if (is_name(name) && fs::exists(place(name) / kMade, error)) return {};
  return not_found("there is no snapshot " + name + " of " + data_.string());
}

Result<DataSnapshot> DataSnapshots::create(const std::string& name, Store& store, WallTime now) {
  if (!is_name(name)) {
    return invalid(
        "a snapshot's name is 1 to 64 of letters, digits, '.', '_' and '-', and begins "
        "with a letter or digit");
  }
  STATOR_TRY(const auto others, list());
  if (check_exists(name)) return conflict("there is a snapshot " + name + " already");
  if (others.size() >= kDataSnapshotsMax) {
    return Error{ErrorCode::kThrottled, "there are " + std::to_string(kDataSnapshotsMax) +
                                            " snapshots already: delete one first"};
  }
  // What a crash left of an earlier attempt has no time of its making, and goes.
  const fs::path part = place(".making");
  STATOR_TRY_VOID(remove_tree(part));
  STATOR_TRY_VOID(make_directory(part));
  std::error_code error;
  fs::permissions(part, fs::perms::owner_all, error);
  if (error) return failed("protect", part, error);
  // Linked before, so that nothing the checkpoint names can be removed in between, and again after
  // for what came in between.
  STATOR_TRY_VOID(link_files(data_, part));
  STATOR_TRY_VOID(store.checkpoint(part / "db"));
  fs::permissions(part / "db", fs::perms::owner_all, error);
  if (error) return failed("protect", part, error);
  STATOR_TRY_VOID(link_files(data_, part));
  STATOR_TRY_VOID(sync_disk_of(data_));
  STATOR_TRY_VOID(write_file_durably(part / kMade, std::to_string(epoch_ms(now))));
  STATOR_TRY_VOID(move(part, place(name)));
  STATOR_TRY_VOID(sync_disk_of(data_));
  return DataSnapshot{name, now};
}

Result<std::vector<DataSnapshot>> DataSnapshots::list() const {
  std::vector<DataSnapshot> snapshots;
  std::error_code error;
  if (!fs::exists(data_ / "snapshots", error)) return snapshots;
  STATOR_TRY(const auto names, entries_of(data_ / "snapshots"));
  for (const std::string& name : names) {
    if (!check_exists(name)) continue;
    STATOR_TRY(const WallTime made, time_of(place(name)));
    snapshots.push_back({name, made});
  }
  std::stable_sort(snapshots.begin(), snapshots.end(),
                   [](const auto& a, const auto& b) { return a.made < b.made; });
  return snapshots;
}

Result<void> DataSnapshots::remove(const std::string& name) {
  STATOR_TRY_VOID(check_exists(name));
  const fs::path going = place(".going");
  STATOR_TRY_VOID(remove_tree(going));
  STATOR_TRY_VOID(move(place(name), going));
  return remove_tree(going);
}

Result<void> DataSnapshots::branch(const std::string& name, const fs::path& directory) const {
  STATOR_TRY_VOID(check_exists(name));
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    return conflict(directory.string() + " is not empty: choose a new directory");
  }
  STATOR_TRY_VOID(make_directory(directory));
  fs::permissions(directory, static_cast<fs::perms>(0711), error);
  if (error) return failed("protect", directory, error);
  return copy_contents(place(name), directory);
}

Result<void> DataSnapshots::restore(const std::string& name) {
  STATOR_TRY_VOID(check_exists(name));
  const fs::path part = place(".restoring");
  STATOR_TRY_VOID(remove_tree(part));
  STATOR_TRY_VOID(make_directory(part));
  STATOR_TRY_VOID(copy_contents(place(name), part));
  STATOR_TRY_VOID(sync_disk_of(data_));
  // From here on the directory is the snapshot, however far the next steps get.
  STATOR_TRY_VOID(move(part, data_ / kRestoring));
  STATOR_TRY_VOID(sync_disk_of(data_));
  return finish_restore(data_);
}

Result<void> finish_restore(const fs::path& data) {
  std::error_code error;
  const fs::path wanted = data / kRestoring, old = data / kReplaced;
  if (!fs::exists(wanted, error)) return remove_tree(old);
  STATOR_TRY_VOID(make_directory(old));
  STATOR_TRY(const auto names, entries_of(wanted));
  for (const std::string& name : names) {
    // A file is replaced in one step; a directory must be out of the way.
    if (fs::is_directory(data / name, error)) {
      STATOR_TRY_VOID(remove_tree(old / name));
      STATOR_TRY_VOID(move(data / name, old / name));
    }
    STATOR_TRY_VOID(move(wanted / name, data / name));
  }
  STATOR_TRY_VOID(sync_disk_of(data));
  STATOR_TRY_VOID(remove_tree(wanted));
  return remove_tree(old);
}

}  // namespace stator::storage
