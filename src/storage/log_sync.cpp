#include "storage/log_sync.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "storage/rocks_iterator.hpp"

namespace stator::storage {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

/// A log that is open for writing.
struct LogSync::Log {
  std::atomic<std::uint64_t> written = 0;
  std::mutex mutex;                         ///< held over each sync and over the end
  rocksdb::FSWritableFile* file = nullptr;  ///< guarded by `mutex`; null once it is closed
  std::uint64_t synced = 0;                 ///< guarded by `mutex`
  /// The directory that holds the log's name, until the name is on disk. Guarded by `mutex`.
  std::unique_ptr<rocksdb::FSDirectory> directory = {};
};

class LogSync::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::shared_ptr<Log> log, LogSync& owner)
      : FSWritableFileOwnerWrapper(std::move(file)), log_(std::move(log)), owner_(owner) {}
  ~File() override { end(); }

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* context) override {
    auto status = FSWritableFileOwnerWrapper::Append(data, options, context);
    if (status.ok()) log_->written += data.size();
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& verification,
                  IODebugContext* context) override {
    auto status = FSWritableFileOwnerWrapper::Append(data, options, verification, context);
    if (status.ok()) log_->written += data.size();
    return status;
  }
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

class LogSync::Files final : public rocksdb::FileSystemWrapper {
 public:
  Files(std::shared_ptr<rocksdb::FileSystem> files, LogSync& owner)
      : FileSystemWrapper(std::move(files)), owner_(owner) {}
  const char* Name() const override { return "stator::storage::LogSync"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* context) override {
    auto status = target()->NewWritableFile(path, options, file, context);
    const std::filesystem::path name(path);
    if (!status.ok() || name.extension() != ".log") return status;
    auto log = std::make_shared<Log>();
    log->file = file->get();
    status =
        target()->NewDirectory(name.parent_path().string(), IOOptions(), &log->directory, context);
    if (!status.ok()) return status;
    *file = std::make_unique<File>(std::move(*file), log, owner_);
    const std::scoped_lock lock(owner_.mutex_);
    owner_.logs_.push_back(std::move(log));
    return status;
  }

 private:
  LogSync& owner_;
};

LogSync::LogSync() = default;
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

IOStatus LogSync::sync(Log& log) {
  const std::scoped_lock lock(log.mutex);
  if (log.file == nullptr) return IOStatus::OK();
  const std::uint64_t written = log.written;
  if (written == log.synced) return IOStatus::OK();
  IOStatus status = log.file->Sync(IOOptions(), nullptr);
  if (status.ok() && log.directory) {
    status = log.directory->Fsync(IOOptions(), nullptr);
    if (status.ok()) log.directory.reset();
  }
  if (status.ok()) {
    log.synced = written;
  } else {
    const std::scoped_lock failing(mutex_);
    has_failed_ = true;
  }
  return status;
}

void LogSync::forget(const Log* log) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(logs_, [&](const auto& open) { return open.get() == log; });
}

}  // namespace stator::storage
