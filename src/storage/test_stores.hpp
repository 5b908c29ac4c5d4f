#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>

#include "storage/store.hpp"

/// The kinds of store that the shared suite runs on.
namespace stator::storage {

/// A fresh directory that goes with this object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "stator-storage-XXXXXX").string();
    STATOR_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct MemoryFactory {
  std::unique_ptr<Store> open() { return make_memory_store(); }
};

template <Durability kDurability>
struct RocksFactory {
  std::unique_ptr<Store> open() { return open_store(directory.path(), kDurability); }
  TemporaryDirectory directory;
};

using StoreFactories = testing::Types<MemoryFactory, RocksFactory<Durability::kFsync>,
                                      RocksFactory<Durability::kAsync>>;

}  // namespace stator::storage
