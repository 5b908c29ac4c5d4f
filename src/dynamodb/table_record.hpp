#pragma once

#include "base/result.hpp"
#include "dynamodb/table.hpp"
#include "json/json.hpp"

/// Tables as kept in the store, and back.
namespace stator::dynamodb {

[[nodiscard]] json::Object to_record(const Table& table);
/// kInternal for a record that no version of stator wrote. A member that older versions did not
/// write has its default.
[[nodiscard]] Result<Table> from_record(const json::Object& record);

}  // namespace stator::dynamodb
