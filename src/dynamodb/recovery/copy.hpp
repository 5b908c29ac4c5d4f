#pragma once

#include "dynamodb/background.hpp"
#include "dynamodb/table.hpp"
#include "dynamodb/table_description.hpp"
#include "storage/store.hpp"

/// Moving whole tables about inside the store, in small batches.
namespace stator::dynamodb::recovery {

/// What long work needs. Stops with kUnavailable when the server does.
struct Copying {
  storage::Store& store;
  const Background& background;
};

/// Collects changes and writes them in batches of bounded size.
class ChunkWriter {
 public:
  explicit ChunkWriter(Copying copying) : copying_(copying) {}
  [[nodiscard]] Result<void> put(storage::Family family, std::string key, std::string value);
  [[nodiscard]] Result<void> erase(storage::Family family, std::string key);
  /// Writes what is left. To be called last.
  [[nodiscard]] Result<void> flush();

 private:
  [[nodiscard]] Result<void> added(std::size_t bytes);

  Copying copying_;
  storage::Batch batch_;
  std::size_t bytes_ = 0;
};

/// Puts the items that lie under `from` in the snapshot under `to` as well, and counts them.
[[nodiscard]] Result<Statistics> copy_items(Copying copying, const storage::Snapshot& at,
                                            TableId from, TableId to);

/// Takes the items under `to`, a copy of those that lie under `from` in the snapshot, back to
/// `moment` by the history of table `from`.
[[nodiscard]] Result<void> undo_later_writes(Copying copying, const storage::Snapshot& at,
                                             TableId from, WallTime moment, TableId to);

/// Makes the entries of all indexes of a table that nobody writes to and that has none yet.
[[nodiscard]] Result<void> build_indexes(Copying copying, const Table& table);

/// Erases every item under `id`.
[[nodiscard]] Result<void> erase_items(storage::Store& store, TableId id);

}  // namespace stator::dynamodb::recovery
