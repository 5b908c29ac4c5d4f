#include "dynamodb/errors.hpp"
#include "dynamodb/recovery/history.hpp"
#include "dynamodb/recovery/recovery.hpp"

namespace stator::dynamodb::recovery {

namespace {

using storage::Family;

TableRef ref_of(const Table& table) {
  return {table.account, table.region, table.name};
}

}  // namespace

Result<Tables::Handle> Recovery::restore(const Backup& backup, Table target) {
  const std::scoped_lock control(control_);
  // It may have gone since the caller looked.
  STATOR_TRY(const auto found, find_backup(backup.resource()));
  if (found.status == Backup::Status::kCreating) {
    return Error{ErrorCode::kConflict, "Backup is being created: " + backup.resource().arn(),
                 "BackupInUseException"};
  }
  target.origin = RestoreOrigin{backup.resource().arn(), backup.table.arn(), backup.created};
  return begin_restore(std::move(target), {backup.items, nullptr, tables_.store().snapshot()});
}

Result<Tables::Handle> Recovery::restore(const TableRef& source, std::optional<WallTime> moment,
                                         Table target) {
  const std::scoped_lock control(control_);
  STATOR_TRY(auto pinned,
             pin(source, moment,
                 {ErrorCode::kInvalid,
                  "An invalid restore time was specified. RestoreDateTime must be between "
                  "EarliestRestorableDateTime and LatestRestorableDateTime.",
                  "InvalidRestoreTimeException"}));
  target.origin = RestoreOrigin{"", pinned.table->arn(), pinned.time};
  return begin_restore(std::move(target),
                       {pinned.table->id, pinned.table, std::move(pinned.snapshot)});
}

Result<Tables::Handle> Recovery::begin_restore(Table target, RestoreSource source) {
  STATOR_TRY_VOID(check_room());
  STATOR_TRY_VOID(check_table_room(ref_of(target)));
  if (tables_.find_any(ref_of(target))) {
    return Error{ErrorCode::kConflict, "Table already exists: " + target.name,
                 "TableAlreadyExistsException"};
  }
  target.status = Table::Status::kCreating;
  STATOR_TRY(const auto table, tables_.create(std::move(target)));
  post([this, table, source = std::move(source)] { run_restore(table, source); });
  return table;
}

Result<void> Recovery::empty(const Table& table) {
  STATOR_TRY_VOID(erase_items(tables_.store(), table.id));
  storage::Batch batch;
  for (const Index& index : table.indexes) {
    const storage::Range range = table_range(index.id);
    batch.erase_range(Family::kIndex, range.begin, range.end);
  }
  if (batch.empty()) return {};
  STATOR_TRY_VOID(tables_.store().write(std::move(batch)));
  return {};
}

Result<void> Recovery::fill(const Table& target, const RestoreSource& source) {
  STATOR_TRY_VOID(empty(target));
  STATOR_TRY_VOID(copy_items(copying(), *source.snapshot, source.items, target.id));
  if (source.table) {
    STATOR_TRY_VOID(undo_later_writes(copying(), *source.snapshot, source.items,
                                      target.origin->moment, target.id));
  }
  return build_indexes(copying(), target);
}

void Recovery::run_restore(const Tables::Handle& target, const RestoreSource& source) {
  const auto filled = fill(*target, source);
  if (filled) {
    (void)tables_.activate(ref_of(*target));
  } else if (filled.error().code != ErrorCode::kUnavailable) {
    give_up(*target);
  }
  // Otherwise the server stops or its store has failed; the next start begins anew.
}

void Recovery::give_up(const Table& target) {
  Tables::Removal removal;
  removal.is_of_unfinished = true;
  (void)tables_.remove(ref_of(target), std::move(removal));
}

void Recovery::resume_tables(const std::set<TableId>& imported) {
  for (const Tables::Handle& table : tables_.all()) {
    if (table->status != Table::Status::kCreating || imported.contains(table->id)) continue;
    resume_restore(table);
  }
}

void Recovery::resume_restore(const Tables::Handle& target) {
  const std::shared_ptr<const storage::Snapshot> snapshot = tables_.store().snapshot();
  RestoreSource source{0, nullptr, snapshot};
  if (target->origin && !target->origin->backup_arn.empty()) {
    const auto resource = parse_resource(target->origin->backup_arn, "backup");
    const auto backup = resource ? find_backup(*resource) : Result<Backup>(not_found("backup"));
    if (!backup) return give_up(*target);
    source.items = backup->items;
  } else if (target->origin) {
    source.table =
        tables_.find({target->account, target->region, table_name_of(target->origin->table_arn)});
    if (!source.table || !source.table->recovery) return give_up(*target);
    const auto earliest =
        earliest_moment(tables_.store(), *source.table, tables_.clock().wall(), snapshot.get());
    if (!earliest || target->origin->moment < *earliest) return give_up(*target);
    source.items = source.table->id;
  } else {
    return give_up(*target);
  }
  post([this, target, source] { run_restore(target, source); });
}

}  // namespace stator::dynamodb::recovery
