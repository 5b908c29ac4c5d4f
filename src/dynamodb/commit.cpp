#include "dynamodb/commit.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "dynamodb/index_entry.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

/// The locks of those tables whose records are numbered, in the order of their ids.
std::vector<std::unique_lock<std::mutex>> lock_order(std::span<const ItemChange> changes) {
  std::vector<std::pair<TableId, TableState*>> numbered;
  for (const ItemChange& change : changes) {
    const Table& table = *change.table;
    if (!(table.stream && table.stream->is_enabled) && !table.recovery) continue;
    numbered.emplace_back(table.id, change.state);
  }
  std::sort(numbered.begin(), numbered.end());
  numbered.erase(std::unique(numbered.begin(), numbered.end()), numbered.end());
  std::vector<std::unique_lock<std::mutex>> locks;
  for (const auto& [id, state] : numbered) locks.emplace_back(state->order);
  return locks;
}

void add_item(const ItemChange& change, storage::Batch& batch) {
  if (change.now.kind == NewItem::Kind::kErase) {
    batch.erase(Family::kItems, change.key);
  } else {
    batch.put(Family::kItems, change.key, change.now.bytes);
  }
}

}  // namespace

Result<std::optional<storage::Sequence>> commit(storage::Store& store,
                                                std::span<const ItemChange> changes, WallTime,
                                                Cause, storage::Batch extra) {
  const auto locks = lock_order(changes);
  storage::Batch batch = std::move(extra);
  for (const ItemChange& change : changes) {
    if (!change.changes_anything()) continue;
    add_item(change, batch);
    add_index_entries(change, batch);
  }
  if (batch.empty()) return std::optional<storage::Sequence>();
  STATOR_TRY(const auto sequence, store.write(std::move(batch)));
  return std::optional(sequence);
}

}  // namespace stator::dynamodb
