#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "logs/errors.hpp"
#include "logs/log_store.hpp"

/// LogStore::search: many streams, merged by time.
namespace stator::logs {
namespace {

using storage::Family;

/// Streams that are read at once. Those of one moment: a stream is opened when the search reaches
/// its first event and closed behind its last.
constexpr std::size_t kOpenStreamsMax = 1'000;
/// Events that one call looks at; then it returns what it has, and where to go on.
constexpr std::size_t kScannedMax = 100'000;
/// And their bytes, which is what a pattern's work grows with.
constexpr std::size_t kScannedBytesMax = 16u << 20;

/// One stream, standing on its next event.
struct Cursor {
  std::string stream;
  std::size_t prefix_size = 0;
  std::unique_ptr<storage::Iterator> events;
  StoredEvent event;

  [[nodiscard]] auto order() const { return std::tie(event.position.time_ms, stream); }
  /// False at the end of the stream.
  Result<bool> load() {
    if (!events->valid()) {
      STATOR_TRY_VOID(events->status());
      return false;
    }
    auto next = parse_event(events->key(), prefix_size, events->value());
    if (!next) return internal("logs: damaged event");
    event = std::move(*next);
    return true;
  }
};

/// A stream that has not been opened, and the earliest time at which it may have an event to show.
struct Waiting {
  std::int64_t from_ms;
  std::string stream;
};

class Search {
 public:
  Search(storage::Store& store, const GroupName& name, const SearchQuery& query, TimeRange time)
      : store_(store), name_(name), query_(query), time_(time), snapshot_(store.snapshot()) {}

  void add(const Stream& stream) {
    if (!stream.first_event_ms || *stream.first_event_ms >= time_.until_ms) return;
    if (*stream.last_event_ms < time_.from_ms) return;
    waiting_.push_back({std::max(*stream.first_event_ms, time_.from_ms), stream.name});
  }

  Result<SearchPage> run() {
    // The earliest last, where it is taken from.
    std::sort(waiting_.begin(), waiting_.end(),
              [](const Waiting& a, const Waiting& b) { return a.from_ms > b.from_ms; });
    SearchPage page;
    std::size_t bytes = 0;
    std::size_t scanned = 0;
    std::size_t scanned_bytes = 0;
    std::optional<SearchPosition> last;
    for (;; ++scanned) {
      STATOR_TRY_VOID(open_due());
      if (open_.empty()) return page;
      const bool is_full = page.events.size() == query_.limit || bytes >= kPageBytesMax;
      if (is_full || scanned == kScannedMax || scanned_bytes >= kScannedBytesMax) {
        page.next = std::move(last);
        return page;
      }
      auto cursor = take_first();
      last = SearchPosition{cursor->event.position, cursor->stream};
      scanned_bytes += cursor->event.message.size();
      if (query_.pattern.matches(cursor->event.message)) {
        bytes += cursor->event.message.size();
        page.events.push_back({cursor->stream, std::move(cursor->event)});
      }
      cursor->events->next();
      STATOR_TRY_VOID(put_back(std::move(cursor)));
    }
  }

 private:
  using CursorPtr = std::unique_ptr<Cursor>;
  static bool is_later(const CursorPtr& a, const CursorPtr& b) { return a->order() > b->order(); }

  /// Opens every stream that may hold the next event.
  Result<void> open_due() {
    while (!waiting_.empty() &&
           (open_.empty() || waiting_.back().from_ms <= open_.front()->event.position.time_ms)) {
      if (open_.size() == kOpenStreamsMax) {
        return not_supported(
            "searching more than 1000 streams with events of the same moment; "
            "name streams or a shorter time");
      }
      STATOR_TRY_VOID(open(waiting_.back().stream));
      waiting_.pop_back();
    }
    return {};
  }

  Result<void> open(const std::string& stream) {
    auto cursor = std::make_unique<Cursor>();
    const auto prefix = events_prefix(StreamName{name_.account, name_.region, name_.group, stream});
    std::string begin = prefix;
    append_position(begin, first_position(stream));
    std::string end = prefix;
    append_position(end, {time_.until_ms, 0});
    cursor->stream = stream;
    cursor->prefix_size = prefix.size();
    cursor->events =
        store_.iterate(Family::kLogs, {std::move(begin), std::move(end)}, snapshot_.get());
    cursor->events->seek_first();
    return put_back(std::move(cursor));
  }

  /// The first position of the stream that comes after the page before.
  [[nodiscard]] Position first_position(const std::string& stream) const {
    const Position from{time_.from_ms, 0};
    if (!query_.after) return from;
    Position after = query_.after->position;
    if (stream == query_.after->stream) {
      ++after.sequence;
    } else {
      after.sequence = 0;
      // Streams of one millisecond come by name, so those before this one had their turn.
      if (stream < query_.after->stream) ++after.time_ms;
    }
    return std::max(from, after);
  }

  CursorPtr take_first() {
    std::pop_heap(open_.begin(), open_.end(), is_later);
    auto cursor = std::move(open_.back());
    open_.pop_back();
    return cursor;
  }

  Result<void> put_back(CursorPtr cursor) {
    STATOR_TRY(const bool has_more, cursor->load());
    if (!has_more) return {};
    open_.push_back(std::move(cursor));
    std::push_heap(open_.begin(), open_.end(), is_later);
    return {};
  }

  storage::Store& store_;
  const GroupName& name_;
  const SearchQuery& query_;
  TimeRange time_;
  std::unique_ptr<storage::Snapshot> snapshot_;
  std::vector<Waiting> waiting_;
  std::vector<CursorPtr> open_;  ///< a heap, the earliest first
};

}  // namespace

Result<SearchPage> LogStore::search(const GroupName& name, const SearchQuery& query) const {
  STATOR_TRY(const auto group_record, group(name));
  TimeRange time = query.time;
  time.from_ms = std::max({std::int64_t{0}, time.from_ms, oldest_shown_ms(group_record)});
  if (query.after) time.from_ms = std::max(time.from_ms, query.after->position.time_ms);
  time.until_ms = std::max(time.from_ms, time.until_ms);
  Search search(store_, name, query, time);
  if (query.streams.empty()) {
    STATOR_TRY(const auto all, streams(name, query.stream_prefix));
    for (const auto& stream : all) search.add(stream);
  }
  for (const auto& wanted : query.streams) {
    STATOR_TRY(const auto stream, find_stream({name.account, name.region, name.group, wanted}));
    if (!stream) return no_such("stream");
    search.add(*stream);
  }
  return search.run();
}

}  // namespace stator::logs
