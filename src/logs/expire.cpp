#include <algorithm>
#include <map>
#include <utility>

#include "logs/log_store.hpp"
#include "storage/key.hpp"

/// LogStore::expire: what is past its retention goes.
namespace stator::logs {
namespace {

using storage::Batch;
using storage::Family;

std::string key_at(const StreamName& name, std::int64_t time_ms) {
  std::string key = events_prefix(name);
  append_position(key, {time_ms, 0});
  return key;
}

StreamName stream_of(const GroupName& group, const std::string& stream) {
  return {group.account, group.region, group.group, stream};
}

bool is_past(const Stream& stream, std::int64_t cutoff_ms) {
  return !stream.last_event_ms || *stream.last_event_ms < cutoff_ms;
}

bool is_partly_past(const Stream& stream, std::int64_t cutoff_ms) {
  return !is_past(stream, cutoff_ms) && *stream.first_event_ms < cutoff_ms;
}

/// What the events of a stream before `cutoff_ms` count for.
Result<std::int64_t> count_bytes(storage::Store& store, const StreamName& name,
                                 std::int64_t cutoff_ms) {
  const auto prefix = events_prefix(name);
  const auto events = store.iterate(Family::kLogs, {prefix, key_at(name, cutoff_ms)});
  std::int64_t bytes = 0;
  for (events->seek_first(); events->valid(); events->next()) {
    const auto event = parse_event(events->key(), prefix.size(), events->value());
    if (event) bytes += static_cast<std::int64_t>(event->message.size() + kEventOverheadBytes);
  }
  STATOR_TRY_VOID(events->status());
  return bytes;
}

/// Gathers what goes. Streams come by name, as their events lie in the store, so neighbours of
/// which nothing stays go in one range: the store gives such ranges back whole.
class Expiry {
 public:
  Expiry(const GroupName& group, std::int64_t cutoff_ms) : group_(group), cutoff_ms_(cutoff_ms) {}

  /// `bytes` counts the events before the cutoff, where some stay.
  void add(Stream stream, std::optional<std::int64_t> bytes) {
    const StreamName name = stream_of(group_, stream.name);
    const bool is_whole = is_past(stream, cutoff_ms_);
    const bool is_part = !is_whole && bytes.has_value();
    if (is_whole || is_part) {
      if (!run_begin_) run_begin_ = events_prefix(name);
      run_end_ =
          is_whole ? storage::prefix_range(events_prefix(name)).end : key_at(name, cutoff_ms_);
    }
    if (!is_whole) end_run();
    if (!stream.first_event_ms || *stream.first_event_ms >= cutoff_ms_ || (!is_whole && !is_part)) {
      return;
    }
    const auto removed = is_whole ? stream.stored_bytes : std::min(*bytes, stream.stored_bytes);
    removed_bytes_ += removed;
    stream.stored_bytes -= removed;
    stream.first_event_ms = is_whole ? std::nullopt : std::optional(cutoff_ms_);
    if (is_whole) stream.last_event_ms = std::nullopt;
    batch_.put(Family::kMeta, stream_key(name), dump(stream));
    is_changed_ = true;
  }

  /// Everything; empty when nothing is past.
  [[nodiscard]] Batch finish(Group group) && {
    end_run();
    if (!is_changed_) return {};
    group.stored_bytes -= removed_bytes_;
    batch_.put(Family::kMeta, group_key(group_), dump(group));
    return std::move(batch_);
  }

 private:
  void end_run() {
    if (run_begin_) batch_.erase_range(Family::kLogs, std::move(*run_begin_), std::move(run_end_));
    run_begin_.reset();
  }

  const GroupName& group_;
  const std::int64_t cutoff_ms_;
  Batch batch_;
  std::optional<std::string> run_begin_;
  std::string run_end_;
  std::int64_t removed_bytes_ = 0;
  bool is_changed_ = false;
};

}  // namespace

Result<void> LogStore::expire() {
  const auto found = store_.iterate(Family::kMeta, storage::prefix_range(retention_prefix()));
  for (found->seek_first(); found->valid(); found->next()) {
    const auto parts = storage::split_path_key(found->key());
    STATOR_CHECK(parts && parts->size() == 7);
    STATOR_TRY_VOID(expire_group({(*parts)[4], (*parts)[5], (*parts)[6]}));
  }
  return found->status();
}

Result<void> LogStore::expire_group(const GroupName& name) {
  STATOR_TRY(const auto before, find_group(name));
  if (!before) return {};  // Deleted since.
  const auto cutoff_ms = oldest_shown_ms(*before);
  // Counting reads events, so it is done before the lock is taken: nothing is added before the
  // cutoff any more.
  std::map<std::string, std::int64_t> counted;
  STATOR_TRY(const auto candidates, streams(name));
  for (const auto& stream : candidates) {
    if (!is_partly_past(stream, cutoff_ms)) continue;
    STATOR_TRY(counted[stream.name], count_bytes(store_, stream_of(name, stream.name), cutoff_ms));
  }
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto group, find_group(name));
  if (!group || group->retention_days != before->retention_days) return {};
  STATOR_TRY(auto all, streams(name));
  Expiry expiry(name, cutoff_ms);
  for (auto& stream : all) {
    const auto bytes = counted.find(stream.name);
    expiry.add(std::move(stream),
               bytes == counted.end() ? std::nullopt : std::optional(bytes->second));
  }
  Batch batch = std::move(expiry).finish(std::move(*group));
  if (batch.empty()) return {};
  return write(std::move(batch));
}

}  // namespace stator::logs
