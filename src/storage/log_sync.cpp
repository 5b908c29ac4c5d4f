#include "storage/log_sync.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "storage/rocks_iterator.hpp"

namespace stator::storage {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

namespace {
/// An appender that finds more held than this writes it out itself, and waits for a sync that is
/// under way: memory stays bounded, and writers cannot outrun the disk.
constexpr std::size_t kHeldBytesMax = 1u << 20;
}  // namespace

/// A log that is open for writing.
struct LogSync::Log {
  std::atomic<std::uint64_t> written = 0;
  std::mutex mutex;                         ///< held over each sync and over the end
  rocksdb::FSWritableFile* file = nullptr;  ///< guarded by `mutex`; null once it is closed
  std::uint64_t synced = 0;                 ///< guarded by `mutex`
  std::string writing;                      ///< guarded by `mutex`: on its way to the file
  /// The directory that holds the log's name, until the name is on disk. Guarded by `mutex`.
  std::unique_ptr<rocksdb::FSDirectory> directory = {};

  std::mutex holding;  ///< taken last, for a moment
  std::string held;    ///< guarded by `holding`: appended and not in the file
};

class LogSync::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::shared_ptr<Log> log, LogSync& owner)
      : FSWritableFileOwnerWrapper(std::move(file)), log_(std::move(log)), owner_(owner) {}
  ~File() override { end(); }

  IOStatus Append(const rocksdb::Slice& data, const IOOptions&, IODebugContext*) override {
    return owner_.append(*log_, data);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions&,
                  const rocksdb::DataVerificationInfo&, IODebugContext*) override {
    return owner_.append(*log_, data);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return owner_.sync(*log_); }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return owner_.sync(*log_); }
  // RocksDB closes a log when a new one takes over, which somebody may still wait for.
  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    auto synced = owner_.sync(*log_);
    end();
    auto closed = FSWritableFileOwnerWrapper::Close(options, context);
    return synced.ok() ? closed : synced;
  }

 private:
  void end() {
    owner_.forget(log_.get());
    const std::scoped_lock lock(log_->mutex);
    log_->file = nullptr;
  }

  std::shared_ptr<Log> log_;
  LogSync& owner_;
};

/// Stands for a log that the disk refused to make: the first append meets the refusal. RocksDB 7.8
/// forgets a reference to a column family when it cannot make a log while the memtables of several
/// are full (DBImpl::ScheduleFlushes leaves its loop early), and then fails an assertion when the
/// database is closed; a failed append it takes well.
class LogSync::LostLog final : public rocksdb::FSWritableFile {
 public:
  explicit LostLog(IOStatus why) : why_(std::move(why)) {}

  using FSWritableFile::Append;
  IOStatus Append(const rocksdb::Slice&, const IOOptions&, IODebugContext*) override {
    return why_;
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return why_; }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return 0; }

 private:
  const IOStatus why_;
};

class LogSync::Files final : public rocksdb::FileSystemWrapper {
 public:
  Files(std::shared_ptr<rocksdb::FileSystem> files, LogSync& owner)
      : FileSystemWrapper(std::move(files)), owner_(owner) {}
  const char* Name() const override { return "stator::storage::LogSync"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* context) override {
    const std::filesystem::path name(path);
    auto status = target()->NewWritableFile(path, options, file, context);
    if (name.extension() != ".log") return status;
    if (status.ok()) status = watch_log(name.parent_path().string(), *file, context);
    if (status.ok()) return status;
    owner_.fail();
    *file = std::make_unique<LostLog>(std::move(status));
    return IOStatus::OK();
  }

 private:
  IOStatus watch_log(const std::string& directory, std::unique_ptr<rocksdb::FSWritableFile>& file,
                     IODebugContext* context) {
    auto log = std::make_shared<Log>();
    log->file = file.get();
    const auto status = target()->NewDirectory(directory, IOOptions(), &log->directory, context);
    if (!status.ok()) return status;
    file = std::make_unique<File>(std::move(file), log, owner_);
    const std::scoped_lock lock(owner_.mutex_);
    owner_.logs_.push_back(std::move(log));
    return status;
  }

  LogSync& owner_;
};

LogSync::LogSync(Hold hold) : hold_(hold) {}
LogSync::~LogSync() = default;

std::shared_ptr<rocksdb::FileSystem> LogSync::watch(std::shared_ptr<rocksdb::FileSystem> files) {
  return std::make_shared<Files>(std::move(files), *this);
}

Result<void> LogSync::sync() {
  std::vector<std::shared_ptr<Log>> logs;
  {
    const std::scoped_lock lock(mutex_);
    if (has_failed_) return rocks_error(IOStatus::IOError("an earlier sync has failed"));
    logs = logs_;
  }
  for (const auto& log : logs) {
    const IOStatus status = sync(*log);
    if (!status.ok()) return rocks_error(status);
  }
  return {};
}

IOStatus LogSync::append(Log& log, const rocksdb::Slice& data) {
  std::size_t held = 0;
  {
    const std::scoped_lock lock(log.holding);
    log.held.append(data.data(), data.size());
    held = log.held.size();
  }
  log.written += data.size();
  if (hold_ == Hold::kUntilSync && held <= kHeldBytesMax) return IOStatus::OK();
  const std::scoped_lock lock(log.mutex);
  return write_held(log);
}

/// The caller holds `log.mutex`.
IOStatus LogSync::write_held(Log& log) {
  log.writing.clear();
  {
    const std::scoped_lock lock(log.holding);
    log.writing.swap(log.held);
  }
  if (log.writing.empty()) return IOStatus::OK();
  IOStatus status = log.file->Append(log.writing, IOOptions(), nullptr);
  if (!status.ok()) fail();
  return status;
}

IOStatus LogSync::sync(Log& log) {
  const std::scoped_lock lock(log.mutex);
  if (log.file == nullptr) return IOStatus::OK();
  const std::uint64_t written = log.written;
  if (written == log.synced) return IOStatus::OK();
  IOStatus status = write_held(log);
  if (status.ok()) status = log.file->Sync(IOOptions(), nullptr);
  if (status.ok() && log.directory) {
    status = log.directory->Fsync(IOOptions(), nullptr);
    if (status.ok()) log.directory.reset();
  }
  if (status.ok()) {
    log.synced = written;
  } else {
    fail();
  }
  return status;
}

/// What was in the file's way is lost, so nothing may be taken for durable any more.
void LogSync::fail() {
  const std::scoped_lock lock(mutex_);
  has_failed_ = true;
}

void LogSync::forget(const Log* log) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(logs_, [&](const auto& open) { return open.get() == log; });
}

}  // namespace stator::storage
