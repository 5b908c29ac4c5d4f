#include "dynamodb/streams/service.hpp"

namespace stator::dynamodb::streams {

aws::Needs stream_needs(const StreamParts& parts, std::string_view action,
                        const std::string& stream_arn) {
  aws::Permission need{"dynamodb:" + std::string(action), stream_arn};
  const auto stream = parts.reader.find(stream_arn);
  if (stream && (*stream)->stream->policy) {
    need.resource_policy = (*stream)->stream->policy->compiled;
  }
  return {std::move(need)};
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
