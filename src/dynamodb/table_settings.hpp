#pragma once

#include <optional>
#include <string>

#include "dynamodb/table_request.hpp"

/// Judges what requests ask of tables beside keys and indexes: throughput and encryption.
namespace stator::dynamodb {

/// What on-demand tables and indexes serve from the start.
inline constexpr Throughput kOnDemandWarm = {12'000, 4'000};

/// Refuses provisioned units above AWS's bound.
[[nodiscard]] Result<void> check_bounds(const Throughput& throughput);

struct DetailsRules {
  std::string index = {};  ///< its name; "" for the table itself
  bool is_on_demand = false;
  Throughput provisioned = {};
  bool is_new = false;  ///< limits of what is new cannot be taken back by -1
};
/// Merges OnDemandThroughput and WarmThroughput into what there is.
[[nodiscard]] Result<void> apply_details(const ThroughputRequest& request,
                                         const DetailsRules& rules, ThroughputDetails& details);

/// What a table or index serves at once: never less than it once could.
[[nodiscard]] Throughput warm_throughput(bool is_on_demand, const Throughput& provisioned,
                                         const ThroughputDetails& details);

/// Sets provisioned units and keeps count of decreases, which AWS limits: four a UTC day, then one
/// an hour. LimitExceededException beyond that.
[[nodiscard]] Result<void> change_provisioned(const Throughput& wanted, WallTime now,
                                              Throughput& current, ThroughputDetails& details);

/// The decreases that count on the day of `now`.
[[nodiscard]] std::int64_t decreases_today(const ThroughputDetails& details, WallTime now);

/// Leaves in `table` only what counts at `now`, as DescribeTable shows it.
void forget_old_decreases(Table& table, WallTime now);

/// Whether the service's KMS key is asked for. A key of the caller's own is refused by name: there
/// is no KMS to hold it.
[[nodiscard]] Result<bool> wants_managed_key(const EncryptionRequest& request);

}  // namespace stator::dynamodb
