#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "dynamodb/streams/bell.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

/// What writers of one table share. Lives as long as anybody holds it, also past the table's end.
///
/// Locks are taken in this order: `schema` of each table (in the order of table ids), latches of
/// keys, `order` of each table (in the order of table ids).
struct TableState {
  /// Writers share it from their look at the table to their commit; who changes or deletes the
  /// table has it alone. So a write always serves the indexes and the stream that the table has.
  std::shared_mutex schema;
  std::shared_ptr<const Table> table;  ///< guarded by `schema`; null once it is deleted

  /// Rung for each write that leaves a stream record; null: nobody listens. It is the catalogue's.
  const streams::Bell* bell = nullptr;

  /// Held from giving numbers to stream and recovery records until they are written, so that the
  /// records appear in the order of their numbers.
  std::mutex order;
  std::uint64_t last_number = 0;  ///< guarded by `order`; 0 until the first number is given
  /// Of the newest recovery record, guarded by `order`. Time never goes back here. 0 until the
  /// first record after a start.
  std::int64_t last_recorded_ms = 0;
  std::uint64_t last_recorded_number = 0;
};

/// The right to write to a table: as long as this lives, the table stays as it is. Held for one
/// request, never while waiting for the disk. Movable.
class WriteAccess {
 public:
  WriteAccess() = default;
  /// Empty when the table is deleted meanwhile.
  explicit WriteAccess(std::shared_ptr<TableState> state)
      : state_(std::move(state)), lock_(state_->schema), table_(state_->table) {}

  [[nodiscard]] bool is_empty() const { return table_ == nullptr; }
  [[nodiscard]] const Table& table() const { return *table_; }
  [[nodiscard]] const std::shared_ptr<const Table>& handle() const { return table_; }
  [[nodiscard]] TableState& state() const { return *state_; }

 private:
  std::shared_ptr<TableState> state_;
  std::shared_lock<std::shared_mutex> lock_;
  std::shared_ptr<const Table> table_;
};

}  // namespace stator::dynamodb
