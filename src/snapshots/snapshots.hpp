#pragma once

#include <mutex>

#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "storage/data_snapshots.hpp"
#include "storage/store.hpp"

/// Snapshots of the whole server, taken while it runs.
namespace stator::snapshots {

/// The running server's data directory and what is open in it. Any thread; one change at a time.
class Snapshots {
 public:
  Snapshots(std::filesystem::path data, storage::Store& store, const Clock& clock)
      : files_(std::move(data)), store_(store), clock_(clock) {}

  /// As storage::DataSnapshots; kUnsupported where the store is in memory.
  [[nodiscard]] Result<storage::DataSnapshot> create(const std::string& name);
  [[nodiscard]] Result<std::vector<storage::DataSnapshot>> list() const;
  [[nodiscard]] Result<void> remove(const std::string& name);

 private:
  mutable std::mutex mutex_;
  storage::DataSnapshots files_;
  storage::Store& store_;
  const Clock& clock_;
};

/// CreateSnapshot, DeleteSnapshot and ListSnapshots, for stator's own service.
void add_snapshot_operations(aws::Service& service, Snapshots& snapshots);

}  // namespace stator::snapshots
