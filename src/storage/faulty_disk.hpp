#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/random.hpp"
#include "storage/store.hpp"

namespace stator::storage {

/// A disk that loses power and fails when a test says so, under a real RocksStore. What was written
/// but not synced when the power went is cut off at a random place, and what survives of it may be
/// garbled: a power cut promises no more. A file's name survives. Any thread may call.
class FaultyDisk {
 public:
  enum class Fault { kIoError, kNoSpace };

  /// `seed` decides what is lost.
  explicit FaultyDisk(std::uint64_t seed);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;

  /// As open_store() with fsync, with memtables so small that tables are written often. The disk
  /// outlives the store.
  [[nodiscard]] std::unique_ptr<Store> open(const std::filesystem::path& data);

  /// From now on nothing reaches the disk. Destroy the store, then restore_power().
  void cut_power();
  /// The disk is as after the cut, and works again.
  void restore_power();

  /// The `operations`-th write or sync from now on fails, and all after it, until heal().
  void fail_after(std::uint64_t operations, Fault fault);
  void heal();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::storage
