#include "dynamodb/recovery/history.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::recovery {

namespace {

using storage::Family;

constexpr std::size_t kPrefixBytes = 8;
constexpr std::size_t kRecordKeyBytes = 24;
/// What is a little older than the window is kept, for restores that are just being asked for.
constexpr std::chrono::minutes kTrimMargin{10};

void append_number(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

std::uint64_t read_number(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    number = (number << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

std::string record_key(TableId table, std::int64_t time_ms, std::uint64_t number) {
  std::string key = table_prefix(table);
  append_number(key, static_cast<std::uint64_t>(std::max<std::int64_t>(time_ms, 0)));
  append_number(key, number);
  return key;
}

/// How far the history has been trimmed lies before every record.
std::string floor_key(TableId table) {
  return record_key(table, 0, 0);
}

storage::Range records(TableId table) {
  return {record_key(table, 1, 0), table_range(table).end};
}

storage::Range later_records(TableId table, WallTime moment) {
  storage::Range range = records(table);
  range.begin = std::max(range.begin, record_key(table, epoch_ms(moment) + 1, 0));
  return range;
}

/// Finds the newest record after a start. The caller holds TableState::order.
Result<void> recall(storage::Store& store, const Table& table, TableState& state) {
  if (state.last_recorded_ms != 0) return {};
  const auto iterator = store.iterate(Family::kHistory, records(table.id));
  iterator->seek_last();
  STATOR_TRY_VOID(iterator->status());
  state.last_recorded_ms = 1;
  if (!iterator->valid()) return {};
  if (iterator->key().size() != kRecordKeyBytes) return internal("damaged recovery record");
  state.last_recorded_ms =
      static_cast<std::int64_t>(read_number(iterator->key().substr(kPrefixBytes)));
  state.last_recorded_number = read_number(iterator->key().substr(kPrefixBytes + 8));
  return {};
}

/// A flag, the key's length and the key, and the old item to the end.
std::string record_value(std::string_view key, const std::optional<std::string>& old_bytes) {
  std::string value;
  value.reserve(9 + key.size() + (old_bytes ? old_bytes->size() : 0));
  value.push_back(old_bytes ? '\1' : '\0');
  append_number(value, key.size());
  value.append(key);
  if (old_bytes) value.append(*old_bytes);
  return value;
}

Result<Undo> read_record(std::string_view value) {
  constexpr std::size_t kHeader = 9;
  if (value.size() < kHeader) return internal("damaged recovery record");
  const std::uint64_t key_size = read_number(value.substr(1));
  if (key_size > value.size() - kHeader) return internal("damaged recovery record");
  Undo undo{value.substr(kHeader, key_size), std::nullopt};
  if (value[0] == '\1') undo.old_bytes = value.substr(kHeader + key_size);
  return undo;
}

}  // namespace

Result<void> add_history(storage::Store& store, const ItemChange& change, WallTime now,
                         storage::Batch& batch) {
  if (!change.table->recovery) return {};
  TableState& state = *change.state;
  STATOR_TRY_VOID(recall(store, *change.table, state));
  state.last_recorded_ms = std::max(state.last_recorded_ms, epoch_ms(now));
  ++state.last_recorded_number;
  batch.put(Family::kHistory,
            record_key(change.table->id, state.last_recorded_ms, state.last_recorded_number),
            record_value(std::string_view(change.key).substr(kPrefixBytes), change.old_bytes));
  return {};
}

Result<void> fence(storage::Store& store, const Table& table, TableState& state, WallTime moment) {
  const std::scoped_lock lock(state.order);
  STATOR_TRY_VOID(recall(store, table, state));
  state.last_recorded_ms = std::max(state.last_recorded_ms, epoch_ms(moment) + 1);
  return {};
}

Result<WallTime> latest_moment(storage::Store& store, const Table& table, TableState& state,
                               WallTime now) {
  const std::scoped_lock lock(state.order);
  STATOR_TRY_VOID(recall(store, table, state));
  return std::max(now, from_epoch_ms(state.last_recorded_ms));
}

Result<WallTime> earliest_moment(const storage::Store& store, const Table& table, WallTime now,
                                 const storage::Snapshot* at) {
  STATOR_TRY(const auto floor, store.get(Family::kHistory, floor_key(table.id), at));
  WallTime earliest =
      std::max(table.recovery->since, now - std::chrono::hours(24 * table.recovery->period_days));
  if (floor && floor->size() == 8) {
    earliest = std::max(earliest, from_epoch_ms(static_cast<std::int64_t>(read_number(*floor))));
  }
  return earliest;
}

Result<bool> has_later_writes(const storage::Store& store, TableId table, WallTime moment,
                              const storage::Snapshot& at) {
  const auto iterator = store.iterate(Family::kHistory, later_records(table, moment), &at);
  iterator->seek_first();
  STATOR_TRY_VOID(iterator->status());
  return iterator->valid();
}

Result<void> for_each_later(const storage::Store& store, TableId table, WallTime moment,
                            const storage::Snapshot& at,
                            const std::function<Result<void>(const Undo&)>& visit) {
  const auto iterator = store.iterate(Family::kHistory, later_records(table, moment), &at);
  for (iterator->seek_last(); iterator->valid(); iterator->previous()) {
    STATOR_TRY(const auto undo, read_record(iterator->value()));
    STATOR_TRY_VOID(visit(undo));
  }
  return iterator->status();
}

Result<void> trim_history(storage::Store& store, const Table& table, WallTime now) {
  const WallTime until = now - std::chrono::hours(24 * table.recovery->period_days) - kTrimMargin;
  storage::Range old = records(table.id);
  // What was written exactly then is not needed for that moment either: it is part of it.
  old.end = record_key(table.id, epoch_ms(until) + 1, 0);
  if (old.end <= old.begin) return {};
  const auto iterator = store.iterate(Family::kHistory, old);
  iterator->seek_first();
  STATOR_TRY_VOID(iterator->status());
  if (!iterator->valid()) return {};
  storage::Batch batch;
  std::string floor;
  append_number(floor, static_cast<std::uint64_t>(epoch_ms(until)));
  batch.put(Family::kHistory, floor_key(table.id), std::move(floor));
  batch.erase_range(Family::kHistory, std::move(old.begin), std::move(old.end));
  STATOR_TRY_VOID(store.write(std::move(batch)));
  return {};
}

}  // namespace stator::dynamodb::recovery
