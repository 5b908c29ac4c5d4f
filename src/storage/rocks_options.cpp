#include "storage/rocks_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

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
    // Finding the place for a write costs a cache miss for each doubling of what is there already.
    case Family::kItems:
    case Family::kIndex:
    case Family::kStreams:
    case Family::kLogs:
    case Family::kHistory:
    // Most events are gone before they would be flushed.
    case Family::kEvents:
      return 8 * kMebibyte;
    case Family::kMeta:
    case Family::kTtl:
      break;
  }
  return 4 * kMebibyte;
}

}  // namespace

rocksdb::DBOptions database_options(const Budget& budget,
                                    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions options;
  // Writes that wait in memory take their room from the cache, and a quarter of it at most: past
  // that the fullest family is flushed.
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(budget.memory_bytes / 4, cache);
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // While one group of writes goes to the memtables the next goes to the log. Two threads in one
  // memtable slow each other more than they gain, with writes of a kilobyte on a few cores.
  options.enable_pipelined_write = true;
  options.allow_concurrent_memtable_write = false;
  // One thread to flush, one to compact: the cores belong to the requests.
  options.max_background_jobs = 2;
  // A family that is rarely written keeps old logs alive until it is flushed; this forces it. It
  // also bounds what a start has to read again, which is a third of a second.
  options.max_total_wal_size = 32 * kMebibyte;
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

std::shared_ptr<rocksdb::Cache> make_block_cache(const Budget& budget) {
  rocksdb::LRUCacheOptions options;
  options.capacity = budget.memory_bytes;
  // Indexes and filters are asked for at every read; a scan must not push them out.
  options.high_pri_pool_ratio = 0.5;
  return rocksdb::NewLRUCache(options);
}

rocksdb::ColumnFamilyOptions family_options(Family family,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = write_buffer_bytes(family);
  options.compression = compression();
  options.level_compaction_dynamic_level_bytes = true;
  // Erased ranges of log events give back the tables that lie within them: small ones more often.
  if (family == Family::kLogs) options.target_file_size_base = 8 * kMebibyte;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // Outside the cache their memory would grow with the data, without a bound.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
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
