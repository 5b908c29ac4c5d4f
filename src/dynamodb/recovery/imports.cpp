#include "archive/gzip.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/index_entry.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/recovery/import_lines.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb::recovery {

namespace {

using storage::Family;

/// How long AWS remembers a client token, and how many objects an import may have.
constexpr std::chrono::hours kTokenLife{8};
constexpr std::size_t kObjectsMax = 50'000;

/// Reads objects into a table that nobody else sees, and counts.
class Importer {
 public:
  Importer(Copying copying, const Table& table, Import& job)
      : writer_(copying), table_(table), job_(job) {}

  [[nodiscard]] Result<void> add_object(const std::string& bytes) {
    headers_ = job_.headers;
    LineCutter cutter(job_.format == ImportFormat::kCsv,
                      [this](std::optional<std::string_view> line) { return add_line(line); });
    const auto take = [&](std::string_view piece) {
      job_.processed_bytes += piece.size();
      return cutter.append(piece);
    };
    const auto read = job_.is_gzip ? archive::gunzip(bytes, take) : take(bytes);
    // What is left of a damaged object is skipped, and counts as one error.
    if (!read && read.error().code != ErrorCode::kInvalid) return read.error();
    if (!read) ++job_.errors;
    return cutter.finish();
  }
  [[nodiscard]] Result<void> finish() { return writer_.flush(); }

 private:
  [[nodiscard]] Result<void> add_line(std::optional<std::string_view> line) {
    const bool is_header = job_.format == ImportFormat::kCsv && headers_.empty();
    if (!is_header) ++job_.processed_items;
    if (is_header && line) {
      auto headers = read_csv_line(*line, job_.delimiter[0]);
      if (headers) headers_ = std::move(*headers);
      if (headers) return {};
    }
    const auto item = line ? read(*line) : Result<Item>(validation("a line that is too long"));
    const auto key = item ? check(*item) : Result<std::string>(item.error());
    if (!key) {
      ++job_.errors;
      return {};
    }
    ++job_.imported_items;
    return writer_.put(Family::kItems, *key, encode_item(*item));
  }

  [[nodiscard]] Result<Item> read(std::string_view line) const {
    if (job_.format == ImportFormat::kDynamodbJson) return read_json_line(line);
    STATOR_TRY(auto fields, read_csv_line(line, job_.delimiter[0]));
    return csv_item(table_, headers_, std::move(fields));
  }

  /// What PutItem checks.
  [[nodiscard]] Result<std::string> check(const Item& item) const {
    if (size_bytes(item) > kItemBytesMax) {
      return validation("Item size has exceeded the maximum allowed size");
    }
    STATOR_TRY(auto key, key_of_item(table_, item));
    STATOR_TRY_VOID(check_index_keys(table_, item));
    return key;
  }

  ChunkWriter writer_;
  const Table& table_;
  Import& job_;
  std::vector<std::string> headers_;
};

}  // namespace

Result<Import> Recovery::start_import(Import draft, Table target) {
  const std::scoped_lock control(control_);
  draft.started = tables_.clock().wall();
  const TableRef ref{target.account, target.region, target.name};
  STATOR_TRY(const auto known, imports({ref.account, ref.region, ""}));
  for (const Import& job : known) {
    if (draft.client_token.empty() || job.client_token != draft.client_token) continue;
    if (job.started + kTokenLife < draft.started) continue;
    if (job.asks_the_same(draft)) return job;
    return Error{ErrorCode::kConflict,
                 "There was a conflict: the client token was used with other parameters",
                 "ImportConflictException"};
  }
  STATOR_TRY_VOID(check_room());
  STATOR_TRY_VOID(check_table_room(ref));
  target.status = Table::Status::kCreating;
  STATOR_TRY(const auto table, tables_.create(std::move(target)));
  draft.resource = {ref, "import", make_resource_id(draft.started, tables_.random())};
  draft.table_uuid = table->table_id;
  STATOR_TRY_VOID(store_record(draft.resource.record_key(), dump(draft)));
  post([this, job = draft, table] { run_import(job, table); });
  return draft;
}

Result<void> Recovery::read_import(Import& job, const Table& table) {
  STATOR_TRY_VOID(empty(table));
  Importer importer(copying(), table, job);
  ArtifactName name{table.account, job.bucket, ""};
  std::size_t objects = 0;
  for (;;) {
    STATOR_TRY(const auto keys, artifacts_.list(name, job.prefix));
    if (keys.empty()) break;
    for (const std::string& key : keys) {
      if (++objects > kObjectsMax) return invalid("an import reads at most 50000 objects");
      name.key = key;
      STATOR_TRY(const auto bytes, artifacts_.get(name));
      if (!bytes.empty()) STATOR_TRY_VOID(importer.add_object(bytes));
    }
  }
  if (objects == 0) {
    return Error{ErrorCode::kNotFound, "The specified key does not exist.", "NoSuchKey"};
  }
  STATOR_TRY_VOID(importer.finish());
  return build_indexes(copying(), table);
}

void Recovery::run_import(Import job, const Tables::Handle& table) {
  const auto read = read_import(job, *table);
  // The server stops or its store has failed; the next start begins anew.
  if (!read && read.error().code == ErrorCode::kUnavailable) return;
  job.ended = tables_.clock().wall();
  const TableRef ref{table->account, table->region, table->name};
  storage::Batch record;
  if (read) {
    job.status = job.errors == 0 ? JobStatus::kCompleted : JobStatus::kFailed;
    if (job.errors > 0) {
      job.failure = {"ItemValidationError",
                     "Some of the items failed validation checks and were not imported."};
    }
    record.put(Family::kMeta, job.resource.record_key(), dump(job));
    (void)tables_.activate(ref, std::move(record));
    return;
  }
  // What cannot be read at all leaves no table.
  job.status = JobStatus::kFailed;
  job.failure = failure_of(read.error());
  record.put(Family::kMeta, job.resource.record_key(), dump(job));
  Tables::Removal removal;
  removal.is_of_unfinished = true;
  removal.extra = std::move(record);
  (void)tables_.remove(ref, std::move(removal));
}

std::set<TableId> Recovery::resume_imports() {
  std::set<TableId> resumed;
  const auto all = imports({});
  if (!all) throw ConfigError("cannot read the imports: " + all.error().message);
  for (Import job : *all) {
    if (job.status != JobStatus::kInProgress) continue;
    const auto table = tables_.find_any(job.resource.table);
    // The record and the table's end are in one batch, so the table is there.
    if (!table || table->table_id != job.table_uuid) continue;
    resumed.insert(table->id);
    job.processed_items = job.imported_items = job.errors = job.processed_bytes = 0;
    post([this, job, table] { run_import(job, table); });
  }
  return resumed;
}

Result<Import> Recovery::find_import(const Resource& resource) const {
  STATOR_TRY(const auto record, tables_.store().get(Family::kMeta, resource.record_key()));
  if (!record) {
    return Error{ErrorCode::kNotFound, "Import not found: " + resource.arn(),
                 "ImportNotFoundException"};
  }
  return parse_import(resource, *record);
}

Result<std::vector<Import>> Recovery::imports(const TableRef& table) const {
  std::vector<Import> result;
  STATOR_TRY_VOID(
      for_each_record(tables_.store(), table, "import",
                      [&](const Resource& resource, std::string_view record) -> Result<void> {
                        STATOR_TRY(auto job, parse_import(resource, record));
                        result.push_back(std::move(job));
                        return {};
                      }));
  return result;
}

}  // namespace stator::dynamodb::recovery
