#include <algorithm>

#include "logs/errors.hpp"
#include "logs/members.hpp"
#include "logs/ops/ops.hpp"

namespace stator::logs {
namespace {

struct Query {
  std::string prefix;
  bool is_by_time = false;
  bool is_descending = false;
  std::optional<std::string> after;
  std::size_t limit = 0;
};

Result<Query> read(const aws::Input& input) {
  Query query;
  STATOR_TRY(const auto prefix, input.text("logStreamNamePrefix"));
  STATOR_TRY(const auto order, input.text("orderBy"));
  STATOR_TRY(const auto descending, input.boolean("descending"));
  if (order && *order != "LogStreamName" && *order != "LastEventTime") {
    return invalid_parameter("1 validation error detected: Value '" + *order +
                             "' at 'orderBy' failed to satisfy constraint: Member must satisfy "
                             "enum value set: [LogStreamName, LastEventTime]");
  }
  query.is_by_time = order == "LastEventTime";
  if (query.is_by_time && prefix) {
    return invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  }
  query.prefix = prefix.value_or("");
  query.is_descending = descending.value_or(false);
  STATOR_TRY(query.after, token_of(input));
  STATOR_TRY(query.limit, limit_of(input, 50));
  return query;
}

/// Text whose order is the order asked for; also what a token holds.
std::string rank(const Query& query, const Stream& stream) {
  std::string rank;
  if (query.is_by_time) append_position(rank, {stream.last_event_ms.value_or(0), 0});
  return rank + stream.name;
}

void put(json::Object& out, std::string_view member, std::optional<std::int64_t> value) {
  if (value) out[member] = *value;
}

json::Object describe(const GroupName& group, const Stream& stream) {
  // AWS reports no more than 0 bytes for any stream since 2019.
  json::Object out{{"logStreamName", stream.name},
                   {"creationTime", stream.created_ms},
                   {"arn", group_arn(group) + ":log-stream:" + stream.name},
                   {"storedBytes", 0}};
  put(out, "firstEventTimestamp", stream.first_event_ms);
  put(out, "lastEventTimestamp", stream.last_event_ms);
  put(out, "lastIngestionTime", stream.last_ingestion_ms);
  return out;
}

json::Object page(const Query& query, const GroupName& name, std::vector<Stream> streams) {
  std::vector<std::pair<std::string, const Stream*>> ranked;
  for (const auto& stream : streams) ranked.emplace_back(rank(query, stream), &stream);
  std::sort(ranked.begin(), ranked.end());
  if (query.is_descending) std::reverse(ranked.begin(), ranked.end());
  json::Array list;
  json::Object out;
  std::string last;
  for (const auto& [rank, stream] : ranked) {
    if (query.after && (query.is_descending ? rank >= *query.after : rank <= *query.after))
      continue;
    if (list.size() == query.limit) {
      out["nextToken"] = make_token(last);
      break;
    }
    list.push_back(describe(name, *stream));
    last = rank;
  }
  out["logStreams"] = std::move(list);
  return out;
}

}  // namespace

aws::Operation describe_log_streams(LogStore& store) {
  const auto needs = [&store](const aws::Call& call,
                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, group_of(call, input));
    return with_tags(needs_group("logs:DescribeLogStreams", name), store, name, input);
  };
  const auto handle = [&store](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"logGroupName", "logGroupIdentifier", "logStreamNamePrefix",
                                      "orderBy", "descending", "nextToken", "limit"}));
    STATOR_TRY(const auto name, group_of(call, input));
    STATOR_TRY(const auto query, read(input));
    STATOR_TRY(auto streams, store.streams(name, query.prefix));
    return page(query, name, std::move(streams));
  };
  return aws::Operation::json("DescribeLogStreams", aws::ByName{}, needs, handle);
}

}  // namespace stator::logs
