#include "base/bytes.hpp"
#include "logs/errors.hpp"
#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {
namespace {

constexpr std::string_view kForward = "f/";
constexpr std::string_view kBackward = "b/";

std::string token(std::string_view direction, const Position& position) {
  std::string bytes;
  append_position(bytes, position);
  return std::string(direction) + base64url_encode(bytes);
}

Result<void> read_token(std::string_view token, ReadQuery& query) {
  const bool is_forward = token.starts_with(kForward);
  if (!is_forward && !token.starts_with(kBackward)) return invalid_token();
  const auto bytes = base64url_decode(token.substr(kForward.size()));
  const auto position = bytes ? parse_position(*bytes) : std::nullopt;
  if (!position) return invalid_token();
  (is_forward ? query.after : query.before) = position;
  return {};
}

Result<ReadQuery> read(const aws::Input& input) {
  ReadQuery query;
  STATOR_TRY(const auto from, bounded(input, "startTime", {0, INT64_MAX}));
  STATOR_TRY(const auto until, bounded(input, "endTime", {0, INT64_MAX}));
  STATOR_TRY(const auto is_from_head, input.boolean("startFromHead"));
  STATOR_TRY(const auto unmask, input.boolean("unmask"));
  if (unmask.value_or(false)) return not_supported("unmask");
  query.time = {from.value_or(0), until.value_or(INT64_MAX)};
  query.is_from_head = is_from_head.value_or(false);
  STATOR_TRY(query.limit, limit_of(input, kPageEventsMax));
  STATOR_TRY(const auto token, input.text("nextToken"));
  if (token) STATOR_TRY_VOID(read_token(*token, query));
  return query;
}

}  // namespace

aws::Operation get_log_events(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, stream_of(call, input));
    return with_tags(needs_stream("logs:GetLogEvents", name), store, name.group_name(), input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(
        input.allow_only({"logGroupName", "logGroupIdentifier", "logStreamName", "startTime",
                          "endTime", "nextToken", "limit", "startFromHead", "unmask"}));
    STATOR_TRY(const auto name, stream_of(call, input));
    STATOR_TRY(const auto query, read(input));
    STATOR_TRY(const auto page, store.read(name, query));
    json::Array events;
    for (const auto& event : page.events) {
      events.push_back(json::Object{{"timestamp", event.position.time_ms},
                                    {"message", event.message},
                                    {"ingestionTime", event.ingestion_ms}});
    }
    return json::Object{{"events", std::move(events)},
                        {"nextForwardToken", token(kForward, page.after)},
                        {"nextBackwardToken", token(kBackward, page.before)}};
  };
  return aws::Operation::json("GetLogEvents", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
