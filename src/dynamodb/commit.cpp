#include "dynamodb/commit.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "dynamodb/index_entry.hpp"
#include "dynamodb/record_number.hpp"
#include "dynamodb/recovery/history.hpp"
#include "dynamodb/streams/record.hpp"
#include "dynamodb/ttl.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

/// The locks of those tables whose records are numbered, in the order of their ids.
std::vector<std::unique_lock<std::mutex>> lock_order(std::span<const ItemChange> changes) {
  std::vector<std::pair<TableId, TableState*>> numbered;
  for (const ItemChange& change : changes) {
    const Table& table = *change.table;
    if (!has_numbered_records(table)) continue;
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

void ring_bell(const ItemChange& change) {
  const Table& table = *change.table;
  if (!table.stream || !table.stream->is_enabled || change.state->bell == nullptr) return;
  if (change.changes_anything()) change.state->bell->ring(table.stream->id);
}

}  // namespace

Result<std::optional<storage::Sequence>> commit(storage::Store& store,
                                                std::span<const ItemChange> changes, WallTime now,
                                                Cause cause, storage::Batch extra) {
  const auto locks = lock_order(changes);
  storage::Batch batch = std::move(extra);
  for (const ItemChange& change : changes) {
    if (!change.changes_anything()) continue;
    add_item(change, batch);
    add_index_entries(change, batch);
    add_expiry_entries(change, batch);
    STATOR_TRY_VOID(recovery::add_history(store, change, now, batch));
    if (!has_numbered_records(*change.table)) continue;
    STATOR_TRY(const auto number, next_record_number(store, *change.table, *change.state, now));
    streams::add_record(change, {number, now, cause}, batch);
  }
  if (batch.empty()) return std::optional<storage::Sequence>();
  STATOR_TRY(const auto sequence, store.write(std::move(batch)));
  for (const ItemChange& change : changes) ring_bell(change);
  return std::optional(sequence);
}

}  // namespace stator::dynamodb
