#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "dynamodb/commit.hpp"

/// What point-in-time recovery keeps: for each write to a table that has it on, the item as it was
/// before, in Family::kHistory under
///
///   table (8 bytes) | time in milliseconds (8) | number (8)
///
/// A table's state at a moment is its state now with every later write undone, newest first. The
/// key of time 0 holds how far the history has been trimmed.
namespace stator::dynamodb::recovery {

/// The record of one change, for its batch; nothing when the table's recovery is off. The caller
/// holds TableState::order until the batch is written. kInternal when the disk fails.
[[nodiscard]] Result<void> add_history(storage::Store& store, const ItemChange& change,
                                       WallTime now, storage::Batch& batch);

/// From now on every write to the table is recorded later than `moment`, so that a snapshot taken
/// after this call has all that the state at that moment has. The caller holds write access.
[[nodiscard]] Result<void> fence(storage::Store& store, const Table& table, TableState& state,
                                 WallTime moment);

/// The time of the newest write, or `now` when that is later. The caller holds write access.
[[nodiscard]] Result<WallTime> latest_moment(storage::Store& store, const Table& table,
                                             TableState& state, WallTime now);

/// The first moment that can be restored. The table's recovery is on.
[[nodiscard]] Result<WallTime> earliest_moment(const storage::Store& store, const Table& table,
                                               WallTime now, const storage::Snapshot* at = nullptr);

/// The item that a write after the moment found.
struct Undo {
  std::string_view key;                       ///< in the store, without the table's prefix
  std::optional<std::string_view> old_bytes;  ///< nothing: there was no item
};
/// Visits every write later than `moment`, newest first, and ends early with the visitor's error.
[[nodiscard]] Result<void> for_each_later(const storage::Store& store, TableId table,
                                          WallTime moment, const storage::Snapshot& at,
                                          const std::function<Result<void>(const Undo&)>& visit);

/// Whether there is any.
[[nodiscard]] Result<bool> has_later_writes(const storage::Store& store, TableId table,
                                            WallTime moment, const storage::Snapshot& at);

/// Forgets what lies before the window of a table whose recovery is on.
[[nodiscard]] Result<void> trim_history(storage::Store& store, const Table& table, WallTime now);

}  // namespace stator::dynamodb::recovery
