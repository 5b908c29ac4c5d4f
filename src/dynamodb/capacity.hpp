#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dynamodb/commit.hpp"
#include "dynamodb/table.hpp"

/// Capacity units, counted as AWS bills them.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
namespace stator::dynamodb {

/// What a request consumed of one table: of the table itself and of each index that it touched.
struct ConsumedCapacity {
  double table = 0;
  std::map<std::string, double> local = {};   ///< by the index's name
  std::map<std::string, double> global = {};  ///< by the index's name

  [[nodiscard]] double total() const;
  void add_index(const Index& index, double units);
  void add(const ConsumedCapacity& other);
  /// Transactions cost twice what their actions cost by themselves.
  void multiply(double factor);
};

/// The 4-KiB blocks that one read of this size takes; at least one.
[[nodiscard]] std::size_t read_blocks(std::size_t size_bytes);
/// One unit for each KiB of the larger of the item before and after; at least one.
[[nodiscard]] double write_units(std::size_t size_bytes);
/// One unit for each 4 KiB, half of that unless the read is strongly consistent; at least one or
/// one half. A page of a Query or Scan is rounded up once, as a whole.
[[nodiscard]] double read_units(std::size_t size_bytes, bool is_consistent);

/// What a write consumes: of the table by the larger of the two items, of each index whose entry
/// changes by that entry, twice when the entry moves. Needs the item's old bytes.
[[nodiscard]] ConsumedCapacity write_capacity(const ItemChange& change);

/// Appends {"TableName":...,"CapacityUnits":...}, with the parts when `requested` is INDEXES.
/// Transactions say the units a second time, as `kind`: ReadCapacityUnits or WriteCapacityUnits.
void append_capacity(std::string& out, std::string_view requested, std::string_view table_name,
                     const ConsumedCapacity& consumed, std::string_view kind = {});

/// Appends `"ConsumedCapacity":{...}` when `requested` is TOTAL or INDEXES, and says whether it
/// did.
bool append_consumed_capacity(std::string& out, const std::optional<std::string>& requested,
                              std::string_view table_name, const ConsumedCapacity& consumed);
/// The same for a request that touched no index.
bool append_consumed_capacity(std::string& out, const std::optional<std::string>& requested,
                              std::string_view table_name, double units);

}  // namespace stator::dynamodb
