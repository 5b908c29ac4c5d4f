#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/store.hpp"

namespace stator::storage {

/// Of a data directory at most this many are kept.
inline constexpr std::size_t kDataSnapshotsMax = 100;

struct DataSnapshot {
  std::string name;
  WallTime made;
};

/// Copies of a whole data directory as it was at one moment, in DATA/snapshots: the store by a
/// checkpoint, every other file by a hard link, so that a copy costs neither time nor room until
/// what it holds is replaced. The audit trail is not in it: history does not go back. One caller at
/// a time changes the snapshots of a directory.
class DataSnapshots {
 public:
  explicit DataSnapshots(std::filesystem::path data) : data_(std::move(data)) {}

  /// Of the directory whose `store` is open in this process; on disk when it returns. A package
  /// that is both put and removed while this runs may be missing from it. kInvalid for a name that
  /// is not 1 to 64 of letters, digits, '.', '_' and '-' beginning with a letter or digit;
  /// kConflict for one that is there; kThrottled above kDataSnapshotsMax.
  [[nodiscard]] Result<DataSnapshot> create(const std::string& name, Store& store, WallTime now);
  /// The oldest first.
  [[nodiscard]] Result<std::vector<DataSnapshot>> list() const;
  /// kNotFound when there is none of that name.
  [[nodiscard]] Result<void> remove(const std::string& name);

  /// A data directory of its own that begins as the snapshot: files are shared with it until either
  /// side replaces them, and copied where `directory` is on another disk. kConflict when
  /// `directory` is there and not empty.
  [[nodiscard]] Result<void> branch(const std::string& name,
                                    const std::filesystem::path& directory) const;

  /// Makes the directory what it was. Whoever calls holds its lock, and its store is not open. A
  /// crash leaves the old state, or one that finish_restore() makes the new one.
  [[nodiscard]] Result<void> restore(const std::string& name);

 private:
  [[nodiscard]] std::filesystem::path place(std::string_view name) const;
  [[nodiscard]] Result<void> check_exists(const std::string& name) const;

  std::filesystem::path data_;
};

/// Completes a restore that a crash cut short; does nothing where none was. Called with the lock of
/// the directory held, before anything else in it is read.
[[nodiscard]] Result<void> finish_restore(const std::filesystem::path& data);

}  // namespace stator::storage
