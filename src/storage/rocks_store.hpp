#pragma once

#include <filesystem>
#include <memory>

#include "storage/store.hpp"

namespace stator::storage {

/// Opens or makes the database in `directory`. Throws ConfigError when it is damaged or cannot be
/// opened.
[[nodiscard]] std::unique_ptr<Store> open_rocks_store(const std::filesystem::path& directory,
                                                      Durability durability);

}  // namespace stator::storage
