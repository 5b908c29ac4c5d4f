#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation describe_continuous_backups(recovery::Recovery& recovery) {
  return table_operation(
      recovery.tables(), "DescribeContinuousBackups", {"TableName"},
      [&recovery](const TableRef& ref, const aws::Input&) -> Result<json::Object> {
        const auto table = recovery.tables().find_any(ref);
        if (!table) return recovery::table_not_found_for_backup(ref.name);
        STATOR_TRY(auto description, recovery.describe_recovery(*table));
        return json::Object{{"ContinuousBackupsDescription", std::move(description)}};
      });
}

}  // namespace stator::dynamodb
