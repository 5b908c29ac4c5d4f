#include "dynamodb/recovery/copy.hpp"

#include "dynamodb/index_entry.hpp"
#include "dynamodb/recovery/history.hpp"

namespace stator::dynamodb::recovery {

namespace {

using storage::Family;

constexpr std::size_t kChunkBytesMax = 256u << 10;
constexpr std::size_t kChangeBytes = 32;  // what a change costs beside its key and value
constexpr std::size_t kPrefixBytes = 8;

}  // namespace

Result<void> ChunkWriter::put(Family family, std::string key, std::string value) {
  const std::size_t bytes = key.size() + value.size();
  batch_.put(family, std::move(key), std::move(value));
  return added(bytes);
}

Result<void> ChunkWriter::erase(Family family, std::string key) {
  const std::size_t bytes = key.size();
  batch_.erase(family, std::move(key));
  return added(bytes);
}

Result<void> ChunkWriter::added(std::size_t bytes) {
  bytes_ += bytes + kChangeBytes;
  if (bytes_ < kChunkBytesMax) return {};
  return flush();
}

Result<void> ChunkWriter::flush() {
  if (copying_.background.is_stopping()) return unavailable("the server is stopping");
  bytes_ = 0;
  if (batch_.empty()) return {};
  STATOR_TRY_VOID(copying_.store.write(std::exchange(batch_, {})));
  return {};
}

Result<Statistics> copy_items(Copying copying, const storage::Snapshot& at, TableId from,
                              TableId to) {
  const std::string prefix = table_prefix(to);
  Statistics copied;
  ChunkWriter writer(copying);
  const auto items = copying.store.iterate(Family::kItems, table_range(from), &at);
  for (items->seek_first(); items->valid(); items->next()) {
    ++copied.item_count;
    copied.size_bytes += EncodedItem(items->value()).size_bytes();
    std::string key = prefix;
    key.append(items->key().substr(kPrefixBytes));
    STATOR_TRY_VOID(writer.put(Family::kItems, std::move(key), std::string(items->value())));
  }
  STATOR_TRY_VOID(items->status());
  STATOR_TRY_VOID(writer.flush());
  return copied;
}

Result<void> undo_later_writes(Copying copying, const storage::Snapshot& at, TableId from,
                               WallTime moment, TableId to) {
  const std::string prefix = table_prefix(to);
  ChunkWriter writer(copying);
  STATOR_TRY_VOID(
      for_each_later(copying.store, from, moment, at, [&](const Undo& undo) -> Result<void> {
        std::string key = prefix;
        key.append(undo.key);
        if (!undo.old_bytes) {
          return writer.erase(Family::kItems, std::move(key));
        }
        return writer.put(Family::kItems, std::move(key), std::string(*undo.old_bytes));
      }));
  return writer.flush();
}

Result<void> build_indexes(Copying copying, const Table& table) {
  if (table.indexes.empty()) return {};
  ChunkWriter writer(copying);
  const auto items = copying.store.iterate(Family::kItems, table_range(table.id));
  for (items->seek_first(); items->valid(); items->next()) {
    const EncodedItem item(items->value());
    for (const Index& index : table.indexes) {
      auto entry = index_entry(table, index, items->key(), item, items->value());
      if (!entry) continue;
      STATOR_TRY_VOID(writer.put(Family::kIndex, std::move(entry->key), std::move(entry->value)));
    }
  }
  STATOR_TRY_VOID(items->status());
  return writer.flush();
}

Result<void> erase_items(storage::Store& store, TableId id) {
  storage::Batch batch;
  const storage::Range range = table_range(id);
  batch.erase_range(Family::kItems, range.begin, range.end);
  STATOR_TRY_VOID(store.write(std::move(batch)));
  return {};
}

}  // namespace stator::dynamodb::recovery
