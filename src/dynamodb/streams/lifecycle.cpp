#include "dynamodb/streams/lifecycle.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/check.hpp"
#include "base/time_format.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/record_number.hpp"
#include "dynamodb/streams/reader.hpp"
#include "dynamodb/streams/record.hpp"
#include "dynamodb/table_record.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb::streams {

namespace {

using storage::Family;

constexpr std::chrono::minutes kUpkeepInterval{1};

std::string retired_prefix() {
  return storage::path_key({"", "", "dynamodb", "old-stream"});
}

std::string retired_key(const TableRef& ref, std::string_view label) {
  return storage::path_key(
      {"", "", "dynamodb", "old-stream", ref.account, ref.region, ref.name, label});
}

TableRef ref_of(const Table& table) {
  return {table.account, table.region, table.name};
}

/// AWS's labels are times without a zone.
std::string label_of(WallTime time) {
  std::string label = iso8601_ms(time);
  label.pop_back();
  return label;
}

StreamShard new_shard(WallTime now, std::uint64_t first, const StreamShard* parent) {
  std::array<char, 64> id{};
  const int length =
      std::snprintf(id.data(), id.size(), "shardId-%020lld-%08x", (long long)epoch_ms(now),
                    static_cast<unsigned>(partition_hash(sequence_number(first))));
  StreamShard shard;
  shard.id.assign(id.data(), static_cast<std::size_t>(length));
  if (parent != nullptr) shard.parent_id = parent->id;
  shard.first = first;
  shard.opened = now;
  return shard;
}

/// Every record that the stream has goes to the shard that closes, and every later one has a higher
/// number. Nobody writes to the table meanwhile.
Result<void> close_last_shard(const storage::Store& store, StreamSettings& stream, WallTime now) {
  StreamShard& shard = stream.shards.back();
  STATOR_TRY(const auto newest, last_record_number(store, stream.id));
  shard.last = std::max({newest, number_at(now), shard.first});
  shard.closed = now;
  return {};
}

bool is_due(const StreamSettings& stream, WallTime now) {
  return stream.is_enabled && now - stream.shards.back().opened >= kShardLife;
}

Result<void> roll(const storage::Store& store, StreamSettings& stream, WallTime now) {
  if (!is_due(stream, now)) return {};
  STATOR_TRY_VOID(close_last_shard(store, stream, now));
  stream.shards.push_back(new_shard(now, stream.shards.back().last + 1, &stream.shards.back()));
  std::erase_if(stream.shards, [&](const StreamShard& shard) { return is_gone(shard, now); });
  return {};
}

/// Erases the records that no iterator can ask for any more.
Result<void> trim(storage::Store& store, const StreamSettings& stream, WallTime now) {
  const storage::Range old{record_key(stream.id, 0),
                           record_key(stream.id, number_at(now - kRetention - kIteratorLife))};
  const auto records = store.iterate(Family::kStreams, old);
  records->seek_first();
  STATOR_TRY_VOID(records->status());
  if (!records->valid()) return {};
  storage::Batch batch;
  batch.erase_range(Family::kStreams, old.begin, old.end);
  STATOR_TRY_VOID(store.write(std::move(batch)));
  return {};
}

/// Trims a retired stream, or erases it once it is gone.
Result<void> trim_retired(storage::Store& store, const Table& table, WallTime now) {
  if (!is_gone(*table.stream, now)) return trim(store, *table.stream, now);
  const storage::Range records = table_range(table.stream->id);
  storage::Batch batch;
  batch.erase(Family::kMeta, retired_key(ref_of(table), table.stream->label));
  batch.erase_range(Family::kStreams, records.begin, records.end);
  STATOR_TRY_VOID(store.write(std::move(batch)));
  return {};
}

/// A failure of the disk leaves things as they are; they are met again a minute later.
void look_after_streams(Tables& tables) {
  const WallTime now = tables.clock().wall();
  for (const auto& table : tables.all()) {
    if (tables.background().is_stopping()) return;
    if (!table->stream) continue;
    if (is_due(*table->stream, now)) {
      static_cast<void>(tables.update(ref_of(*table), [&](Table& changed) -> Result<void> {
        if (!changed.stream) return {};
        return roll(tables.store(), *changed.stream, now);
      }));
    }
    static_cast<void>(trim(tables.store(), *table->stream, now));
  }
  const auto retired = retired_streams(tables.store());
  if (!retired) return;
  for (const Table& table : *retired) {
    if (tables.background().is_stopping()) return;
    static_cast<void>(trim_retired(tables.store(), table, now));
  }
}

}  // namespace

Result<void> open_stream(Tables& tables, Table& table, StreamSettings::View view) {
  if (table.stream && table.stream->is_enabled) {
    return validation("Table already has an enabled stream: TableName: " + table.name);
  }
  WallTime now = tables.clock().wall();
  std::uint64_t first = number_at(now);
  if (table.stream && !table.stream->shards.empty()) {
    first = std::max(first, table.stream->shards.back().last + 1);
  }
  // The label tells a table's streams apart, so two that are made at once get different ones.
  for (;; now += std::chrono::milliseconds(1)) {
    STATOR_TRY(const auto namesake, find_retired(tables.store(), ref_of(table), label_of(now)));
    if (!namesake && (!table.stream || table.stream->label != label_of(now))) break;
  }
  STATOR_TRY(const TableId id, tables.next_id());
  table.stream =
      StreamSettings{view, true, now, label_of(now), id, {new_shard(now, first, nullptr)}};
  return {};
}

Result<void> close_stream(Tables& tables, Table& table) {
  if (!table.stream || !table.stream->is_enabled) {
    return validation("Table has no stream to disable: TableName: " + table.name);
  }
  STATOR_TRY_VOID(close_last_shard(tables.store(), *table.stream, tables.clock().wall()));
  table.stream->is_enabled = false;
  return {};
}

Result<void> settle_stream(Tables& tables, const std::optional<StreamSettings>& before,
                           Table& table) {
  if (!table.stream) return {};
  if (table.stream->is_enabled && table.stream->shards.empty()) {
    const StreamSettings::View view = table.stream->view;
    table.stream = before;
    return open_stream(tables, table, view);
  }
  if (table.stream->is_enabled || table.stream->shards.empty()) return {};
  if (!table.stream->shards.back().is_open()) return {};
  return close_last_shard(tables.store(), *table.stream, tables.clock().wall());
}

Result<void> retire(const storage::Store& store, const Table& table, WallTime now,
                    storage::Batch& batch) {
  if (!table.stream) return {};
  Table retired = table;
  if (retired.stream->is_enabled) {
    STATOR_TRY_VOID(close_last_shard(store, *retired.stream, now));
    retired.stream->is_enabled = false;
  }
  batch.put(Family::kMeta, retired_key(ref_of(table), table.stream->label),
            json::dump(to_record(retired)));
  return {};
}

Result<std::vector<Table>> retired_streams(const storage::Store& store) {
  std::vector<Table> result;
  const auto records = store.iterate(Family::kMeta, storage::prefix_range(retired_prefix()));
  for (records->seek_first(); records->valid(); records->next()) {
    STATOR_TRY(const auto object, json::parse_object(records->value()));
    STATOR_TRY(auto table, from_record(object));
    STATOR_CHECK(table.stream.has_value());
    result.push_back(std::move(table));
  }
  STATOR_TRY_VOID(records->status());
  return result;
}

std::set<std::string> retired_prefixes(const storage::Store& store) {
  const auto retired = retired_streams(store);
  if (!retired) throw ConfigError("cannot read the streams: " + retired.error().message);
  std::set<std::string> prefixes;
  for (const Table& table : *retired) prefixes.insert(table_prefix(table.stream->id));
  return prefixes;
}

Result<std::shared_ptr<const Table>> find_retired(const storage::Store& store, const TableRef& ref,
                                                  std::string_view label) {
  STATOR_TRY(const auto record, store.get(Family::kMeta, retired_key(ref, label)));
  if (!record) return std::shared_ptr<const Table>();
  STATOR_TRY(const auto object, json::parse_object(*record));
  STATOR_TRY(auto table, from_record(object));
  STATOR_CHECK(table.stream.has_value());
  return std::make_shared<const Table>(std::move(table));
}

bool is_gone(const StreamShard& shard, WallTime now) {
  return !shard.is_open() && now - shard.closed >= kRetention;
}

bool is_gone(const StreamSettings& stream, WallTime now) {
  return !stream.is_enabled && (stream.shards.empty() || is_gone(stream.shards.back(), now));
}

void keep_streams(Tables& tables) {
  tables.background().every(kUpkeepInterval, [&tables] { look_after_streams(tables); });
}

}  // namespace stator::dynamodb::streams
