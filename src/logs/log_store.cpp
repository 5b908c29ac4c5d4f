#include "logs/log_store.hpp"

#include <algorithm>
#include <utility>

#include "logs/errors.hpp"
#include "storage/key.hpp"

namespace stator::logs {
namespace {

using storage::Batch;
using storage::Family;

constexpr std::int64_t kDayMs = 86'400'000;

/// The last part of a record's key: the name of what it describes.
std::string name_of(std::string_view key) {
  auto parts = storage::split_path_key(key);
  STATOR_CHECK(parts && !parts->empty());
  return std::move(parts->back());
}

void note_events(Stream& stream, std::span<const Event> events, std::int64_t now_ms) {
  for (const auto& event : events) {
    stream.first_event_ms = std::min(stream.first_event_ms.value_or(event.time_ms), event.time_ms);
    stream.last_event_ms = std::max(stream.last_event_ms.value_or(event.time_ms), event.time_ms);
  }
  stream.last_ingestion_ms = now_ms;
}

}  // namespace

Result<void> LogStore::write(Batch batch) const {
  STATOR_TRY(const auto sequence, store_.write(std::move(batch)));
  // Nobody need wait for it, but lines that may tell of a crash go to disk at once.
  store_.when_durable(sequence, [](const Result<void>&) {});
  return {};
}

Result<void> LogStore::append(const StreamName& name, std::span<const Event> events) {
  return append(name, events, true);
}

Result<void> LogStore::append_existing(const StreamName& name, std::span<const Event> events) {
  return append(name, events, false);
}

Result<void> LogStore::append(const StreamName& name, std::span<const Event> events,
                              bool is_making) {
  const std::lock_guard lock(mutex_);
  // Under the lock, so that what is written later was not ingested earlier.
  const auto now_ms = epoch_ms(clock_.wall());
  STATOR_TRY(auto group, find_group(name.group_name()));
  if (!group && !is_making) return no_such("group");
  if (!group) group = Group{name.group, now_ms};
  STATOR_TRY(auto stream, find_stream(name));
  if (!stream && !is_making) return no_such("stream");
  if (!stream) stream = Stream{name.stream, now_ms};
  Batch batch;
  std::int64_t bytes = 0;
  const std::string prefix = events_prefix(name);
  for (const auto& event : events) {
    STATOR_CHECK(event.time_ms >= 0);
    std::string key = prefix;
    append_position(key, {event.time_ms, stream->next_sequence++});
    bytes += static_cast<std::int64_t>(event.message.size() + kEventOverheadBytes);
    batch.put(Family::kLogs, std::move(key), dump_event(now_ms, event.message));
  }
  if (!events.empty()) note_events(*stream, events, now_ms);
  stream->stored_bytes += bytes;
  group->stored_bytes += bytes;
  batch.put(Family::kMeta, stream_key(name), dump(*stream));
  batch.put(Family::kMeta, group_key(name.group_name()), dump(*group));
  return write(std::move(batch));
}

Result<std::optional<Group>> LogStore::find_group(const GroupName& name) const {
  STATOR_TRY(const auto record, store_.get(Family::kMeta, group_key(name)));
  if (!record) return std::optional<Group>();
  STATOR_TRY(auto group, parse_group(name.group, *record));
  return std::optional<Group>(std::move(group));
}

Result<std::optional<Stream>> LogStore::find_stream(const StreamName& name) const {
  STATOR_TRY(const auto record, store_.get(Family::kMeta, stream_key(name)));
  if (!record) return std::optional<Stream>();
  STATOR_TRY(auto stream, parse_stream(name.stream, *record));
  return std::optional<Stream>(std::move(stream));
}

Result<void> LogStore::create_group(const GroupName& name, const Group& group) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(const auto record, store_.get(Family::kMeta, group_key(name)));
  if (record) return already_exists("group");
  Batch batch;
  batch.put(Family::kMeta, group_key(name), dump(group));
  return write(std::move(batch));
}

Result<Group> LogStore::group(const GroupName& name) const {
  STATOR_TRY(auto found, find_group(name));
  if (!found) return no_such("group");
  return std::move(*found);
}

Result<std::vector<Group>> LogStore::groups(std::string_view account, std::string_view region,
                                            std::string_view prefix,
                                            const std::function<Take(const Group&)>& wanted) const {
  const auto first = with_name_prefix(groups_prefix(account, region), prefix);
  const auto found = store_.iterate(Family::kMeta, storage::prefix_range(first));
  std::vector<Group> groups;
  for (found->seek_first(); found->valid(); found->next()) {
    STATOR_TRY(auto group, parse_group(name_of(found->key()), found->value()));
    const auto take = wanted(group);
    if (take == Take::kStop) break;
    if (take == Take::kYes) groups.push_back(std::move(group));
  }
  STATOR_TRY_VOID(found->status());
  return groups;
}

Result<void> LogStore::update_group(const GroupName& name,
                                    const std::function<Result<void>(Group&)>& change) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto record, group(name));
  STATOR_TRY_VOID(change(record));
  Batch batch;
  batch.put(Family::kMeta, group_key(name), dump(record));
  if (record.retention_days) {
    batch.put(Family::kMeta, retention_key(name), "");
  } else {
    batch.erase(Family::kMeta, retention_key(name));
  }
  return write(std::move(batch));
}

Result<void> LogStore::delete_group(const GroupName& name) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY([[maybe_unused]] const auto record, group(name));
  const auto streams = storage::prefix_range(streams_prefix(name));
  const auto events = storage::prefix_range(events_prefix(name));
  Batch batch;
  batch.erase(Family::kMeta, group_key(name));
  batch.erase(Family::kMeta, retention_key(name));
  batch.erase_range(Family::kMeta, streams.begin, streams.end);
  batch.erase_range(Family::kLogs, events.begin, events.end);
  return write(std::move(batch));
}

Result<void> LogStore::create_stream(const StreamName& name) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY([[maybe_unused]] const auto group_there, group(name.group_name()));
  STATOR_TRY(const auto old, find_stream(name));
  if (old) return already_exists("stream");
  Batch batch;
  batch.put(Family::kMeta, stream_key(name), dump(Stream{name.stream, epoch_ms(clock_.wall())}));
  return write(std::move(batch));
}

Result<void> LogStore::delete_stream(const StreamName& name) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto group_record, group(name.group_name()));
  STATOR_TRY(const auto old, find_stream(name));
  if (!old) return no_such("stream");
  const auto events = storage::prefix_range(events_prefix(name));
  Batch batch;
  batch.erase(Family::kMeta, stream_key(name));
  batch.erase_range(Family::kLogs, events.begin, events.end);
  group_record.stored_bytes -= old->stored_bytes;
  batch.put(Family::kMeta, group_key(name.group_name()), dump(group_record));
  return write(std::move(batch));
}

Result<std::vector<Stream>> LogStore::streams(const GroupName& name,
                                              std::string_view prefix) const {
  STATOR_TRY([[maybe_unused]] const auto group_there, group(name));
  const auto first = with_name_prefix(streams_prefix(name), prefix);
  const auto found = store_.iterate(Family::kMeta, storage::prefix_range(first));
  std::vector<Stream> streams;
  for (found->seek_first(); found->valid(); found->next()) {
    STATOR_TRY(auto stream, parse_stream(name_of(found->key()), found->value()));
    streams.push_back(std::move(stream));
  }
  STATOR_TRY_VOID(found->status());
  return streams;
}

std::int64_t LogStore::oldest_shown_ms(const Group& group) const {
  if (!group.retention_days) return 0;
  return std::max<std::int64_t>(0, epoch_ms(clock_.wall()) - *group.retention_days * kDayMs);
}

}  // namespace stator::logs
