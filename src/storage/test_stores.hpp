#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "storage/store.hpp"

/// The kinds of store that the shared suite runs on.
namespace stator::storage {

struct MemoryFactory {
  std::unique_ptr<Store> open() { return make_memory_store(); }
};

using StoreFactories = testing::Types<MemoryFactory>;

}  // namespace stator::storage
