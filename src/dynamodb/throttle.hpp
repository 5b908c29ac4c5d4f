#pragma once

#include <map>
#include <mutex>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

/// A token bucket of capacity units: fills at the provisioned rate and keeps at most five minutes'
/// worth of what was not used, as AWS does. A request is let in while there is anything left and
/// then takes all it needs, so the bucket may go below zero and later requests pay for it.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
class UnitBucket {
 public:
  static constexpr std::chrono::seconds kBurst{300};

  /// Begins with one second's worth.
  UnitBucket(std::int64_t units_per_s, SteadyTime now);
  /// A changed rate; what is there stays, as far as the new burst allows.
  void set_rate(std::int64_t units_per_s, SteadyTime now);
  [[nodiscard]] bool has_any(SteadyTime now);
  void take(double units, SteadyTime now);

 private:
  void refill(SteadyTime now);

  double units_per_s_;
  double units_;
  SteadyTime filled_;
};

/// Enforces provisioned throughput, where that is wished (`--capacity enforce`); tables on demand
/// are never limited. All calls may come from any thread.
class Throttle {
 public:
  Throttle(const Clock& clock, bool is_enforced) : clock_(clock), is_enforced_(is_enforced) {}

  /// Whether the table is limited at all.
  [[nodiscard]] bool applies(const Table& table) const {
    return is_enforced_ && !table.is_on_demand;
  }
  /// ProvisionedThroughputExceededException when the table (or the index, when there is one) has no
  /// units left.
  [[nodiscard]] Result<void> admit_read(const Table& table, const Index* index = nullptr);
  /// The same for the table and every global index: a write may touch all of them.
  [[nodiscard]] Result<void> admit_write(const Table& table);
  /// Takes what an admitted request has cost.
  void charge_read(const Table& table, const ConsumedCapacity& consumed);
  void charge_write(const Table& table, const ConsumedCapacity& consumed);
  /// A table that is gone, or an index.
  void forget(TableId id);

 private:
  struct Buckets {
    UnitBucket read;
    UnitBucket write;
  };

  /// A local index shares its table's units. The caller holds `mutex_`.
  [[nodiscard]] Buckets& buckets(const Table& table, const Index* index);
  void charge(const Table& table, const ConsumedCapacity& consumed, UnitBucket Buckets::*bucket);

  const Clock& clock_;
  const bool is_enforced_;
  std::mutex mutex_;
  std::map<TableId, Buckets> buckets_;  ///< by the table's or index's id; guarded by mutex_
};

}  // namespace stator::dynamodb
