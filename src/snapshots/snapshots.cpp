#include "snapshots/snapshots.hpp"

#include "snapshots/ops/ops.hpp"

namespace stator::snapshots {

Result<storage::DataSnapshot> Snapshots::create(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return files_.create(name, store_, clock_.wall());
}

Result<std::vector<storage::DataSnapshot>> Snapshots::list() const {
  const std::lock_guard lock(mutex_);
  return files_.list();
}

Result<void> Snapshots::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return files_.remove(name);
}

void add_snapshot_operations(aws::Service& service, Snapshots& snapshots) {
  service.operations.push_back(ops::create_snapshot(snapshots));
  service.operations.push_back(ops::delete_snapshot(snapshots));
  service.operations.push_back(ops::list_snapshots(snapshots));
}

}  // namespace stator::snapshots
