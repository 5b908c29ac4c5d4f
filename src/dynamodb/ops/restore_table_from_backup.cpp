#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/restore_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

Result<recovery::Resource> read_backup(const aws::Input& input) {
  STATOR_TRY(const auto arn, input.required_text("BackupArn"));
  auto resource = recovery::parse_resource(arn, "backup");
  if (!resource) return validation("Invalid BackupArn: " + arn);
  return std::move(*resource);
}

Result<json::Object> handle(recovery::Recovery& recovery, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY(const auto request, recovery::RestoreRequest::read(input));
  STATOR_TRY(const auto resource, read_backup(input));
  STATOR_TRY(const auto backup, recovery.find_backup(resource));
  STATOR_TRY(auto target, request.target(backup.table, TableRef::of(call, request.target_name())));
  STATOR_TRY(const auto table, recovery.restore(backup, std::move(target)));
  return json::Object{{"TableDescription", describe(*table, "CREATING", {})}};
}

}  // namespace

aws::Operation restore_table_from_backup(recovery::Recovery& recovery) {
  return modelled_operation(
      "RestoreTableFromBackup",
      [](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto target, recovery::read_target(call, input));
        STATOR_TRY(const auto backup, read_backup(input));
        return recovery::restore_needs("RestoreTableFromBackup", backup.arn(), target);
      },
      [&recovery](aws::Call& call, const aws::Input& input) {
        return handle(recovery, call, input);
      });
}

}  // namespace stator::dynamodb
