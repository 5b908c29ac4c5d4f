#include "dynamodb/streams/service.hpp"

namespace stator::dynamodb::streams {

namespace {

/// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
constexpr LengthRange kArn{37, 1'024};
constexpr LengthRange kShardId{28, 65};

}  // namespace

void check_length(Constraints& constraints, const std::optional<std::string>& text,
                  std::string_view path, LengthRange range) {
  if (!text) return;
  constraints.require(text->size() <= range.max, *text, path,
                      "Member must have length less than or equal to " + std::to_string(range.max));
  constraints.require(
      text->size() >= range.min, *text, path,
      "Member must have length greater than or equal to " + std::to_string(range.min));
}

void check_stream_arn(Constraints& constraints, const std::optional<std::string>& arn,
                      std::string_view path) {
  check_length(constraints, arn, path, kArn);
}

void check_shard_id(Constraints& constraints, const std::optional<std::string>& shard_id,
                    std::string_view path) {
  check_length(constraints, shard_id, path, kShardId);
}

}  // namespace stator::dynamodb::streams

namespace stator::dynamodb {

aws::Service make_streams_service(Tables& tables) {
  const auto parts = std::make_shared<const streams::StreamParts>(streams::StreamParts{
      streams::StreamReader(tables), streams::IteratorSeal(tables.store(), tables.random())});
  aws::Service service{"dynamodb", aws::Protocol::kJson10, "DynamoDBStreams_20120810"};
  service.operations = {streams::describe_stream(parts), streams::get_records(parts),
                        streams::get_shard_iterator(parts), streams::list_streams(parts)};
  return service;
}

}  // namespace stator::dynamodb
