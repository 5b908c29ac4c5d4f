#pragma once

#include "aws/operation.hpp"
#include "logs/log_store.hpp"

/// CloudWatch Logs' operations, one file each.
/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
namespace stator::logs {

[[nodiscard]] aws::Operation create_log_group(LogStore& store);
[[nodiscard]] aws::Operation create_log_stream(LogStore& store);
[[nodiscard]] aws::Operation delete_log_group(LogStore& store);
[[nodiscard]] aws::Operation delete_log_stream(LogStore& store);
[[nodiscard]] aws::Operation delete_retention_policy(LogStore& store);
[[nodiscard]] aws::Operation describe_log_groups(LogStore& store);
[[nodiscard]] aws::Operation describe_log_streams(LogStore& store);
[[nodiscard]] aws::Operation filter_log_events(LogStore& store);
[[nodiscard]] aws::Operation get_log_events(LogStore& store);
[[nodiscard]] aws::Operation list_tags_for_resource(LogStore& store);
[[nodiscard]] aws::Operation list_tags_log_group(LogStore& store);
[[nodiscard]] aws::Operation put_log_events(LogStore& store);
[[nodiscard]] aws::Operation put_retention_policy(LogStore& store);
[[nodiscard]] aws::Operation tag_log_group(LogStore& store);
[[nodiscard]] aws::Operation tag_resource(LogStore& store);
[[nodiscard]] aws::Operation untag_log_group(LogStore& store);
[[nodiscard]] aws::Operation untag_resource(LogStore& store);

}  // namespace stator::logs
