#include "dynamodb/errors.hpp"
#include "dynamodb/recovery/export_files.hpp"
#include "dynamodb/recovery/history.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb::recovery {

namespace {

using storage::Family;

/// How long AWS remembers a client token.
constexpr std::chrono::hours kTokenLife{8};
constexpr std::size_t kItemsBetweenLooks = 256;

/// The items that an export reads. A copy goes when this does.
class ExportSource {
 public:
  explicit ExportSource(storage::Store& store) : store_(store) {}
  ~ExportSource() {
    // What stays because of a failure goes at the next start.
    if (copy_) (void)erase_items(store_, *copy_);
  }
  ExportSource(const ExportSource&) = delete;

  void set_copy(TableId copy) { copy_ = copy; }
  [[nodiscard]] TableId id(TableId table) const { return copy_.value_or(table); }
  /// The copy is read as it is now, the table as it was in the snapshot.
  [[nodiscard]] const storage::Snapshot* at(const storage::Snapshot& snapshot) const {
    return copy_ ? nullptr : &snapshot;
  }

 private:
  storage::Store& store_;
  std::optional<TableId> copy_;
};

}  // namespace

Result<Export> Recovery::start_export(const TableRef& ref, Export draft,
                                      std::optional<WallTime> moment) {
  const std::scoped_lock control(control_);
  draft.started = tables_.clock().wall();
  STATOR_TRY(const auto known, exports(ref));
  for (const Export& job : known) {
    if (draft.client_token.empty() || job.client_token != draft.client_token) continue;
    if (job.started + kTokenLife < draft.started) continue;
    if (job.bucket == draft.bucket && job.prefix == draft.prefix &&
        job.bucket_owner == draft.bucket_owner && (!moment || *moment == job.moment)) {
      return job;
    }
    return Error{ErrorCode::kConflict,
                 "There was a conflict when writing to the specified S3 bucket: the client token "
                 "was used with other parameters",
                 "ExportConflictException"};
  }
  STATOR_TRY_VOID(check_room());
  STATOR_TRY(const auto pinned,
             pin(ref, moment,
                 {ErrorCode::kInvalid,
                  "The specified ExportTime is outside of the point in time recovery window.",
                  "InvalidExportTimeException"}));
  draft.resource = {ref, "export", make_resource_id(draft.started, tables_.random())};
  draft.moment = pinned.time;
  draft.table = pinned.table->id;
  draft.table_uuid = pinned.table->table_id;
  STATOR_TRY_VOID(store_record(draft.resource.record_key(), dump(draft)));
  post([this, job = draft, snapshot = pinned.snapshot] { run_export(job, *snapshot); });
  return draft;
}

void Recovery::run_export(Export job, const storage::Snapshot& snapshot) {
  const auto written = write_export(job, snapshot);
  // The server stops or its store has failed; the next start begins anew.
  if (!written && written.error().code == ErrorCode::kUnavailable) return;
  job.status = written ? JobStatus::kCompleted : JobStatus::kFailed;
  if (written) {
    job.statistics = *written;
  } else {
    job.failure = failure_of(written.error());
  }
  end_export(std::move(job));
}

void Recovery::end_export(Export job) {
  job.ended = tables_.clock().wall();
  const std::scoped_lock control(control_);
  (void)store_record(job.resource.record_key(), dump(job));
}

Result<Statistics> Recovery::write_export(const Export& job, const storage::Snapshot& snapshot) {
  ExportFiles files(artifacts_, job);
  STATOR_TRY_VOID(files.start());
  storage::Store& store = tables_.store();
  ExportSource source(store);
  STATOR_TRY(const bool has_changed, has_later_writes(store, job.table, job.moment, snapshot));
  if (has_changed) {
    STATOR_TRY(const auto copy, tables_.next_id());
    source.set_copy(copy);
    STATOR_TRY_VOID(copy_items(copying(), snapshot, job.table, copy));
    STATOR_TRY_VOID(undo_later_writes(copying(), snapshot, job.table, job.moment, copy));
  }
  const auto items =
      store.iterate(Family::kItems, table_range(source.id(job.table)), source.at(snapshot));
  for (items->seek_first(); items->valid(); items->next()) {
    STATOR_TRY_VOID(files.add(EncodedItem(items->value())));
    if (files.statistics().item_count % kItemsBetweenLooks != 0) continue;
    if (tables_.background().is_stopping()) return unavailable("the server is stopping");
  }
  STATOR_TRY_VOID(items->status());
  STATOR_TRY_VOID(files.finish(tables_.clock().wall()));
  return files.statistics();
}

void Recovery::resume_exports() {
  const auto all = exports({});
  if (!all) throw ConfigError("cannot read the exports: " + all.error().message);
  const std::shared_ptr<const storage::Snapshot> snapshot = tables_.store().snapshot();
  for (const Export& job : *all) {
    if (job.status != JobStatus::kInProgress) continue;
    const auto table = tables_.find(job.resource.table);
    bool has_history = table && table->id == job.table && table->recovery;
    if (has_history) {
      const auto earliest =
          earliest_moment(tables_.store(), *table, tables_.clock().wall(), snapshot.get());
      has_history = earliest && *earliest <= job.moment;
    }
    if (has_history) {
      post([this, job, snapshot] { run_export(job, *snapshot); });
      continue;
    }
    Export failed = job;
    failed.status = JobStatus::kFailed;
    failed.failure = {"InternalServerError",
                      "The server stopped during the export, and the table's state at the export "
                      "time is gone since"};
    end_export(std::move(failed));
  }
}

Result<Export> Recovery::find_export(const Resource& resource) const {
  STATOR_TRY(const auto record, tables_.store().get(Family::kMeta, resource.record_key()));
  if (!record) {
    return Error{ErrorCode::kNotFound, "Export not found: " + resource.arn(),
                 "ExportNotFoundException"};
  }
  return parse_export(resource, *record);
}

Result<std::vector<Export>> Recovery::exports(const TableRef& table) const {
  std::vector<Export> result;
  STATOR_TRY_VOID(
      for_each_record(tables_.store(), table, "export",
                      [&](const Resource& resource, std::string_view record) -> Result<void> {
                        STATOR_TRY(auto job, parse_export(resource, record));
                        result.push_back(std::move(job));
                        return {};
                      }));
  return result;
}

}  // namespace stator::dynamodb::recovery
