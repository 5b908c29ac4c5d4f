#pragma once

#include <filesystem>
#include <memory>

#include "storage/budget.hpp"

namespace rocksdb {
class FileSystem;
}

namespace stator::storage {

/// Where a database lies, where that is not the machine's own disk, and what it may use.
struct RocksPlace {
  std::shared_ptr<rocksdb::FileSystem> files = {};  ///< null: the machine's
  std::size_t write_buffer_bytes = 0;               ///< of each family; 0: as rocks_options says
  Budget budget = {};
};

/// Opens or makes the database in `directory`. Throws ConfigError when it is damaged or cannot be
/// opened.
[[nodiscard]] std::unique_ptr<Store> open_rocks_store(const std::filesystem::path& directory,
                                                      Durability durability,
                                                      const RocksPlace& place = {});

}  // namespace stator::storage
