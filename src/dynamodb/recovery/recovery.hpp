#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dynamodb/recovery/artifacts.hpp"
#include "dynamodb/recovery/backup_record.hpp"
#include "dynamodb/recovery/copy.hpp"
#include "dynamodb/recovery/import_record.hpp"
#include "dynamodb/tables.hpp"

namespace stator::dynamodb::recovery {

/// Where a restored table's items come from.
struct RestoreSource {
  TableId items = 0;     ///< a backup's, or the table's own
  Tables::Handle table;  ///< for a moment: the table whose history is undone; null for a backup
  std::shared_ptr<const storage::Snapshot> snapshot;
};

/// Backups, continuous backups, restores, exports and imports. Long work is posted to the tables'
/// background; what a restart interrupts is begun anew by the constructor of the next process. Any
/// thread may call; every call may wait for the disk.
class Recovery {
 public:
  /// Before the background starts. Both arguments outlive it, and it outlives the background's
  /// work. Throws ConfigError when a record cannot be read.
  Recovery(Tables& tables, Artifacts& artifacts);
  Recovery(const Recovery&) = delete;

  [[nodiscard]] Tables& tables() { return tables_; }

  /// A backup of the table as it is now, still to be copied. TableNotFoundException,
  /// LimitExceededException.
  [[nodiscard]] Result<Backup> create_backup(const TableRef& ref, std::string name);
  /// BackupNotFoundException.
  [[nodiscard]] Result<Backup> find_backup(const Resource& resource) const;
  /// All backups of an account and region in the order of their tables and times; of one table
  /// unless the name is "".
  [[nodiscard]] Result<std::vector<Backup>> backups(const TableRef& table) const;
  /// Answers the backup as it was. BackupNotFoundException; BackupInUseException while it is being
  /// made or restored from.
  [[nodiscard]] Result<Backup> delete_backup(const Resource& resource);

  /// As Tables::remove. ResourceInUseException while a backup of the table is being made. A table
  /// whose recovery is on leaves a backup of type SYSTEM, made of its items without a copy.
  [[nodiscard]] Result<Tables::Handle> remove_table(const TableRef& ref);

  /// Switches continuous backups on with a period, or off, which forgets the history.
  /// TableNotFoundException, ContinuousBackupsUnavailableException.
  [[nodiscard]] Result<Tables::Handle> set_recovery(const TableRef& ref,
                                                    std::optional<std::int64_t> period_days);
  /// AWS's ContinuousBackupsDescription.
  [[nodiscard]] Result<json::Object> describe_recovery(const Table& table) const;

  /// A new table that is kCreating until it has the items of the backup. `target` says everything
  /// but ids, time and origin. TableAlreadyExistsException, BackupInUseException.
  [[nodiscard]] Result<Tables::Handle> restore(const Backup& backup, Table target);
  /// The same, with the items that the source had at `moment`, or has now.
  /// PointInTimeRecoveryUnavailableException, InvalidRestoreTimeException.
  [[nodiscard]] Result<Tables::Handle> restore(const TableRef& source,
                                               std::optional<WallTime> moment, Table target);

  /// Begins to export what the table was at `moment`, or is now. `draft` says where to. Answers the
  /// export that the client token began before, if it did. TableNotFoundException,
  /// PointInTimeRecoveryUnavailableException, InvalidExportTimeException, ExportConflictException.
  [[nodiscard]] Result<Export> start_export(const TableRef& ref, Export draft,
                                            std::optional<WallTime> moment);
  /// ExportNotFoundException.
  [[nodiscard]] Result<Export> find_export(const Resource& resource) const;
  /// As backups().
  [[nodiscard]] Result<std::vector<Export>> exports(const TableRef& table) const;

  /// Makes the table `target`, kCreating until it has the items of the objects that `draft` names.
  /// Answers the import that the client token began before, if it did. ResourceInUseException,
  /// ImportConflictException.
  [[nodiscard]] Result<Import> start_import(Import draft, Table target);
  /// ImportNotFoundException.
  [[nodiscard]] Result<Import> find_import(const Resource& resource) const;
  /// As backups().
  [[nodiscard]] Result<std::vector<Import>> imports(const TableRef& table) const;

 private:
  struct Moment {
    Tables::Handle table;
    WallTime time;
    std::shared_ptr<const storage::Snapshot> snapshot;
  };

  void resume();
  void resume_backups();
  void resume_exports();
  [[nodiscard]] std::set<TableId> resume_imports();
  void resume_tables(const std::set<TableId>& imported);
  void keep_house();

  /// LimitExceededException when too much is under way.
  [[nodiscard]] Result<void> check_room() const;
  /// The same when the account has no room for another table.
  [[nodiscard]] Result<void> check_table_room(const TableRef& ref) const;
  void post(std::function<void()> job);

  void copy_backup(const Resource& resource, const storage::Snapshot& snapshot);
  [[nodiscard]] Result<Tables::Handle> begin_restore(Table target, RestoreSource source);
  void run_restore(const Tables::Handle& target, const RestoreSource& source);
  void resume_restore(const Tables::Handle& target);
  [[nodiscard]] Result<void> fill(const Table& target, const RestoreSource& source);
  void give_up(const Table& target);
  /// Erases what an earlier try that a restart cut short has written.
  [[nodiscard]] Result<void> empty(const Table& table);

  void run_export(Export job, const storage::Snapshot& snapshot);
  [[nodiscard]] Result<Statistics> write_export(const Export& job,
                                                const storage::Snapshot& snapshot);
  void end_export(Export job);
  void run_import(Import job, const Tables::Handle& table);
  [[nodiscard]] Result<void> read_import(Import& job, const Table& table);

  /// A snapshot that holds the table's state at the moment, and the moment; now when none is given.
  [[nodiscard]] Result<Moment> pin(const TableRef& ref, std::optional<WallTime> moment,
                                   const Error& out_of_window) const;
  [[nodiscard]] Result<void> store_record(const std::string& key, std::string record);
  [[nodiscard]] Copying copying() { return {tables_.store(), tables_.background()}; }

  Tables& tables_;
  Artifacts& artifacts_;
  std::mutex control_;  ///< held across each change of records, and before Tables' own locks
  std::atomic<std::size_t> jobs_ = 0;
};

[[nodiscard]] Error table_not_found_for_backup(std::string_view table_name);

}  // namespace stator::dynamodb::recovery
