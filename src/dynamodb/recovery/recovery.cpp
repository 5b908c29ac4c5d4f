#include "dynamodb/recovery/recovery.hpp"

#include "dynamodb/errors.hpp"
#include "dynamodb/recovery/history.hpp"

namespace stator::dynamodb::recovery {

namespace {

using storage::Family;

/// AWS's bound on what changes tables at the same time.
constexpr std::size_t kJobsMax = 50;
constexpr std::size_t kTablesMax = 2'500;
constexpr std::chrono::minutes kHousekeepingInterval{5};

}  // namespace

Error table_not_found_for_backup(std::string_view table_name) {
  return {ErrorCode::kNotFound, "Table not found: " + std::string(table_name),
          "TableNotFoundException"};
}

Recovery::Recovery(Tables& tables, Artifacts& artifacts) : tables_(tables), artifacts_(artifacts) {
  tables_.background().every(kHousekeepingInterval, [this] { keep_house(); });
  resume();
}

void Recovery::resume() {
  resume_backups();
  resume_exports();
  resume_tables(resume_imports());
}

Result<void> Recovery::check_room() const {
  if (jobs_ < kJobsMax) return {};
  return limit_exceeded(
      "Subscriber limit exceeded: There is a limit of 50 concurrent backups, restores, exports and "
      "imports");
}

Result<void> Recovery::check_table_room(const TableRef& ref) const {
  if (tables_.names({ref.account, ref.region, ""}, kTablesMax).size() < kTablesMax) return {};
  return limit_exceeded("Too many tables: an account has at most 2500 in a region");
}

void Recovery::post(std::function<void()> job) {
  ++jobs_;
  tables_.background().post([this, job = std::move(job)] {
    job();
    --jobs_;
  });
}

Result<void> Recovery::store_record(const std::string& key, std::string record) {
  storage::Batch batch;
  batch.put(Family::kMeta, key, std::move(record));
  STATOR_TRY_VOID(tables_.store().write(std::move(batch)));
  return {};
}

void Recovery::keep_house() {
  const WallTime now = tables_.clock().wall();
  // A failure leaves work for the next time, and shows in the requests that meet the same disk.
  for (const Tables::Handle& table : tables_.all()) {
    if (tables_.background().is_stopping()) return;
    if (table->recovery) (void)trim_history(tables_.store(), *table, now);
  }
  const auto all = backups({});
  if (!all) return;
  for (const Backup& backup : *all) {
    if (backup.expires && *backup.expires <= now) (void)delete_backup(backup.resource());
  }
}

Result<Tables::Handle> Recovery::set_recovery(const TableRef& ref,
                                              std::optional<std::int64_t> period_days) {
  const std::scoped_lock control(control_);
  const auto before = tables_.find_any(ref);
  if (!before) return table_not_found_for_backup(ref.name);
  if (before->status == Table::Status::kCreating) {
    return Error{ErrorCode::kConflict,
                 "Backups are being enabled for the table: " + ref.name + ". Please retry later",
                 "ContinuousBackupsUnavailableException"};
  }
  const WallTime now = tables_.clock().wall();
  // A longer period must not promise what the shorter one has let go.
  WallTime since = now;
  if (before->recovery) {
    STATOR_TRY(since, earliest_moment(tables_.store(), *before, now));
  }
  STATOR_TRY(const auto table, tables_.update(ref, [&](Table& changed) -> Result<void> {
    changed.recovery.reset();
    if (period_days) changed.recovery = PointInTimeRecovery{since, *period_days};
    return {};
  }));
  if (!period_days) {
    const storage::Range range = table_range(table->id);
    storage::Batch batch;
    batch.erase_range(Family::kHistory, range.begin, range.end);
    STATOR_TRY_VOID(tables_.store().write(std::move(batch)));
  }
  return table;
}

Result<json::Object> Recovery::describe_recovery(const Table& table) const {
  json::Object recovery{{"PointInTimeRecoveryStatus", table.recovery ? "ENABLED" : "DISABLED"}};
  if (table.recovery) {
    const WallTime now = tables_.clock().wall();
    STATOR_TRY(const auto earliest, earliest_moment(tables_.store(), table, now));
    recovery["RecoveryPeriodInDays"] = table.recovery->period_days;
    recovery["EarliestRestorableDateTime"] = epoch_seconds(earliest);
    recovery["LatestRestorableDateTime"] = epoch_seconds(std::max(now, earliest));
  }
  // AWS has the backups themselves on for every table; what is switched is the recovery.
  return json::Object{{"ContinuousBackupsStatus", "ENABLED"},
                      {"PointInTimeRecoveryDescription", std::move(recovery)}};
}

Result<Recovery::Moment> Recovery::pin(const TableRef& ref, std::optional<WallTime> moment,
                                       const Error& out_of_window) const {
  const WallTime now = tables_.clock().wall();
  const WriteAccess access = tables_.write_access(ref);
  if (access.is_empty()) return table_not_found_for_backup(ref.name);
  const Table& table = access.table();
  if (!table.recovery) {
    return Error{ErrorCode::kInvalid,
                 "Point in time recovery is not enabled for table '" + ref.name + "'",
                 "PointInTimeRecoveryUnavailableException"};
  }
  STATOR_TRY(const auto earliest, earliest_moment(tables_.store(), table, now));
  STATOR_TRY(const auto latest, latest_moment(tables_.store(), table, access.state(), now));
  const WallTime time = moment.value_or(latest);
  if (time < earliest || time > latest) return out_of_window;
  STATOR_TRY_VOID(fence(tables_.store(), table, access.state(), time));
  return Moment{access.handle(), time, tables_.store().snapshot()};
}

}  // namespace stator::dynamodb::recovery
