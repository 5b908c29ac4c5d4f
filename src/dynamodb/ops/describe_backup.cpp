#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"

namespace stator::dynamodb {

aws::Operation describe_backup(recovery::Recovery& recovery) {
  return recovery::resource_operation(
      {"DescribeBackup", "BackupArn", "backup"},
      [&recovery](const recovery::Resource& resource) -> Result<json::Object> {
        STATOR_TRY(const auto backup, recovery.find_backup(resource));
        return json::Object{{"BackupDescription", recovery::describe(backup)}};
      });
}

}  // namespace stator::dynamodb
