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

}  // namespace stator::dynamodb::streams
