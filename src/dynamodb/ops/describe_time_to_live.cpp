#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation describe_time_to_live(Tables& tables) {
  return table_operation(
      tables, "DescribeTimeToLive", {"TableName"},
      [&tables](const TableRef& ref, const aws::Input&) -> Result<json::Object> {
        const auto table = tables.find(ref);
        if (!table) return table_not_found(ref.name);
        json::Object description{{"TimeToLiveStatus", "DISABLED"}};
        if (table->ttl) {
          description = {{"AttributeName", table->ttl->attribute},
                         {"TimeToLiveStatus", table->ttl->is_filled ? "ENABLED" : "ENABLING"}};
        }
        return json::Object{{"TimeToLiveDescription", std::move(description)}};
      });
}

}  // namespace stator::dynamodb
