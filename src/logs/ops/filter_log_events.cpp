#include <fmt/core.h>

#include <algorithm>

#include "crypto/crypto.hpp"
#include "logs/errors.hpp"
#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {
namespace {

constexpr std::size_t kPositionBytes = 16;
constexpr std::size_t kStreamNamesMax = 100;

std::string token(const SearchPosition& after) {
  std::string bytes;
  append_position(bytes, after.position);
  return make_token(bytes + after.stream);
}

Result<SearchPosition> read_token(std::string_view bytes) {
  const auto position = parse_position(bytes.substr(0, kPositionBytes));
  // The search counts one up from here.
  if (!position || position->time_ms == INT64_MAX || position->sequence == UINT64_MAX) {
    return invalid_token();
  }
  return SearchPosition{*position, std::string(bytes.substr(kPositionBytes))};
}

Result<void> read_streams(const aws::Input& input, SearchQuery& query) {
  STATOR_TRY(query.streams, input.text_list("logStreamNames"));
  STATOR_TRY(const auto prefix, input.text("logStreamNamePrefix"));
  if (query.streams.size() > kStreamNamesMax) {
    return invalid_parameter("logStreamNames must hold at most 100 names");
  }
  if (prefix && !query.streams.empty()) {
    return invalid_parameter("logStreamNamePrefix and logStreamNames cannot be used together");
  }
  query.stream_prefix = prefix.value_or("");
  std::sort(query.streams.begin(), query.streams.end());
  const auto last = std::unique(query.streams.begin(), query.streams.end());
  query.streams.erase(last, query.streams.end());
  return {};
}

Result<SearchQuery> read(const aws::Input& input) {
  SearchQuery query;
  STATOR_TRY(const auto from, bounded(input, "startTime", {0, INT64_MAX}));
  STATOR_TRY(const auto until, bounded(input, "endTime", {0, INT64_MAX}));
  STATOR_TRY(const auto pattern, input.text("filterPattern"));
  STATOR_TRY(const auto unmask, input.boolean("unmask"));
  // Deprecated: AWS merges the streams whatever it says.
  STATOR_TRY([[maybe_unused]] const auto interleaved, input.boolean("interleaved"));
  if (unmask.value_or(false)) return not_supported("unmask");
  query.time.from_ms = from.value_or(0);
  // Here, unlike in GetLogEvents, the last moment is included.
  if (until && *until < INT64_MAX) query.time.until_ms = *until + 1;
  STATOR_TRY(query.pattern, FilterPattern::parse(pattern.value_or("")));
  STATOR_TRY(query.limit, limit_of(input, kPageEventsMax));
  STATOR_TRY_VOID(read_streams(input, query));
  STATOR_TRY(const auto token, token_of(input));
  if (token) {
    STATOR_TRY(query.after, read_token(*token));
  }
  return query;
}

/// 56 digits like AWS's, by which `aws logs tail` knows an event again: its time, its stream, its
/// place among those.
std::string event_id(const FoundEvent& found) {
  constexpr std::uint64_t kEighteenDigits = 1'000'000'000'000'000'000;
  std::uint64_t stream = 0;
  for (const char byte : crypto::sha256(found.stream).substr(0, 8)) {
    stream = stream << 8 | static_cast<unsigned char>(byte);
  }
  const auto& position = found.event.position;
  return fmt::format("{:020}{:018}{:018}", position.time_ms, stream % kEighteenDigits,
                     position.sequence % kEighteenDigits);
}

}  // namespace

aws::Operation filter_log_events(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, group_of(call, input));
    return with_tags(needs_group("logs:FilterLogEvents", name), store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only(
        {"logGroupName", "logGroupIdentifier", "logStreamNames", "logStreamNamePrefix", "startTime",
         "endTime", "filterPattern", "nextToken", "limit", "interleaved", "unmask"}));
    STATOR_TRY(const auto name, group_of(call, input));
    STATOR_TRY(const auto query, read(input));
    STATOR_TRY(const auto page, store.search(name, query));
    json::Array events;
    for (const auto& found : page.events) {
      events.push_back(json::Object{{"logStreamName", found.stream},
                                    {"timestamp", found.event.position.time_ms},
                                    {"message", found.event.message},
                                    {"ingestionTime", found.event.ingestion_ms},
                                    {"eventId", event_id(found)}});
    }
    // AWS returns the list of searched streams empty since 2020.
    json::Object out{{"events", std::move(events)}, {"searchedLogStreams", json::Array()}};
    if (page.next) out["nextToken"] = token(*page.next);
    return out;
  };
  return aws::Operation::json("FilterLogEvents", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
