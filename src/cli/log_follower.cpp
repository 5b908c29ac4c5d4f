#include "cli/log_follower.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace stator::cli {
namespace {

/// Events of one page. Streams that are read together hold a page each.
constexpr std::int64_t kPageEvents = 1'000;
/// A stream counts as read when nothing came in so many polls after its last change: an event may
/// become visible a moment after the stream says that it was changed.
constexpr int kQuietReads = 3;

const json::Array& list_of(const json::Object& page, std::string_view name) {
  static const json::Array kNone;
  const json::Value* list = json::find(page, name);
  return list != nullptr && list->is_array() ? list->get_array() : kNone;
}

}  // namespace

Result<bool> LogFollower::poll(const Show& show) {
  const auto changed = changed_streams();
  if (!changed && changed.error().aws_type == "ResourceNotFoundException") return false;
  if (!changed) return changed.error();
  std::vector<Reading> readings;
  for (const auto& stream : *changed) {
    STATOR_TRY(auto page, read_page(stream));
    Place& place = places_[stream];
    place.quiet_reads = page.empty() ? place.quiet_reads + 1 : 0;
    if (!page.empty()) readings.push_back({stream, std::move(page)});
  }
  STATOR_TRY_VOID(show_merged(std::move(readings), show));
  return true;
}

Result<std::vector<std::string>> LogFollower::changed_streams() {
  std::vector<std::string> changed;
  json::Object input{
      {"logGroupName", source_.group}, {"orderBy", "LastEventTime"}, {"descending", true}};
  for (;;) {
    STATOR_TRY(const auto page, ask_("DescribeLogStreams", input));
    bool is_any_new = false;
    for (const json::Value& stream : list_of(page, "logStreams")) {
      if (stream.is_object() && note(stream.get_object(), changed)) is_any_new = true;
    }
    // The newest come first: behind a page of which nothing has changed nothing else has.
    const auto next = json::find_string(page, "nextToken");
    if (!next || !is_any_new) return changed;
    input["nextToken"] = *next;
  }
}

bool LogFollower::note(const json::Object& stream, std::vector<std::string>& changed) {
  const auto name = json::find_string(stream, "logStreamName").value_or("");
  const auto ingestion_ms = json::find_int(stream, "lastIngestionTime");
  const auto last_ms = json::find_int(stream, "lastEventTimestamp");
  if (!ingestion_ms || !last_ms || *last_ms < source_.from_ms) return false;
  if (name.find(source_.stream_part) == std::string::npos) return true;
  Place& place = places_[name];
  const bool is_new = place.ingestion_ms != *ingestion_ms;
  if (is_new) place.quiet_reads = 0;
  place.ingestion_ms = *ingestion_ms;
  if (place.quiet_reads >= kQuietReads) return false;
  changed.push_back(name);
  return true;
}

Result<std::vector<ShownEvent>> LogFollower::read_page(const std::string& stream) {
  Place& place = places_[stream];
  json::Object input{{"logGroupName", source_.group},
                     {"logStreamName", stream},
                     {"startTime", std::max<std::int64_t>(0, source_.from_ms)},
                     {"startFromHead", true},
                     {"limit", kPageEvents}};
  if (!place.token.empty()) input["nextToken"] = place.token;
  const auto page = ask_("GetLogEvents", input);
  // It was deleted meanwhile.
  if (!page && page.error().aws_type == "ResourceNotFoundException") {
    return std::vector<ShownEvent>();
  }
  if (!page) return page.error();
  place.token = json::find_string(*page, "nextForwardToken").value_or(place.token);
  std::vector<ShownEvent> events;
  for (const json::Value& event : list_of(*page, "events")) {
    if (!event.is_object()) continue;
    const json::Object& members = event.get_object();
    events.push_back({json::find_int(members, "timestamp").value_or(0),
                      json::find_int(members, "ingestionTime").value_or(0), stream,
                      json::find_string(members, "message").value_or("")});
  }
  return events;
}

Result<void> LogFollower::show_merged(std::vector<Reading> readings, const Show& show) {
  const auto is_later = [](const Reading& a, const Reading& b) {
    const ShownEvent& left = a.page[a.at];
    const ShownEvent& right = b.page[b.at];
    return std::tie(left.time_ms, left.stream) > std::tie(right.time_ms, right.stream);
  };
  std::make_heap(readings.begin(), readings.end(), is_later);
  while (!readings.empty()) {
    std::pop_heap(readings.begin(), readings.end(), is_later);
    Reading& first = readings.back();
    show(first.page[first.at]);
    if (++first.at == first.page.size()) {
      STATOR_TRY(first.page, read_page(first.stream));
      first.at = 0;
    }
    if (first.page.empty()) {
      readings.pop_back();
    } else {
      std::push_heap(readings.begin(), readings.end(), is_later);
    }
  }
  return {};
}

}  // namespace stator::cli
