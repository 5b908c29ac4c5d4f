#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation describe_continuous_backups(Tables& tables) {
  return table_operation(
      "DescribeContinuousBackups", {"TableName"},
      [&tables](const TableRef& ref, const aws::Input&) -> Result<json::Object> {
        if (!tables.find(ref)) {
          return Error{ErrorCode::kNotFound, "Table not found: " + ref.name,
                       "TableNotFoundException"};
        }
        // Nothing here can turn it on.
        json::Object recovery{{"PointInTimeRecoveryStatus", "DISABLED"}};
        json::Object description{{"ContinuousBackupsStatus", "DISABLED"},
                                 {"PointInTimeRecoveryDescription", std::move(recovery)}};
        return json::Object{{"ContinuousBackupsDescription", std::move(description)}};
      });
}

}  // namespace stator::dynamodb
