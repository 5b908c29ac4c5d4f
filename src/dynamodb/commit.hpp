#pragma once

#include <optional>
#include <span>
#include <string>

#include "dynamodb/item_codec.hpp"
#include "dynamodb/table_state.hpp"
#include "storage/store.hpp"

namespace stator::dynamodb {

/// What becomes of an item that is written.
struct NewItem {
  enum class Kind { kPut, kErase, kKeep };
  Kind kind = Kind::kKeep;
  std::string bytes = {};  ///< for kPut
};

/// One item's way from what it was to what it will be.
struct ItemChange {
  const Table* table;
  TableState* state;
  std::string key;  ///< in the store
  /// Read under the key's latch, which is still held. Nothing when there was no item; may be left
  /// out when Table::needs_old_items() says so and the request did not want it.
  std::optional<std::string> old_bytes = {};
  NewItem now = {};

  /// False when the write leaves the item as it was: then it leaves no trace at all.
  [[nodiscard]] bool changes_anything() const {
    return now.kind == NewItem::Kind::kPut     ? old_bytes != now.bytes
           : now.kind == NewItem::Kind::kErase ? old_bytes || !table->needs_old_items()
                                               : false;
  }
};

/// On whose behalf items change: stream records tell.
enum class Cause { kRequest, kTimeToLive };

/// Applies the changes with all that follows from them (index entries, stream records, expiry
/// entries, recovery records) and `extra` in one atomic batch. The caller holds write access to
/// every table and the latch of every key. Nothing when nothing changes.
[[nodiscard]] Result<std::optional<storage::Sequence>> commit(storage::Store& store,
                                                              std::span<const ItemChange> changes,
                                                              WallTime now, Cause cause,
                                                              storage::Batch extra = {});

}  // namespace stator::dynamodb
