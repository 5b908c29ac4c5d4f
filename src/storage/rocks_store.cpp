#include "storage/rocks_store.hpp"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <cstring>
#include <utility>

#include "storage/log_sync.hpp"
#include "storage/rocks_iterator.hpp"
#include "storage/rocks_options.hpp"
#include "storage/syncer.hpp"
#include "storage/write_marks.hpp"

namespace stator::storage {
namespace {

constexpr std::size_t kLogsMax = 8;

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}

class RocksSnapshot final : public Snapshot {
 public:
  explicit RocksSnapshot(rocksdb::DB& database)
      : database_(database), snapshot_(database.GetSnapshot()) {}
  ~RocksSnapshot() override { database_.ReleaseSnapshot(snapshot_); }
  Sequence sequence() const override { return snapshot_->GetSequenceNumber(); }
  const rocksdb::Snapshot* get() const { return snapshot_; }

 private:
  rocksdb::DB& database_;
  const rocksdb::Snapshot* snapshot_;
};

const rocksdb::Snapshot* unwrap(const Snapshot* at) {
  return at != nullptr ? static_cast<const RocksSnapshot*>(at)->get() : nullptr;
}

/// Sequences are RocksDB's own: it numbers batches in the order in which it logs and shows them,
/// so everything up to the newest visible number is in the log, and a sync covers it.
class RocksStore final : public Store {
 public:
  using Handles = std::vector<rocksdb::ColumnFamilyHandle*>;

  /// What the database stands on; outlives it.
  struct Ground {
    explicit Ground(LogSync::Hold hold) : logs(hold) {}
    LogSync logs;
    std::unique_ptr<rocksdb::Env> environment;
  };

  RocksStore(std::unique_ptr<Ground> ground, std::unique_ptr<rocksdb::DB> database, Handles handles,
             Durability durability)
      : ground_(std::move(ground)),
        database_(std::move(database)),
        handles_(std::move(handles)),
        is_fsync_(durability == Durability::kFsync),
        syncer_(std::make_unique<Syncer>(
            Syncer::Log{[this] { return last(); }, [this] { return sync(); }}, last())) {}

  ~RocksStore() override {
    const bool has_failed = syncer_->has_failed();
    syncer_.reset();
    if (!has_failed) static_cast<void>(sync());
    for (auto* handle : handles_) {
      database_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
    database_->Close().PermitUncheckedError();
  }

  Result<std::optional<std::string>> get(Family family, std::string_view key,
                                         const Snapshot* at) const override {
    rocksdb::ReadOptions options;
    options.snapshot = unwrap(at);
    std::optional<std::string> value(std::in_place);
    const auto status = database_->Get(options, handle(family), slice(key), &*value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return rocks_error(status);
    return value;
  }

  std::unique_ptr<Snapshot> snapshot() const override {
    return std::make_unique<RocksSnapshot>(*database_);
  }

  std::unique_ptr<Iterator> iterate(Family family, Range range, const Snapshot* at) const override {
    return make_rocks_iterator(*database_, handle(family), std::move(range), unwrap(at));
  }

  Result<Sequence> write(Batch batch) override;

  Sequence last() const override { return database_->GetLatestSequenceNumber(); }
  Sequence durable() const override { return is_fsync_ ? syncer_->durable() : last(); }
  Sequence last_write_of(Family family, std::string_view key) const override {
    return marks_.of(family, key, [this] { return last(); });
  }

  void when_durable(Sequence sequence, Done done) override {
    STATOR_CHECK(sequence <= last());
    if (is_fsync_) return syncer_->when_durable(sequence, std::move(done));
    done({});
  }

  Result<void> checkpoint(const std::filesystem::path& directory) override;

 private:
  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }
  Result<void> sync() { return ground_->logs.sync(); }
  /// Gives the disk back at once where whole tables of log events were erased, by retention or with
  /// their group. Only in that family: a reader at an older snapshot no longer sees them.
  void drop_log_tables(const Batch& batch);

  std::unique_ptr<Ground> ground_;
  std::unique_ptr<rocksdb::DB> database_;
  Handles handles_;
  bool is_fsync_;
  WriteMarks marks_;
  std::unique_ptr<Syncer> syncer_;
};

rocksdb::WriteBatch to_rocks(const Batch& batch, const RocksStore::Handles& handles) {
  std::size_t bytes = 0;
  for (const auto& change : batch.changes()) bytes += change.key.size() + change.value.size() + 16;
  rocksdb::WriteBatch out(bytes);
  for (const auto& change : batch.changes()) {
    auto* family = handles[static_cast<std::size_t>(change.family)];
    rocksdb::Status status;
    switch (change.kind) {
      case Batch::Change::Kind::kPut:
        status = out.Put(family, change.key, change.value);
        break;
      case Batch::Change::Kind::kErase:
        status = out.Delete(family, change.key);
        break;
      case Batch::Change::Kind::kEraseRange:
        if (change.key < change.value) status = out.DeleteRange(family, change.key, change.value);
        break;
    }
    STATOR_CHECK(status.ok());
  }
  return out;
}

/// The number of the batch's last change, once it is written. RocksDB leaves that of the first in
/// the header of the batch's log record: eight bytes, least significant first.
Sequence sequence_of(const rocksdb::WriteBatch& written) {
  Sequence first = 0;
  for (int i = 7; i >= 0; --i) {
    first = first << 8 | static_cast<unsigned char>(written.Data()[static_cast<std::size_t>(i)]);
  }
  STATOR_CHECK(first != 0);
  return first + written.Count() - 1;
}

Result<Sequence> RocksStore::write(Batch batch) {
  if (syncer_->has_failed()) return store_failed();
  auto changes = to_rocks(batch, handles_);
  if (changes.Count() == 0) return last();
  WriteMarks::Writing writing(marks_, batch);
  const auto status = database_->Write(rocksdb::WriteOptions(), &changes);
  if (!status.ok()) {
    // What the log holds now is unknown, so nothing may be added to it.
    syncer_->fail();
    return store_failed();
  }
  const Sequence sequence = sequence_of(changes);
  writing.finish(sequence);
  drop_log_tables(batch);
  return sequence;
}

void RocksStore::drop_log_tables(const Batch& batch) {
  for (const auto& change : batch.changes()) {
    if (change.kind != Batch::Change::Kind::kEraseRange || change.family != Family::kLogs) continue;
    if (change.key >= change.value) continue;
    const rocksdb::Slice begin(change.key);
    const rocksdb::Slice end(change.value);
    // The range is erased already: what remains of it goes with the next compaction.
    rocksdb::DeleteFilesInRange(database_.get(), handle(Family::kLogs), &begin, &end, false)
        .PermitUncheckedError();
  }
}

Result<void> RocksStore::checkpoint(const std::filesystem::path& directory) {
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(database_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(directory.string());
  if (status.IsInvalidArgument()) return conflict(directory.string() + " exists already");
  if (!status.ok()) return rocks_error(status);
  return {};
}

/// A log is there until all that it holds stands in tables.
std::size_t count_logs(const std::filesystem::path& directory) {
  std::error_code error;
  std::size_t logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    logs += entry.path().extension() == ".log" ? 1 : 0;
  }
  return logs;
}

[[noreturn]] void refuse(const std::filesystem::path& directory, const rocksdb::Status& status) {
  if (status.IsCorruption()) {
    throw ConfigError("the database in " + directory.string() + " is damaged (" +
                      status.ToString() +
                      "); restore the data directory from a snapshot or backup, or move it away "
                      "to start empty");
  }
  throw ConfigError("cannot open the database in " + directory.string() + ": " + status.ToString());
}

}  // namespace

std::unique_ptr<Store> open_rocks_store(const std::filesystem::path& directory,
                                        Durability durability, const RocksPlace& place) {
  const auto cache = make_block_cache(place.budget);
  std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions()}};
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    families.emplace_back(std::string(kFamilyNames[i]),
                          family_options(static_cast<Family>(i), cache));
    if (place.write_buffer_bytes != 0) {
      families.back().options.write_buffer_size = place.write_buffer_bytes;
    }
  }
  auto options = database_options(place.budget, cache);
  auto ground = std::make_unique<RocksStore::Ground>(
      durability == Durability::kFsync ? LogSync::Hold::kUntilSync : LogSync::Hold::kNothing);
  ground->environment = rocksdb::NewCompositeEnv(
      ground->logs.watch(place.files ? place.files : rocksdb::FileSystem::Default()));
  options.env = ground->environment.get();
  // Keeping what the logs give back in memory, instead of writing tables of it, makes opening fast;
  // but each start leaves a log more to read, so now and then the tables are written.
  options.avoid_flush_during_recovery = count_logs(directory) < kLogsMax;
  rocksdb::DB* opened = nullptr;
  RocksStore::Handles handles;
  const auto status = rocksdb::DB::Open(options, directory.string(), families, &handles, &opened);
  std::unique_ptr<rocksdb::DB> database(opened);
  if (!status.ok()) refuse(directory, status);
  // RocksDB insists on its default family; it stays empty.
  database->DestroyColumnFamilyHandle(handles.front()).PermitUncheckedError();
  handles.erase(handles.begin());
  return std::make_unique<RocksStore>(std::move(ground), std::move(database), std::move(handles),
                                      durability);
}

}  // namespace stator::storage
