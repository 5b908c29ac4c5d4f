#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "storage/store.hpp"

namespace stator::storage {

/// What a store on disk may keep in memory: cached blocks with their indexes and filters, and
/// writes that are not in tables yet. One bound for all of them together; what is used for one is
/// taken from the others. A single large value, and a moment's excess while blocks are in use, come
/// on top.
struct Budget {
  std::size_t memory_bytes = std::size_t{256} << 20;
};
/// Less is refused: the blocks that one read needs, times the threads that read.
inline constexpr std::size_t kMemoryBytesMin = std::size_t{32} << 20;

/// As open_store() of store.hpp, which takes the default. A MemoryStore has no bound: it holds what
/// it is given.
[[nodiscard]] std::unique_ptr<Store> open_store(const std::filesystem::path& data,
                                                Durability durability, const Budget& budget);

}  // namespace stator::storage
