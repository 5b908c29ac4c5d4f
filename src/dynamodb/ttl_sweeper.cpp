#include "dynamodb/ttl_sweeper.hpp"

#include <utility>

#include "dynamodb/key_codec.hpp"
#include "dynamodb/ttl.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

constexpr std::chrono::milliseconds kSweepInterval{1'000};
/// Items whose latches are held at once.
constexpr std::size_t kChunkItems = 64;
/// Items that filling looks at between two looks at is_stopping().
constexpr std::size_t kLookedAtMax = 1'024;
/// Items that one table loses in one run; the others go in the next.
constexpr std::size_t kRunItemsMax = 16'384;
/// What expired longer ago than five years is taken for a mistake and stays.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
constexpr std::uint64_t kOldestSeconds = 5ull * 365 * 24 * 3'600;

TableRef ref_of(const Table& table) {
  return {table.account, table.region, table.name};
}

bool has_ttl(const WriteAccess& access, TableId ttl) {
  return !access.is_empty() && access.table().ttl && access.table().ttl->id == ttl;
}

/// The keys of entries whose time is over, the oldest first.
Result<std::vector<std::string>> expired_entries(const storage::Store& store, TableId ttl,
                                                 WallTime now) {
  const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(epoch_ms(now), 0)) / 1'000;
  const std::uint64_t oldest = seconds > kOldestSeconds ? seconds - kOldestSeconds : 0;
  const std::string any_key = table_prefix(0);
  const storage::Range due{expiry_key(ttl, oldest, any_key), expiry_key(ttl, seconds, any_key)};
  std::vector<std::string> entries;
  const auto found = store.iterate(Family::kTtl, due);
  for (found->seek_first(); found->valid() && entries.size() < kChunkItems; found->next()) {
    entries.emplace_back(found->key());
  }
  STATOR_TRY_VOID(found->status());
  return entries;
}

/// Deletes the items that these entries are about, unless they have changed meanwhile.
Result<void> expire(Tables& tables, const TableRef& ref, TableId ttl,
                    const std::vector<std::string>& entries) {
  const WriteAccess access = tables.write_access(ref);
  if (!has_ttl(access, ttl)) return {};
  const Table& table = access.table();
  std::vector<ExpiryEntry> due;
  std::vector<std::string> keys;
  for (const std::string& entry : entries) {
    due.push_back(expiry_entry(table, entry));
    keys.push_back(due.back().item_key);
  }
  const auto latches = tables.latches().lock_all(keys);
  std::vector<ItemChange> changes;
  storage::Batch extra;
  for (std::size_t i = 0; i < due.size(); ++i) {
    STATOR_TRY(auto item, tables.store().get(Family::kItems, due[i].item_key));
    if (item && expiry_of(*table.ttl, EncodedItem(*item)) == due[i].expiry) {
      changes.push_back({&table,
                         &access.state(),
                         std::move(due[i].item_key),
                         std::move(item),
                         {NewItem::Kind::kErase}});
    } else {
      extra.erase(Family::kTtl, entries[i]);
    }
  }
  STATOR_TRY_VOID(
      commit(tables.store(), changes, tables.clock().wall(), Cause::kTimeToLive, std::move(extra)));
  return {};
}

/// A failure of the disk leaves the rest for the next run.
void sweep(Tables& tables) {
  for (const auto& table : tables.all()) {
    if (!table->ttl) continue;
    for (std::size_t count = 0; count < kRunItemsMax;) {
      if (tables.background().is_stopping()) return;
      const auto entries = expired_entries(tables.store(), table->ttl->id, tables.clock().wall());
      if (!entries || entries->empty()) break;
      if (!expire(tables, ref_of(*table), table->ttl->id, *entries)) break;
      count += entries->size();
    }
  }
}

/// Finds the next items that expire, from the key `at` on, and moves `at` behind what was looked
/// at; it is the end of the range when nothing is left.
Result<std::vector<std::string>> items_that_expire(const storage::Store& store,
                                                   const TimeToLive& ttl, storage::Range& left) {
  std::vector<std::string> keys;
  const auto items = store.iterate(Family::kItems, left);
  std::size_t looked_at = 0;
  for (items->seek_first(); items->valid(); items->next()) {
    if (looked_at++ == kLookedAtMax || keys.size() == kChunkItems) break;
    if (expiry_of(ttl, EncodedItem(items->value()))) keys.emplace_back(items->key());
    left.begin = after(std::string(items->key()));
  }
  STATOR_TRY_VOID(items->status());
  if (!items->valid()) left.begin = left.end;
  return keys;
}

/// Writes the entries of these items as they are now. False when the time to live is gone.
Result<bool> fill_some(Tables& tables, const TableRef& ref, TableId ttl,
                       const std::vector<std::string>& keys) {
  const WriteAccess access = tables.write_access(ref);
  if (!has_ttl(access, ttl)) return false;
  const auto latches = tables.latches().lock_all(keys);
  storage::Batch batch;
  for (const std::string& key : keys) {
    STATOR_TRY(const auto item, tables.store().get(Family::kItems, key));
    if (!item) continue;
    if (const auto expiry = expiry_of(*access.table().ttl, EncodedItem(*item))) {
      batch.put(Family::kTtl, expiry_key(ttl, *expiry, key), {});
    }
  }
  STATOR_TRY_VOID(tables.store().write(std::move(batch)));
  return true;
}

/// Whatever ends this early (the end of the server, a failure of the disk) leaves is_filled unset,
/// so that the next start begins anew; entries written twice are the same.
void fill(Tables& tables, const TableRef& ref, TableId ttl) {
  const auto table = tables.find(ref);
  if (!table || !table->ttl || table->ttl->id != ttl) return;
  for (storage::Range left = table_range(table->id); left.begin != left.end;) {
    if (tables.background().is_stopping()) return;
    const auto keys = items_that_expire(tables.store(), *table->ttl, left);
    if (!keys) return;
    const auto goes_on = fill_some(tables, ref, ttl, *keys);
    if (!goes_on || !*goes_on) return;
  }
  static_cast<void>(tables.update(ref, [ttl](Table& changed) -> Result<void> {
    if (changed.ttl && changed.ttl->id == ttl) changed.ttl->is_filled = true;
    return {};
  }));
}

}  // namespace

void keep_expiring(Tables& tables) {
  tables.background().every(kSweepInterval, [&tables] { sweep(tables); });
  for (const auto& table : tables.all()) {
    if (table->ttl && !table->ttl->is_filled) {
      fill_expiries_later(tables, ref_of(*table), table->ttl->id);
    }
  }
}

void fill_expiries_later(Tables& tables, const TableRef& ref, TableId ttl) {
  tables.background().post([&tables, ref, ttl] { fill(tables, ref, ttl); });
}

}  // namespace stator::dynamodb
