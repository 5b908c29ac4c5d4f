#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Capacity units, counted as AWS bills them.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
namespace stator::dynamodb {

/// One unit for each KiB of the larger of the item before and after; at least one.
[[nodiscard]] double write_units(std::size_t size_bytes);
/// One unit for each 4 KiB, half of that unless the read is strongly consistent; at least one or
/// one half. A page of a Query or Scan is rounded up once, as a whole.
[[nodiscard]] double read_units(std::size_t size_bytes, bool is_consistent);

/// Appends `"ConsumedCapacity":{...}` when `requested` is TOTAL or INDEXES, and says whether it
/// did.
bool append_consumed_capacity(std::string& out, const std::optional<std::string>& requested,
                              std::string_view table_name, double units);

}  // namespace stator::dynamodb
