#include <algorithm>

#include "logs/errors.hpp"
#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {
namespace {

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
constexpr std::size_t kBatchEventsMax = 10'000;
constexpr std::size_t kBatchBytesMax = 1'048'576;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kOldestDays = 14;

Result<Event> read_event(const aws::Input& input, const json::Value& value) {
  if (!value.is_object()) return invalid_parameter("Each of logEvents must be a structure");
  const auto member = input.nested(value.get_object());
  STATOR_TRY_VOID(member.allow_only({"timestamp", "message"}));
  STATOR_TRY(const auto time, bounded(member, "timestamp", {0, INT64_MAX}));
  if (!time) {
    return invalid_parameter(
        "1 validation error detected: Value null at 'logEvents.member."
        "timestamp' failed to satisfy constraint: Member must not be null");
  }
  STATOR_TRY(auto message, member.required_text("message"));
  return Event{*time, std::move(message)};
}

Result<std::vector<Event>> read_events(const aws::Input& input) {
  STATOR_TRY(const json::Array* list, input.array("logEvents"));
  if (list == nullptr || list->empty() || list->size() > kBatchEventsMax) {
    return invalid_parameter("logEvents must hold between 1 and 10000 events");
  }
  std::vector<Event> events;
  std::size_t bytes = 0;
  for (const auto& value : *list) {
    STATOR_TRY(auto event, read_event(input, value));
    bytes += event.message.size() + kEventOverheadBytes;
    if (bytes > kBatchBytesMax) {
      return invalid_parameter("Upload too large: " + std::to_string(bytes) +
                               " bytes exceeds limit of " + std::to_string(kBatchBytesMax));
    }
    if (!events.empty() && event.time_ms < events.back().time_ms) {
      return invalid_parameter(
          "Log events in a single PutLogEvents request must be in chronological order.");
    }
    events.push_back(std::move(event));
  }
  return events;
}

/// Where in the batch the accepted events begin and end, and why the rest is not.
struct Accepted {
  std::size_t begin = 0;
  std::size_t end = 0;
  json::Object rejected;
};

Accepted choose(const std::vector<Event>& events, const Group& group, std::int64_t now_ms) {
  const auto first_from = [&](std::int64_t time_ms) {
    const auto at = std::lower_bound(
        events.begin(), events.end(), time_ms,
        [](const Event& event, std::int64_t time) { return event.time_ms < time; });
    return static_cast<std::size_t>(at - events.begin());
  };
  Accepted accepted;
  const auto too_old = first_from(now_ms - kOldestDays * kDayMs);
  const auto expired =
      group.retention_days ? first_from(now_ms - *group.retention_days * kDayMs) : 0;
  accepted.begin = std::max(too_old, expired);
  accepted.end = std::max(accepted.begin, first_from(now_ms + 2 * kHourMs + 1));
  if (too_old > 0) accepted.rejected["tooOldLogEventEndIndex"] = too_old;
  if (expired > 0) accepted.rejected["expiredLogEventEndIndex"] = expired;
  if (accepted.end < events.size()) accepted.rejected["tooNewLogEventStartIndex"] = accepted.end;
  return accepted;
}

}  // namespace

aws::Operation put_log_events(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, stream_of(call, input));
    return with_tags(needs_stream("logs:PutLogEvents", name), store, name.group_name(), input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    // AWS itself takes a sequence token from old clients and does not look at it.
    STATOR_TRY_VOID(
        input.allow_only({"logGroupName", "logStreamName", "logEvents", "sequenceToken"}));
    STATOR_TRY(const auto name, stream_of(call, input));
    STATOR_TRY(const auto events, read_events(input));
    STATOR_TRY(const auto group, store.group(name.group_name()));
    const auto accepted = choose(events, group, epoch_ms(call.now));
    const auto part = std::span(events).subspan(accepted.begin, accepted.end - accepted.begin);
    if (!part.empty() && part.back().time_ms - part.front().time_ms > kDayMs) {
      return invalid_parameter(
          "The batch of log events in a single PutLogEvents request cannot span more than 24 "
          "hours.");
    }
    STATOR_TRY_VOID(store.append_existing(name, part));
    json::Object out;
    if (!accepted.rejected.empty()) out["rejectedLogEventsInfo"] = accepted.rejected;
    return out;
  };
  return aws::Operation::json("PutLogEvents", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
