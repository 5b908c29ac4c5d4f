#pragma once

#include <rocksdb/options.h>

#include <array>
#include <string_view>

#include "storage/store.hpp"

namespace stator::storage {

/// The column family that holds a Family, in the order of the enumeration. On disk: never rename.
inline constexpr std::array<std::string_view, kFamilyCount> kFamilyNames = {
    "meta", "items", "index", "streams", "ttl", "logs", "history"};

/// How RocksDB is tuned: for point reads and small durable writes on a machine that is shared.
[[nodiscard]] rocksdb::DBOptions database_options();
/// `cache` holds the blocks of all families.
[[nodiscard]] rocksdb::ColumnFamilyOptions family_options(
    Family family, const std::shared_ptr<rocksdb::Cache>& cache);
[[nodiscard]] std::shared_ptr<rocksdb::Cache> make_block_cache();

}  // namespace stator::storage
