#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "storage/budget.hpp"
#include "storage/rocks_store.hpp"

namespace stator::storage {

std::unique_ptr<Store> open_store(const std::filesystem::path& data, Durability durability) {
  return open_store(data, durability, Budget());
}

std::unique_ptr<Store> open_store(const std::filesystem::path& data, Durability durability,
                                  const Budget& budget) {
  if (durability == Durability::kMemory) return make_memory_store();
  const auto directory = data / "db";
  // RocksDB makes its files readable to all; the directory keeps others out.
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    throw ConfigError("cannot create " + directory.string() + ": " + std::strerror(errno));
  }
  RocksPlace place;
  place.budget = budget;
  return open_rocks_store(directory, durability, place);
}

}  // namespace stator::storage
