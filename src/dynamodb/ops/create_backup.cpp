#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation create_backup(recovery::Recovery& recovery) {
  return table_operation(
      recovery.tables(), "CreateBackup", {"TableName", "BackupName"},
      [&recovery](const TableRef& ref, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto name, input.text("BackupName"));
        STATOR_TRY(const auto backup, recovery.create_backup(ref, *name));
        return json::Object{{"BackupDetails", recovery::describe_details(backup)}};
      });
}

}  // namespace stator::dynamodb
