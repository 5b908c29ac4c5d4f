#include "dynamodb/index_work.hpp"

#include <algorithm>

#include "dynamodb/index_entry.hpp"
#include "dynamodb/table_schema.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

/// An index that waits for work. Its id tells it from another one of its name.
struct Job {
  TableRef ref;
  TableId table;
  TableId index;
};

const Index* find_by_id(const Table& table, TableId id) {
  for (const Index& index : table.indexes) {
    if (index.id == id) return &index;
  }
  return nullptr;
}

/// The next keys of the table in `range`, few enough to be held at once; moves its beginning on.
Result<std::vector<std::string>> next_keys(const storage::Store& store, storage::Range& range) {
  std::vector<std::string> keys;
  std::size_t size = 0;
  const auto items = store.iterate(Family::kItems, range);
  for (items->seek_first(); items->valid(); items->next()) {
    keys.emplace_back(items->key());
    size += items->value().size();
    if (keys.size() >= kFillItemsMax || size >= kFillBytesMax) break;
  }
  STATOR_TRY_VOID(items->status());
  if (!keys.empty()) range.begin = after(keys.back());
  return keys;
}

/// Writes the entries of these items as they are now; false when the index is not to be filled any
/// more. Items are read under their latches, so no write comes between an item and its entry.
Result<bool> fill(Tables& tables, const Job& job, const std::vector<std::string>& keys) {
  const WriteAccess access = tables.write_access(job.ref);
  if (access.is_empty()) return false;
  const Table& table = access.table();
  const Index* index = find_by_id(table, job.index);
  if (!index || index->status != Index::Status::kCreating) return false;
  const auto latches = tables.latches().lock_all(keys);
  storage::Batch batch;
  for (const std::string& key : keys) {
    STATOR_TRY(const auto bytes, tables.store().get(Family::kItems, key));
    if (!bytes) continue;
    auto entry = index_entry(table, *index, key, EncodedItem(*bytes), *bytes);
    if (entry) batch.put(Family::kIndex, std::move(entry->key), std::move(entry->value));
  }
  STATOR_TRY_VOID(tables.store().write(std::move(batch)));
  return true;
}

/// What happens to the index in the table's record when its work is done.
template <class Finish>
Result<void> finish(Tables& tables, const Job& job, Finish change) {
  const auto update = [&](Table& table) -> Result<void> {
    const auto found = std::find_if(table.indexes.begin(), table.indexes.end(),
                                    [&](const Index& index) { return index.id == job.index; });
    if (found != table.indexes.end()) change(table, found);
    return {};
  };
  // A table that is gone has taken its indexes along.
  if (!tables.find(job.ref)) return {};
  STATOR_TRY_VOID(tables.update(job.ref, update));
  return {};
}

Result<void> create(Tables& tables, const Job& job) {
  storage::Range left = table_range(job.table);
  while (!tables.background().is_stopping()) {
    STATOR_TRY(const auto keys, next_keys(tables.store(), left));
    if (keys.empty()) {
      return finish(tables, job, [](Table&, std::vector<Index>::iterator index) {
        if (index->status == Index::Status::kCreating) index->status = Index::Status::kActive;
      });
    }
    STATOR_TRY(const bool goes_on, fill(tables, job, keys));
    if (!goes_on) return {};
  }
  return {};
}

/// Nobody writes entries of an index that is being deleted, and nobody reads them.
Result<void> remove(Tables& tables, const Job& job) {
  const storage::Range range = table_range(job.index);
  storage::Batch batch;
  batch.erase_range(Family::kIndex, range.begin, range.end);
  STATOR_TRY_VOID(tables.store().write(std::move(batch)));
  return finish(tables, job, [](Table& table, std::vector<Index>::iterator index) {
    table.indexes.erase(index);
    const auto is_unused = [&](const KeyAttribute& attribute) {
      return !is_key_attribute(table, attribute.name);
    };
    table.attributes.erase(
        std::remove_if(table.attributes.begin(), table.attributes.end(), is_unused),
        table.attributes.end());
  });
}

void work(Tables& tables, const Job& job) {
  const auto table = tables.find(job.ref);
  const Index* index = table && table->id == job.table ? find_by_id(*table, job.index) : nullptr;
  if (!index) return;
  // An error here means that the store has failed. Nothing is written any more until a restart,
  // and that takes the work up again.
  if (index->status == Index::Status::kCreating) static_cast<void>(create(tables, job));
  if (index->status == Index::Status::kDeleting) static_cast<void>(remove(tables, job));
}

}  // namespace

void post_index_work(Tables& tables, const Table& table) {
  for (const Index& index : table.indexes) {
    if (index.status == Index::Status::kActive) continue;
    const Job job{{table.account, table.region, table.name}, table.id, index.id};
    tables.background().post([&tables, job] { work(tables, job); });
  }
}

void keep_indexes(Tables& tables) {
  for (const auto& table : tables.all()) post_index_work(tables, *table);
}

}  // namespace stator::dynamodb
