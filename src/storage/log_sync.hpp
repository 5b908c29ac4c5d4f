#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <mutex>
#include <vector>

#include "base/result.hpp"

namespace stator::storage {

/// Puts RocksDB's write-ahead logs on disk, beside RocksDB. DB::SyncWAL() may not be used: after a
/// failed append it runs into an assertion of RocksDB (Debian builds with them) before anybody can
/// know of the failure. Here appends and syncs of a log know nothing of each other, as the kernel
/// has it. Any thread may call.
///
/// With kUntilSync what is appended stays in this process until the next sync, which is when the
/// first caller may be told of it: one system call then serves all that share the sync.
class LogSync {
 public:
  enum class Hold { kNothing, kUntilSync };

  explicit LogSync(Hold hold);
  ~LogSync();
  LogSync(const LogSync&) = delete;

  /// `files`, with an eye on the logs. The answer outlives whoever uses it; this object outlives
  /// every file that was opened through it.
  [[nodiscard]] std::shared_ptr<rocksdb::FileSystem> watch(
      std::shared_ptr<rocksdb::FileSystem> files);

  /// Puts on disk what the logs hold at the moment of the call. After the first failure it fails
  /// forever: what a failed sync left in the kernel's cache may be gone.
  [[nodiscard]] Result<void> sync();

 private:
  struct Log;
  class File;
  class LostLog;
  class Files;

  [[nodiscard]] rocksdb::IOStatus append(Log& log, const rocksdb::Slice& data);
  [[nodiscard]] rocksdb::IOStatus write_held(Log& log);
  [[nodiscard]] rocksdb::IOStatus sync(Log& log);
  void fail();
  void forget(const Log* log);

  const Hold hold_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Log>> logs_;  ///< guarded by mutex_: those that are open
  bool has_failed_ = false;                 ///< guarded by mutex_
};

}  // namespace stator::storage
