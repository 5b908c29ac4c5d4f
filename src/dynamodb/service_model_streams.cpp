#include "dynamodb/service_model.hpp"
#include "dynamodb/streams/reader.hpp"

/// The API of streams. Members stand in the order in which AWS reports what is wrong with them.
/// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
namespace stator::dynamodb::model {

namespace {

constexpr Rule arn(std::string_view name) {
  return text(name, 37, 1'024);
}
constexpr Rule shard_id(std::string_view name) {
  return text(name, 28, 65);
}

constexpr std::string_view kFilterTypeNames[] = {"CHILD_SHARDS"};
constexpr Rule kFilterMembers[] = {one_of("Type", kFilterTypeNames), shard_id("ShardId")};
constexpr Rule kDescribeStream[] = {
    required(arn("StreamArn")), typed(Type::kInteger, "Limit", 1, 100),
    shard_id("ExclusiveStartShardId"), structure("ShardFilter", kFilterMembers, "ShardFilter")};

constexpr Rule kGetRecords[] = {required(text("ShardIterator", 1, 2'048)),
                                typed(Type::kInteger, "Limit", 1, streams::kRecordsMax)};

constexpr std::string_view kIteratorTypeNames[] = {"AFTER_SEQUENCE_NUMBER", "LATEST",
                                                   "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"};
constexpr Rule kGetShardIterator[] = {
    required(arn("StreamArn")), required(one_of("ShardIteratorType", kIteratorTypeNames)),
    required(shard_id("ShardId")), text("SequenceNumber", 21, 40)};

constexpr Rule kListStreams[] = {optional_table_name(), typed(Type::kInteger, "Limit", 1, 100),
                                 arn("ExclusiveStartStreamArn")};

constexpr Request kRequests[] = {
    {"DescribeStream", kDescribeStream},
    {"GetRecords", kGetRecords},
    {"GetShardIterator", kGetShardIterator},
    {"ListStreams", kListStreams},
};

}  // namespace

const std::span<const Request> kStreamRequests = kRequests;

}  // namespace stator::dynamodb::model
