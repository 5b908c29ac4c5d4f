#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation describe_time_to_live(Tables& tables) {
  return table_operation("DescribeTimeToLive", {"TableName"},
                         [&tables](const TableRef& ref, const aws::Input&) -> Result<json::Object> {
                           if (!tables.find(ref)) return table_not_found(ref.name);
                           // Nothing here can turn it on.
                           return json::Object{{"TimeToLiveDescription",
                                                json::Object{{"TimeToLiveStatus", "DISABLED"}}}};
                         });
}

}  // namespace stator::dynamodb
