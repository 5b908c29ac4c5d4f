#pragma once

#include <rocksdb/options.h>

#include <array>
#include <string_view>

#include "storage/budget.hpp"
#include "storage/store.hpp"

namespace stator::storage {

/// The column family that holds a Family, in the order of the enumeration. On disk: never rename.
inline constexpr std::array<std::string_view, kFamilyCount> kFamilyNames = {
    "meta", "items", "index", "streams", "ttl", "logs", "history", "events"};

/// How RocksDB is tuned: for point reads and small durable writes on a machine that is shared.
[[nodiscard]] rocksdb::DBOptions database_options(const Budget& budget,
                                                  const std::shared_ptr<rocksdb::Cache>& cache);
/// `cache` holds the blocks of all families, their indexes and filters, and room for what waits in
/// memory to be written: all that the budget is for.
[[nodiscard]] rocksdb::ColumnFamilyOptions family_options(
    Family family, const std::shared_ptr<rocksdb::Cache>& cache);
[[nodiscard]] std::shared_ptr<rocksdb::Cache> make_block_cache(const Budget& budget);

}  // namespace stator::storage
