#include "dynamodb/errors.hpp"
#include "dynamodb/streams/service.hpp"
#include "dynamodb/table_description.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb::streams {

namespace {

constexpr std::int64_t kLimitMax = 100;

struct Request {
  std::string stream_arn;
  std::size_t limit = kLimitMax;
  std::string after;
  std::optional<std::string> children_of;
};

Result<Request> read(const aws::Input& input) {
  STATOR_TRY(const auto arn, input.text("StreamArn"));
  STATOR_TRY(const auto limit, input.integer("Limit"));
  STATOR_TRY(const auto after, input.text("ExclusiveStartShardId"));
  STATOR_TRY(const auto filter, input.object("ShardFilter"));
  const aws::Input filter_members = input.nested(filter ? *filter : json::Object());
  STATOR_TRY(const auto filter_type, filter_members.text("Type"));
  STATOR_TRY(const auto filter_shard, filter_members.text("ShardId"));
  if (filter != nullptr && (!filter_type || !filter_shard)) {
    return invalid_parameter("ShardFilter must have a Type and a ShardId");
  }
  return Request{*arn, static_cast<std::size_t>(limit.value_or(kLimitMax)), after.value_or(""),
                 filter_shard};
}

json::Object to_json(const StreamShard& shard) {
  json::Object range{{"StartingSequenceNumber", sequence_number(shard.first)}};
  if (!shard.is_open()) range["EndingSequenceNumber"] = sequence_number(shard.last);
  json::Object object{{"ShardId", shard.id}, {"SequenceNumberRange", std::move(range)}};
  if (!shard.parent_id.empty()) object["ParentShardId"] = shard.parent_id;
  return object;
}

json::Array key_schema(const Table& table) {
  json::Array schema;
  schema.push_back(json::Object{{"AttributeName", table.partition.name}, {"KeyType", "HASH"}});
  if (table.sort) {
    schema.push_back(json::Object{{"AttributeName", table.sort->name}, {"KeyType", "RANGE"}});
  }
  return schema;
}

Result<json::Object> handle(const StreamReader& reader, const Request& request) {
  STATOR_TRY(const auto table, reader.find(request.stream_arn));
  const StreamSettings& stream = *table->stream;
  const std::string_view view = to_string(stream.view);
  json::Object description{
      {"StreamArn", request.stream_arn},
      {"StreamLabel", stream.label},
      {"StreamStatus", stream.is_enabled ? "ENABLED" : "DISABLED"},
      {"StreamViewType", boost::json::string_view(view.data(), view.size())},
      {"CreationRequestDateTime", static_cast<double>(epoch_ms(stream.created)) / 1'000.0},
      {"TableName", table->name},
      {"KeySchema", key_schema(*table)}};
  json::Array shards;
  std::string last;
  for (const StreamShard& shard : reader.shards(*table)) {
    // Shards' names begin with the time of their making, so their order is the shards'.
    if (shard.id <= request.after) continue;
    if (request.children_of && shard.parent_id != *request.children_of) continue;
    if (shards.size() == request.limit) {
      description["LastEvaluatedShardId"] = last;
      break;
    }
    shards.push_back(to_json(shard));
    last = shard.id;
  }
  description["Shards"] = std::move(shards);
  return json::Object{{"StreamDescription", std::move(description)}};
}

}  // namespace

aws::Operation describe_stream(const StreamPartsPtr& parts) {
  return modelled_operation(
      "DescribeStream",
      [parts](const aws::Call&, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto request, read(input));
        return stream_needs(*parts, "DescribeStream", request.stream_arn);
      },
      [parts](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto request, read(input));
        return handle(parts->reader, request);
      });
}

}  // namespace stator::dynamodb::streams
