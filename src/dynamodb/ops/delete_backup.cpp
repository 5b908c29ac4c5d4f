#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"

namespace stator::dynamodb {

aws::Operation delete_backup(recovery::Recovery& recovery) {
  return recovery::resource_operation(
      {"DeleteBackup", "BackupArn", "backup"},
      [&recovery](const recovery::Resource& resource) -> Result<json::Object> {
        STATOR_TRY(const auto backup, recovery.delete_backup(resource));
        json::Object description = recovery::describe(backup);
        description["BackupDetails"].as_object()["BackupStatus"] = "DELETED";
        return json::Object{{"BackupDescription", std::move(description)}};
      });
}

}  // namespace stator::dynamodb
