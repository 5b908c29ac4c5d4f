#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/operation.hpp"
#include "dynamodb/constraints.hpp"
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

/// What the API says of the length of a text, if it is there.
struct LengthRange {
  std::size_t min, max;
};
void check_length(Constraints& constraints, const std::optional<std::string>& text,
                  std::string_view path, LengthRange range);
/// What it says of the ARN of a stream and of the name of a shard.
void check_stream_arn(Constraints& constraints, const std::optional<std::string>& arn,
                      std::string_view path);
void check_shard_id(Constraints& constraints, const std::optional<std::string>& shard_id,
                    std::string_view path);

}  // namespace stator::dynamodb::streams
