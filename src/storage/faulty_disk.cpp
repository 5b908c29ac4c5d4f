#include "storage/faulty_disk.hpp"

#include <rocksdb/file_system.h>

#include <fstream>
#include <map>
#include <mutex>

#include "base/error.hpp"
#include "storage/rocks_store.hpp"

namespace stator::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::size_t kWriteBufferBytes = 64 * 1'024;

/// What is known of a file that was written.
struct FileState {
  std::uint64_t size = 0;
  std::uint64_t synced = 0;
};

/// The disk's memory: shared by the files, which may outlive a test's plan.
class Disk {
 public:
  explicit Disk(std::uint64_t seed) : random_(seed) {}

  /// Before each operation that changes the disk.
  IOStatus check() {
    const std::scoped_lock lock(mutex_);
    if (is_without_power_) return IOStatus::IOError("the power is cut");
    if (left_ == 0) return failure();
    if (left_ != kNever) --left_;
    return IOStatus::OK();
  }
  void created(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    files_[path] = {};
  }
  void appended(const std::string& path, std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    files_[path].size += bytes;
  }
  void truncated(const std::string& path, std::uint64_t size) {
    const std::scoped_lock lock(mutex_);
    FileState& file = files_[path];
    file.size = size;
    file.synced = std::min(file.synced, size);
  }
  void synced(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    files_[path].synced = files_[path].size;
  }
  void renamed(const std::string& from, const std::string& to) {
    const std::scoped_lock lock(mutex_);
    auto node = files_.extract(from);
    files_.erase(to);
    if (node.empty()) return;
    node.key() = to;
    files_.insert(std::move(node));
  }
  void deleted(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    files_.erase(path);
  }

  void cut_power() {
    const std::scoped_lock lock(mutex_);
    is_without_power_ = true;
  }
  void restore_power() {
    const std::scoped_lock lock(mutex_);
    for (auto& [path, file] : files_) {
      if (file.size > file.synced && std::filesystem::exists(path)) lose_tail(path, file);
    }
    is_without_power_ = false;
  }
  void fail_after(std::uint64_t operations, FaultyDisk::Fault fault) {
    const std::scoped_lock lock(mutex_);
    left_ = operations;
    fault_ = fault;
  }
  void heal() { fail_after(kNever, FaultyDisk::Fault::kIoError); }

 private:
  static constexpr std::uint64_t kNever = UINT64_MAX;

  IOStatus failure() const {
    return fault_ == FaultyDisk::Fault::kNoSpace ? IOStatus::NoSpace("no space left")
                                                 : IOStatus::IOError("input/output error");
  }

  void lose_tail(const std::string& path, FileState& file) {
    const std::uint64_t kept = random_.below(file.size - file.synced + 1);
    std::filesystem::resize_file(path, file.synced + kept);
    if (kept > 0 && random_.below(2) == 0) {
      std::fstream garbled(path, std::ios::in | std::ios::out | std::ios::binary);
      garbled.seekp(static_cast<std::streamoff>(file.synced + random_.below(kept)));
      garbled.put(static_cast<char>(random_.below(256)));
    }
    file.size = file.synced = file.synced + kept;
  }

  std::mutex mutex_;
  SeededRandom random_;
  std::map<std::string, FileState> files_;
  bool is_without_power_ = false;
  std::uint64_t left_ = kNever;
  FaultyDisk::Fault fault_ = FaultyDisk::Fault::kIoError;
};

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::string path, Disk& disk)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), disk_(disk) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* context) override {
    if (auto refused = disk_.check(); !refused.ok()) return refused;
    auto status = FSWritableFileOwnerWrapper::Append(data, options, context);
    if (status.ok()) disk_.appended(path_, data.size());
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options,
                    IODebugContext* context) override {
    if (auto refused = disk_.check(); !refused.ok()) return refused;
    auto status = FSWritableFileOwnerWrapper::Truncate(size, options, context);
    if (status.ok()) disk_.truncated(path_, size);
    return status;
  }
  // The bytes need not reach the real disk: this one's memory decides what survives.
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return sync(); }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return sync(); }
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  IOStatus sync() {
    if (auto refused = disk_.check(); !refused.ok()) return refused;
    disk_.synced(path_);
    return IOStatus::OK();
  }

  std::string path_;
  Disk& disk_;
};

/// Names always survive here, so there is nothing to put on the real disk.
class FaultyDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyDirectory(std::unique_ptr<rocksdb::FSDirectory>&& directory, Disk& disk)
      : FSDirectoryWrapper(std::move(directory)), disk_(disk) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return disk_.check(); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*,
                               const rocksdb::DirFsyncOptions&) override {
    return disk_.check();
  }

 private:
  Disk& disk_;
};

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(Disk& disk)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(disk) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* context) override {
    if (auto refused = disk_.check(); !refused.ok()) return refused;
    auto status = target()->NewWritableFile(path, options, file, context);
    if (!status.ok()) return status;
    disk_.created(path);
    *file = std::make_unique<FaultyFile>(std::move(*file), path, disk_);
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext* context) override {
    auto status = target()->NewDirectory(path, options, directory, context);
    if (status.ok()) *directory = std::make_unique<FaultyDirectory>(std::move(*directory), disk_);
    return status;
  }
  IOStatus ReopenWritableFile(const std::string&, const rocksdb::FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return IOStatus::NotSupported("a faulty disk reopens no files");
  }
  IOStatus ReuseWritableFile(const std::string&, const std::string&, const rocksdb::FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return IOStatus::NotSupported("a faulty disk reuses no files");
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* context) override {
    if (auto refused = disk_.check(); !refused.ok()) return refused;
    auto status = target()->DeleteFile(path, options, context);
    if (status.ok()) disk_.deleted(path);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* context) override {
    if (auto refused = disk_.check(); !refused.ok()) return refused;
    auto status = target()->RenameFile(from, to, options, context);
    if (status.ok()) disk_.renamed(from, to);
    return status;
  }

 private:
  Disk& disk_;
};

}  // namespace

struct FaultyDisk::Impl {
  explicit Impl(std::uint64_t seed) : disk(seed), files(std::make_shared<FaultyFileSystem>(disk)) {}
  Disk disk;
  std::shared_ptr<rocksdb::FileSystem> files;
};

FaultyDisk::FaultyDisk(std::uint64_t seed) : impl_(std::make_unique<Impl>(seed)) {}
FaultyDisk::~FaultyDisk() = default;

std::unique_ptr<Store> FaultyDisk::open(const std::filesystem::path& data) {
  const auto directory = data / "db";
  std::filesystem::create_directories(directory);
  return open_rocks_store(directory, Durability::kFsync, {impl_->files, kWriteBufferBytes});
}

void FaultyDisk::cut_power() {
  impl_->disk.cut_power();
}
void FaultyDisk::restore_power() {
  impl_->disk.restore_power();
}
void FaultyDisk::fail_after(std::uint64_t operations, Fault fault) {
  impl_->disk.fail_after(operations, fault);
}
void FaultyDisk::heal() {
  impl_->disk.heal();
}

}  // namespace stator::storage
