#include "dynamodb/errors.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb::recovery {

namespace {

using storage::Family;

/// How long AWS keeps the backup of a deleted table whose recovery was on.
constexpr std::chrono::hours kSystemBackupLife{24 * 35};

Error backup_not_found(const Resource& resource) {
  return {ErrorCode::kNotFound, "Backup not found: " + resource.arn(), "BackupNotFoundException"};
}

Error backup_in_use(const Resource& resource, std::string_view why) {
  return {ErrorCode::kConflict, "Backup " + resource.arn() + " is " + std::string(why),
          "BackupInUseException"};
}

Backup make_backup(Tables& tables, const Table& table) {
  Backup backup;
  backup.created = tables.clock().wall();
  backup.id = make_resource_id(backup.created, tables.random());
  backup.table = table;
  return backup;
}

}  // namespace

Result<Backup> Recovery::create_backup(const TableRef& ref, std::string name) {
  const std::scoped_lock control(control_);
  STATOR_TRY_VOID(check_room());
  const auto any = tables_.find_any(ref);
  if (any && any->status == Table::Status::kCreating) {
    return Error{ErrorCode::kConflict, "Table is being created: " + ref.name,
                 "TableInUseException"};
  }
  const auto table = tables_.find(ref);
  if (!table) return table_not_found_for_backup(ref.name);
  Backup backup = make_backup(tables_, *table);
  backup.name = std::move(name);
  STATOR_TRY(backup.items, tables_.next_id());
  STATOR_TRY_VOID(store_record(backup.resource().record_key(), dump(backup)));
  const std::shared_ptr<const storage::Snapshot> snapshot = tables_.store().snapshot();
  post([this, resource = backup.resource(), snapshot] { copy_backup(resource, *snapshot); });
  return backup;
}

void Recovery::copy_backup(const Resource& resource, const storage::Snapshot& snapshot) {
  auto backup = find_backup(resource);
  if (!backup) return;
  // Of an earlier try that a restart cut short.
  if (!erase_items(tables_.store(), backup->items)) return;
  const auto copied = copy_items(copying(), snapshot, backup->table.id, backup->items);
  // The server stops or its store has failed; the next start begins anew.
  if (!copied) return;
  backup->statistics = *copied;
  backup->status = Backup::Status::kAvailable;
  const std::scoped_lock control(control_);
  (void)store_record(resource.record_key(), dump(*backup));
}

void Recovery::resume_backups() {
  const auto all = backups({});
  if (!all) throw ConfigError("cannot read the backups: " + all.error().message);
  const std::shared_ptr<const storage::Snapshot> snapshot = tables_.store().snapshot();
  for (const Backup& backup : *all) {
    // Its table is still there: it cannot be deleted while the backup is being made.
    if (backup.status != Backup::Status::kCreating) continue;
    post([this, resource = backup.resource(), snapshot] { copy_backup(resource, *snapshot); });
  }
}

Result<Backup> Recovery::find_backup(const Resource& resource) const {
  STATOR_TRY(const auto record, tables_.store().get(Family::kMeta, resource.record_key()));
  if (!record) return backup_not_found(resource);
  return parse_backup(*record);
}

Result<std::vector<Backup>> Recovery::backups(const TableRef& table) const {
  std::vector<Backup> result;
  STATOR_TRY_VOID(for_each_record(tables_.store(), table, "backup",
                                  [&](const Resource&, std::string_view record) -> Result<void> {
                                    STATOR_TRY(auto backup, parse_backup(record));
                                    result.push_back(std::move(backup));
                                    return {};
                                  }));
  return result;
}

Result<Backup> Recovery::delete_backup(const Resource& resource) {
  const std::scoped_lock control(control_);
  STATOR_TRY(auto backup, find_backup(resource));
  if (backup.status == Backup::Status::kCreating) return backup_in_use(resource, "being created");
  for (const Tables::Handle& table : tables_.all()) {
    if (table->status == Table::Status::kCreating && table->origin &&
        table->origin->backup_arn == resource.arn()) {
      return backup_in_use(resource, "being restored");
    }
  }
  const storage::Range items = table_range(backup.items);
  storage::Batch batch;
  batch.erase(Family::kMeta, resource.record_key());
  batch.erase_range(Family::kItems, items.begin, items.end);
  STATOR_TRY_VOID(tables_.store().write(std::move(batch)));
  return backup;
}

Result<Tables::Handle> Recovery::remove_table(const TableRef& ref) {
  const std::scoped_lock control(control_);
  const auto table = tables_.find(ref);
  if (!table) return tables_.remove(ref);
  STATOR_TRY(const auto kept, backups(ref));
  for (const Backup& backup : kept) {
    if (backup.status != Backup::Status::kCreating || backup.table.id != table->id) continue;
    return Error{
        ErrorCode::kConflict,
        "Attempt to change a resource which is still in use: Table is being backed up: " + ref.name,
        "ResourceInUseException"};
  }
  if (!table->recovery) return tables_.remove(ref);

  Backup backup = make_backup(tables_, *table);
  backup.name = table->name + "$DeletedTableBackup";
  backup.type = Backup::Type::kSystem;
  backup.status = Backup::Status::kAvailable;
  backup.expires = backup.created + kSystemBackupLife;
  backup.items = table->id;
  STATOR_TRY(backup.statistics, tables_.statistics(*table));
  Tables::Removal removal;
  removal.keeps_items = true;
  removal.extra.put(Family::kMeta, backup.resource().record_key(), dump(backup));
  return tables_.remove(ref, std::move(removal));
}

}  // namespace stator::dynamodb::recovery
