#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "logs/event.hpp"
#include "logs/filter_pattern.hpp"
#include "logs/records.hpp"
#include "storage/store.hpp"

namespace stator::logs {

/// AWS's bounds of one page and one batch.
inline constexpr std::size_t kPageEventsMax = 10'000;
inline constexpr std::size_t kPageBytesMax = 1u << 20;

struct Event {
  std::int64_t time_ms = 0;
  std::string message;
};

/// Bounds on time, the first included and the last not.
struct TimeRange {
  std::int64_t from_ms = 0;
  std::int64_t until_ms = INT64_MAX;
};

/// Reads one stream. At most one of `after` and `before` is set: where to go on, forward from
/// (and with) a position, or backward from (and without) one.
struct ReadQuery {
  TimeRange time;
  std::size_t limit = kPageEventsMax;
  bool is_from_head = false;
  std::optional<Position> after = {};
  std::optional<Position> before = {};
};

/// Events in the order of time. `before` is where the page begins and `after` where it ends.
struct ReadPage {
  std::vector<StoredEvent> events;
  Position before;
  Position after;
};

/// Where a search through many streams goes on: after this event.
struct SearchPosition {
  Position position;
  std::string stream;
};

struct SearchQuery {
  TimeRange time;
  std::size_t limit = kPageEventsMax;
  FilterPattern pattern;
  std::vector<std::string> streams = {};  ///< empty: all whose names start with `stream_prefix`
  std::string stream_prefix = {};
  std::optional<SearchPosition> after = {};
};

struct FoundEvent {
  std::string stream;
  StoredEvent event;
};

/// In the order of time, then stream. A page may be short or even empty and still have a `next`.
struct SearchPage {
  std::vector<FoundEvent> events;
  std::optional<SearchPosition> next;
};

/// Log groups, their streams and events. Any thread. Writes are visible when they return and never
/// wait for the disk. Events past their group's retention are not shown.
class LogStore {
 public:
  /// Both outlive this.
  LogStore(storage::Store& store, const Clock& clock) : store_(store), clock_(clock) {}
  LogStore(const LogStore&) = delete;

  /// Adds events to a stream, which is made with its group where they are missing, in one batch.
  /// The times must not be negative; their order is free.
  [[nodiscard]] Result<void> append(const StreamName& name, std::span<const Event> events);
  /// The same, but ResourceNotFoundException when stream or group are missing.
  [[nodiscard]] Result<void> append_existing(const StreamName& name, std::span<const Event> events);

  [[nodiscard]] Result<void> create_group(const GroupName& name, const Group& group);
  [[nodiscard]] Result<Group> group(const GroupName& name) const;
  /// By name, from the first that starts with `prefix` on; `wanted` says which to keep and may end
  /// the walk.
  enum class Take { kYes, kNo, kStop };
  [[nodiscard]] Result<std::vector<Group>> groups(
      std::string_view account, std::string_view region, std::string_view prefix,
      const std::function<Take(const Group&)>& wanted) const;
  /// Changes a group's record in one step.
  [[nodiscard]] Result<void> update_group(const GroupName& name,
                                          const std::function<Result<void>(Group&)>& change);
  /// With its streams and events.
  [[nodiscard]] Result<void> delete_group(const GroupName& name);

  [[nodiscard]] Result<void> create_stream(const StreamName& name);
  [[nodiscard]] Result<void> delete_stream(const StreamName& name);
  /// By name, those that start with `prefix`.
  [[nodiscard]] Result<std::vector<Stream>> streams(const GroupName& name,
                                                    std::string_view prefix = {}) const;

  [[nodiscard]] Result<ReadPage> read(const StreamName& name, const ReadQuery& query) const;
  [[nodiscard]] Result<SearchPage> search(const GroupName& name, const SearchQuery& query) const;

  /// Removes what is past its retention. To be called now and then, on a thread that may wait.
  [[nodiscard]] Result<void> expire();

 private:
  [[nodiscard]] Result<void> append(const StreamName& name, std::span<const Event> events,
                                    bool is_making);
  [[nodiscard]] Result<std::optional<Group>> find_group(const GroupName& name) const;
  [[nodiscard]] Result<std::optional<Stream>> find_stream(const StreamName& name) const;
  [[nodiscard]] Result<void> expire_group(const GroupName& name);
  [[nodiscard]] std::int64_t oldest_shown_ms(const Group& group) const;
  [[nodiscard]] Result<void> write(storage::Batch batch) const;

  storage::Store& store_;
  const Clock& clock_;
  /// Makes reading and then changing records one step.
  std::mutex mutex_;
};

}  // namespace stator::logs
