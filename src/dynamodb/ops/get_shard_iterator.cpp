#include "dynamodb/errors.hpp"
#include "dynamodb/streams/service.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb::streams {

namespace {

struct Request {
  std::string stream_arn;
  std::string shard_id;
  std::string type;
  std::optional<std::string> sequence_number;

  [[nodiscard]] bool wants_number() const { return type.ends_with("_SEQUENCE_NUMBER"); }
};

Result<Request> read(const aws::Input& input) {
  STATOR_TRY(const auto arn, input.text("StreamArn"));
  STATOR_TRY(const auto shard_id, input.text("ShardId"));
  STATOR_TRY(const auto type, input.text("ShardIteratorType"));
  STATOR_TRY(const auto number, input.text("SequenceNumber"));
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
  return modelled_operation(
      "GetShardIterator",
      [parts](const aws::Call&, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto request, read(input));
        return stream_needs(*parts, "GetShardIterator", request.stream_arn);
      },
      [parts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto request, read(input));
        return handle(*parts, call.now, request);
      });
}

}  // namespace stator::dynamodb::streams
