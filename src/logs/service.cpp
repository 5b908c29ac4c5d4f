#include "logs/service.hpp"

#include "logs/ops/ops.hpp"

namespace stator::logs {

aws::Service make_service(LogStore& store) {
  aws::Service service;
  service.signing_name = "logs";
  service.protocol = aws::Protocol::kJson11;
  service.target_prefix = "Logs_20140328";
  service.operations.push_back(create_log_group(store));
  service.operations.push_back(create_log_stream(store));
  service.operations.push_back(delete_log_group(store));
  service.operations.push_back(delete_log_stream(store));
  service.operations.push_back(delete_retention_policy(store));
  service.operations.push_back(describe_log_groups(store));
  service.operations.push_back(describe_log_streams(store));
  service.operations.push_back(filter_log_events(store));
  service.operations.push_back(get_log_events(store));
  service.operations.push_back(list_tags_for_resource(store));
  service.operations.push_back(list_tags_log_group(store));
  service.operations.push_back(put_log_events(store));
  service.operations.push_back(put_retention_policy(store));
  service.operations.push_back(tag_log_group(store));
  service.operations.push_back(tag_resource(store));
  service.operations.push_back(untag_log_group(store));
  service.operations.push_back(untag_resource(store));
  return service;
}

}  // namespace stator::logs
