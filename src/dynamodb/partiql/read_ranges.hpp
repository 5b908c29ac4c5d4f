#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/partiql/execute.hpp"
#include "storage/store.hpp"

namespace stator::dynamodb::partiql {

/// A range of keys to read, and whether its items have to be filtered.
struct RangeRead {
  std::string partition;  ///< its bytes in keys, which order as it does; "" when scanning
  storage::Range keys;
  bool has_filter = false;
  bool has_negated_sort = false;
  storage::Range partition_keys = {};  ///< of the whole partition
};

/// The ranges of a SELECT, none of which meets another, in the order in which they are to be read.
struct ReadRanges {
  std::vector<RangeRead> reads = {};
  bool is_forward = true;
};

/// Reads by key where `where`, the statement's clause, fixes the partition; else one of everything.
/// AWS's error for an ORDER BY that no order of reading serves, for reads that overlap and for
/// filters on what the index does not project.
[[nodiscard]] Result<ReadRanges> plan_ranges(const Statement& statement,
                                             const std::optional<expr::Node>& where,
                                             const Place& place);

/// Names of attributes that entries of the place's index lack, each once.
[[nodiscard]] std::vector<std::string> unprojected(const Place& place,
                                                   std::vector<std::string> names);

}  // namespace stator::dynamodb::partiql
