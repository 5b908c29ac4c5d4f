#pragma once

#include <memory>

#include "aws/operation.hpp"
#include "dynamodb/streams/iterator.hpp"

/// The API of streams: a service of its own on the wire, with DynamoDB's signing name.
namespace stator::dynamodb::streams {

/// What the operations share.
struct StreamParts {
  StreamReader reader;
  IteratorSeal seal;
};
using StreamPartsPtr = std::shared_ptr<const StreamParts>;

[[nodiscard]] aws::Operation describe_stream(const StreamPartsPtr& parts);
[[nodiscard]] aws::Operation get_records(const StreamPartsPtr& parts);
[[nodiscard]] aws::Operation get_shard_iterator(const StreamPartsPtr& parts);
[[nodiscard]] aws::Operation list_streams(const StreamPartsPtr& parts);

/// dynamodb:<action> on a stream, with its policy if it exists and has one.
[[nodiscard]] aws::Needs stream_needs(const StreamParts& parts, std::string_view action,
                                      const std::string& stream_arn);

}  // namespace stator::dynamodb::streams
