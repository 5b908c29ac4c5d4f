#include <algorithm>

#include "logs/errors.hpp"
#include "logs/log_store.hpp"

/// LogStore::read: one stream, in either direction.
namespace stator::logs {
namespace {

using storage::Family;

Position first_at(std::int64_t time_ms) {
  return {std::max<std::int64_t>(0, time_ms), 0};
}

std::string key_at(const std::string& prefix, const Position& position) {
  std::string key = prefix;
  append_position(key, position);
  return key;
}

/// Takes events from the iterator by `move` until the page is full: by count or by bytes, but at
/// least one.
Result<void> fill(storage::Iterator& events, std::size_t prefix_size, std::size_t limit,
                  void (storage::Iterator::*move)(), std::vector<StoredEvent>& page) {
  std::size_t bytes = 0;
  for (; events.valid() && page.size() < limit; (events.*move)()) {
    auto event = parse_event(events.key(), prefix_size, events.value());
    if (!event) return internal("logs: damaged event");
    bytes += event->message.size();
    if (bytes > kPageBytesMax && !page.empty()) break;
    page.push_back(std::move(*event));
  }
  return events.status();
}

}  // namespace

Result<ReadPage> LogStore::read(const StreamName& name, const ReadQuery& query) const {
  STATOR_TRY(const auto group_record, group(name.group_name()));
  STATOR_TRY(const auto stream, find_stream(name));
  if (!stream) return no_such("stream");
  const bool is_forward = query.before ? false : query.after ? true : query.is_from_head;
  Position low = first_at(std::max(query.time.from_ms, oldest_shown_ms(group_record)));
  Position high = first_at(query.time.until_ms);
  if (query.after) low = std::max(low, *query.after);
  if (query.before) high = std::min(high, *query.before);

  const auto prefix = events_prefix(name);
  const auto events = store_.iterate(Family::kLogs, {key_at(prefix, low), key_at(prefix, high)});
  ReadPage page;
  if (is_forward) {
    events->seek_first();
    STATOR_TRY_VOID(
        fill(*events, prefix.size(), query.limit, &storage::Iterator::next, page.events));
  } else {
    events->seek_last();
    STATOR_TRY_VOID(
        fill(*events, prefix.size(), query.limit, &storage::Iterator::previous, page.events));
    std::reverse(page.events.begin(), page.events.end());
  }
  if (page.events.empty()) {
    // Stays where it was, so that the client sees the end and may come back for more.
    page.before = page.after = query.before ? *query.before : low;
  } else {
    page.before = page.events.front().position;
    page.after = page.events.back().position;
    ++page.after.sequence;
  }
  return page;
}

}  // namespace stator::logs
