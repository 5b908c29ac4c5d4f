#include "dynamodb/errors.hpp"
#include "dynamodb/streams/service.hpp"

namespace stator::dynamodb::streams {

namespace {

constexpr LengthRange kSequenceNumber{21, 40};

struct Request {
  std::string stream_arn;
  std::string shard_id;
  std::string type;
  std::optional<std::string> sequence_number;

  [[nodiscard]] bool wants_number() const { return type.ends_with("_SEQUENCE_NUMBER"); }
};

Result<Request> read(const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"SequenceNumber", "ShardId", "ShardIteratorType", "StreamArn"}));
  STATOR_TRY(const auto arn, input.text("StreamArn"));
  STATOR_TRY(const auto shard_id, input.text("ShardId"));
  STATOR_TRY(const auto type, input.text("ShardIteratorType"));
  STATOR_TRY(const auto number, input.text("SequenceNumber"));
  Constraints constraints;
  constraints.require_present(arn.has_value(), "streamArn");
  check_stream_arn(constraints, arn, "streamArn");
  constraints.require_present(type.has_value(), "shardIteratorType");
  constraints.one_of(type, "shardIteratorType",
                     {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"});
  constraints.require_present(shard_id.has_value(), "shardId");
  check_shard_id(constraints, shard_id, "shardId");
  check_length(constraints, number, "sequenceNumber", kSequenceNumber);
  STATOR_TRY_VOID(constraints.verdict());
  Request request{*arn, *shard_id, *type, number};
  if (request.wants_number() && !number) {
    return invalid_parameter("ShardIteratorType " + *type + " requires a SequenceNumber");
  }
  if (!request.wants_number() && number) {
    return invalid_parameter("ShardIteratorType " + *type + " does not take a SequenceNumber");
  }
  return request;
}

Result<Position> position_of(const StreamReader& reader, const Table& stream,
                             const StreamShard& shard, const Request& request) {
  if (request.type == "TRIM_HORIZON") return Position{shard.first, true};
  if (request.type == "LATEST") return reader.latest(stream, shard);
  const auto number = number_from(*request.sequence_number);
  if (!number) return validation("Invalid SequenceNumber for the shard");
  STATOR_TRY(Position position, reader.at(shard, *number));
  if (request.type == "AFTER_SEQUENCE_NUMBER") ++position.number;
  return position;
}

Result<json::Object> handle(const StreamParts& parts, WallTime now, const Request& request) {
  STATOR_TRY(const auto stream, parts.reader.find(request.stream_arn));
  STATOR_TRY(const auto shard, parts.reader.shard(*stream, request.shard_id));
  STATOR_TRY(const auto position, position_of(parts.reader, *stream, shard, request));
  return json::Object{
      {"ShardIterator", parts.seal.seal({request.stream_arn, shard.id, position, now})}};
}

}  // namespace

aws::Operation get_shard_iterator(const StreamPartsPtr& parts) {
  return aws::Operation::json(
      "GetShardIterator", aws::ByName{},
      [](const aws::Call&, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto request, read(input));
        return aws::Needs{{"dynamodb:GetShardIterator", request.stream_arn}};
      },
      [parts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto request, read(input));
        return handle(*parts, call.now, request);
      });
}

}  // namespace stator::dynamodb::streams
