#include "dynamodb/streams/service.hpp"

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
