#pragma once

#include <map>
#include <string_view>

#include "dynamodb/table.hpp"
#include "json/json.hpp"

namespace stator::dynamodb {

struct Statistics {
  std::uint64_t item_count = 0;
  std::uint64_t size_bytes = 0;
  /// Of the indexes, by their ids; indexes made later are absent and empty.
  std::map<TableId, Statistics> indexes = {};
};

/// AWS's TableDescription, as `table_status` it: "CREATING" and "DELETING" are the status of the
/// indexes too.
[[nodiscard]] json::Object describe(const Table& table, std::string_view table_status,
                                    const Statistics& statistics);

/// What DescribeTable says of a table that is there: CREATING while it is being restored, UPDATING
/// while an index goes away, ACTIVE otherwise, also while an index is being filled, as on AWS.
[[nodiscard]] std::string_view table_status(const Table& table);

}  // namespace stator::dynamodb
