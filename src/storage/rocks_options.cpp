#include "storage/rocks_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>

namespace stator::storage {
namespace {

constexpr std::size_t kMebibyte = 1u << 20;

rocksdb::CompressionType compression() {
  const auto supported = rocksdb::GetSupportedCompressions();
  const bool has_lz4 =
      std::find(supported.begin(), supported.end(), rocksdb::kLZ4Compression) != supported.end();
  return has_lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

/// A memtable takes memory as it fills and never more than this, twice over while it is flushed.
std::size_t write_buffer_bytes(Family family) {
  switch (family) {
    case Family::kItems:
      return 16 * kMebibyte;
    case Family::kIndex:
    case Family::kStreams:
    case Family::kLogs:
    case Family::kHistory:
      return 8 * kMebibyte;
    case Family::kMeta:
    case Family::kTtl:
      break;
  }
  return 4 * kMebibyte;
}

}  // namespace

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // One thread to flush, one to compact: the cores belong to the requests.
  options.max_background_jobs = 2;
  // A family that is rarely written keeps old logs alive until it is flushed; this forces it.
  options.max_total_wal_size = 64 * kMebibyte;
  // Bounds descriptors, and with them the indexes and filters that open tables keep in memory.
  options.max_open_files = 512;
  // After a power loss the unsynced tail of the log may be torn anywhere: recover up to the first
  // tear. Every acknowledged write stands before it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // Opening makes no threads of its own (16 by default) and reads no table that it need not.
  options.max_file_opening_threads = 1;
  options.skip_stats_update_on_db_open = true;
  options.bytes_per_sync = kMebibyte;
  // No statistics thread: an idle store does nothing.
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = kMebibyte;
  options.max_manifest_file_size = 16 * kMebibyte;
  return options;
}

std::shared_ptr<rocksdb::Cache> make_block_cache() {
  return rocksdb::NewLRUCache(64 * kMebibyte);
}

rocksdb::ColumnFamilyOptions family_options(Family family,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = write_buffer_bytes(family);
  options.compression = compression();
  options.level_compaction_dynamic_level_bytes = true;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  // Log events and stream records are only ever scanned; everything else is also read by key, and
  // a filter answers for the tables that lack the key (0.4 against 5 microseconds).
  if (family != Family::kLogs && family != Family::kStreams && family != Family::kHistory) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.whole_key_filtering = true;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace stator::storage
